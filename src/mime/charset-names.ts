/**
 * The charsets that a document can be sent in. Two-byte sets are held to their standard: what vendors added under the
 * same label (NEC's and IBM's rows, HKSCS, GBK's characters under "gb2312") is refused, since a reader that takes the label
 * at its word can't read it. A label of the vendor's own (windows-31j, gbk) allows it.
 */
export interface CharsetRule {
  /** The preferred MIME name (IANA). */
  readonly name: string;
  readonly aliases: readonly string[];
  readonly form: 'utf-8' | 'us-ascii' | 'single' | 'double' | 'iso-2022-jp' | 'gb18030';
  /** What iconv-lite calls the table. */
  readonly table?: string;
  /** Which two-byte codes of that table the standard has; all of them by default. */
  readonly has?: (lead: number, trail: number, codeUnit: number) => boolean;
  /** Single octets above 0x7F that are characters, first and last. */
  readonly singles?: readonly [number, number];
  /** Sets 2 and 3 of EUC-JP: 0x8E and half-width kana, 0x8F and JIS X 0212. */
  readonly eucJp?: true;
  /** Pairs of code unit and code: the other Unicode character that a mapping in wide use gives a code. */
  readonly also?: readonly (readonly [number, number])[];
}

const privateUse = (unit: number): boolean => unit >= 0xe000 && unit <= 0xf8ff;

/** GB 2312-80: rows 1 to 9 without GBK's additions to them, rows 16 to 87. */
function inGb2312(lead: number, trail: number, unit: number): boolean {
  if (trail < 0xa1 || lead < 0xa1 || lead > 0xf7 || privateUse(unit)) return false;
  const code = (lead << 8) | trail;
  return !(
    code === 0xa2e3 ||
    (code >= 0xa2a1 && code <= 0xa2aa) ||
    (code >= 0xa6e0 && code <= 0xa6f5) ||
    (code >= 0xa8bb && code <= 0xa8c0)
  );
}

/** GBK 1.0, without the user-defined areas and what GB 18030 put there. */
function inGbk(lead: number, trail: number, unit: number): boolean {
  if (privateUse(unit) || lead < 0x81) return false;
  const code = (lead << 8) | trail;
  return !(
    code === 0xa2e3 ||
    code === 0xa8bc ||
    code === 0xa8bf ||
    (code >= 0xa989 && code <= 0xa995) ||
    (lead === 0xfe && trail >= 0x50 && trail <= 0xa0)
  );
}

/** The symbols and the two levels of hanzi of Big5 (1984); HKSCS and the ETEN additions are none of it. */
function inBig5(lead: number, trail: number): boolean {
  const code = (lead << 8) | trail;
  // Two hanzi stand twice, once among the numerals: the other place is theirs.
  if (code === 0xa2cc || code === 0xa2ce) return false;
  return (code >= 0xa140 && code <= 0xa3bf) || (code >= 0xa440 && code <= 0xc67e) || (code >= 0xc940 && code <= 0xf9d5);
}

/** JIS X 0208 in Shift_JIS: not NEC's row 13 (lead 87), nor NEC's and IBM's extensions (ED, EE, FA to FC), nor F0 to F9. */
const inShiftJis = (lead: number): boolean => lead !== 0x87 && !(lead >= 0xed);

/** JIS X 0208 in EUC: not row 13 (AD), nor rows 89 to 92 (F9 to FC). */
const inEucJp = (lead: number): boolean => lead !== 0xad && !(lead >= 0xf5);

/** KS X 1001, both octets in the right half; Microsoft's extension is what lies elsewhere. */
const inEucKr = (lead: number, trail: number): boolean => lead >= 0xa1 && trail >= 0xa1;

// The six characters that JIS tables of Unix and of Windows map to different Unicode ones (wave dash and full-width tilde …). One of
// each pair is in the table; the other one reads as the first on half of the world's machines, and as itself on the rest.
const eucJpTwins = [
  [0xa2, 0xa1f1],
  [0xa3, 0xa1f2],
  [0xac, 0xa2cc],
  [0x2014, 0xa1bd],
  [0x2016, 0xa1c2],
  [0x2212, 0xa1dd],
  [0x301c, 0xa1c1],
] as const;
const shiftJisTwins = [
  [0xa2, 0x8191],
  [0xa3, 0x8192],
  [0xac, 0x81ca],
  [0x2014, 0x815c],
  [0x2016, 0x8161],
  [0x2212, 0x817c],
  [0x301c, 0x8160],
] as const;

const single = (name: string, aliases: readonly string[] = [], table = name): CharsetRule => ({
  name,
  aliases,
  form: 'single',
  table,
});

const iso8859: readonly (readonly [number, readonly string[]])[] = [
  [1, ['latin1', 'l1', 'iso_8859-1', 'cp819']],
  [2, ['latin2', 'l2', 'iso_8859-2']],
  [3, ['latin3', 'l3', 'iso_8859-3']],
  [4, ['latin4', 'l4', 'iso_8859-4']],
  [5, ['cyrillic', 'iso_8859-5']],
  [6, ['arabic', 'iso_8859-6', 'asmo-708', 'ecma-114']],
  [7, ['greek', 'greek8', 'iso_8859-7', 'elot_928', 'ecma-118']],
  [8, ['hebrew', 'iso_8859-8', 'iso-8859-8-i', 'iso-8859-8-e']],
  [9, ['latin5', 'l5', 'iso_8859-9']],
  [10, ['latin6', 'l6', 'iso_8859-10']],
  [11, ['iso_8859-11']],
  [13, ['latin7', 'iso_8859-13']],
  [14, ['latin8', 'iso_8859-14']],
  [15, ['latin9', 'latin-9', 'iso_8859-15']],
  [16, ['latin10', 'iso_8859-16']],
];

const charsetRules: readonly CharsetRule[] = [
  { name: 'utf-8', aliases: ['utf8', 'unicode-1-1-utf-8'], form: 'utf-8' },
  { name: 'us-ascii', aliases: ['ascii', 'ansi_x3.4-1968', 'iso646-us'], form: 'us-ascii' },
  {
    name: 'gb2312',
    aliases: ['euc-cn', 'euccn', 'csgb2312', 'gb_2312-80', 'x-euc-cn'],
    form: 'double',
    table: 'gbk',
    has: inGb2312,
  },
  { name: 'gbk', aliases: ['cp936', 'windows-936', 'ms936', 'x-gbk'], form: 'double', table: 'gbk', has: inGbk },
  { name: 'gb18030', aliases: ['gb-18030', 'gb18030-2005'], form: 'gb18030', table: 'gb18030' },
  {
    name: 'big5',
    aliases: ['csbig5', 'big-5', 'x-x-big5', 'cn-big5'],
    form: 'double',
    table: 'big5',
    has: inBig5,
    also: [
      [0xa2, 0xa246],
      [0xa3, 0xa247],
      [0xa5, 0xa244],
      [0x2022, 0xa145],
      [0x203e, 0xa1c2],
      [0x223c, 0xa1e3],
      [0x2609, 0xa1f3],
      [0x2641, 0xa1f2],
      [0xff64, 0xa14e],
    ],
  },
  { name: 'big5-hkscs', aliases: ['big5hkscs', 'hkscs'], form: 'double', table: 'big5hkscs' },
  { name: 'iso-2022-jp', aliases: ['csiso2022jp', 'iso2022jp', 'jis'], form: 'iso-2022-jp' },
  {
    name: 'shift_jis',
    aliases: ['shift-jis', 'sjis', 'shiftjis', 'csshiftjis', 'x-sjis', 'ms_kanji'],
    form: 'double',
    table: 'shiftjis',
    has: inShiftJis,
    singles: [0xa1, 0xdf],
    also: shiftJisTwins,
  },
  {
    name: 'windows-31j',
    aliases: ['cp932', 'ms932', 'cswindows31j', 'windows-932'],
    form: 'double',
    table: 'shiftjis',
    singles: [0xa1, 0xdf],
    also: shiftJisTwins,
  },
  {
    name: 'euc-jp',
    aliases: ['eucjp', 'x-euc-jp', 'cseucpkdfmtjapanese', 'ujis'],
    form: 'double',
    table: 'eucjp',
    has: inEucJp,
    eucJp: true,
    also: eucJpTwins,
  },
  {
    name: 'euc-kr',
    aliases: ['euckr', 'ks_c_5601-1987', 'ks_c_5601-1989', 'ksc5601', 'korean', 'cseuckr'],
    form: 'double',
    table: 'cp949',
    has: inEucKr,
  },
  { name: 'cp949', aliases: ['uhc', 'windows-949', 'ms949'], form: 'double', table: 'cp949' },
  ...iso8859.map(([part, aliases]) => single(`iso-8859-${part}`, [...aliases, `iso8859-${part}`, `iso8859_${part}`])),
  ...[1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258].map((page) =>
    single(`windows-${page}`, [`cp${page}`, `cp-${page}`, `win${page}`]),
  ),
  single('windows-874', ['cp874', 'dos-874']),
  single('tis-620', ['tis620'], 'tis620'),
  single('koi8-r', ['koi8', 'koi8r', 'koi', 'cskoi8r']),
  single('koi8-u', ['koi8u', 'koi8-ru'], 'koi8-u'),
  single('ibm437', ['cp437'], 'cp437'),
  single('ibm850', ['cp850'], 'cp850'),
  single('ibm852', ['cp852'], 'cp852'),
  single('ibm866', ['cp866', '866'], 'cp866'),
];

const byName = new Map<string, CharsetRule>();
for (const rule of charsetRules) for (const name of [rule.name, ...rule.aliases]) byName.set(name, rule);

/** The rule of a charset by any of its names, in any case. */
export function charsetRule(name: string): CharsetRule | undefined {
  return byName.get(name) ?? byName.get(name.toLowerCase());
}

/** Preferred names, for completion and suggestions. */
export const charsetNames: readonly string[] = charsetRules.map((rule) => rule.name);
