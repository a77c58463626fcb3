import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { charsetOf } from '../../src/mime/charset.ts';
import { charsetNames } from '../../src/mime/charset-names.ts';

/** Python's names where they are not ours with `_` for `-`. */
const codecs: Readonly<Record<string, string>> = {
  'windows-31j': 'cp932',
  'tis-620': 'tis_620',
  'big5-hkscs': 'big5hkscs',
};

/** Where Python and we differ on purpose: ranges of characters, and why. */
const known: Readonly<Record<string, readonly (readonly [first: number, last: number, why: string])[]>> = {
  gb2312: [
    [0x00b7, 0x00b7, 'the middle dot and the dash of GB 2312, as GBK and all readers of mail have them'],
    [0x2014, 0x2015, 'the same'],
    [0x30fb, 0x30fb, 'the same'],
  ],
  gb18030: [
    [0x1e3f, 0x1e3f, 'GB 18030-2005 swapped it with U+E7C7; Python has the edition of 2000'],
    [0xe5e5, 0xe5e5, 'has no code (WHATWG Encoding)'],
    [0xe7c7, 0xe7c7, 'see U+1E3F'],
  ],
  'big5-hkscs': [[0x80, 0xffff, 'another edition of HKSCS']],
  big5: [
    [0x0401, 0x0451, 'the ETEN additions, which no two tables put in one place'],
    [0x2460, 0x2473, 'the same'],
    [0x2474, 0x247d, 'the same'],
    [0x2550, 0x2593, 'the same'],
    [0x2170, 0x2179, 'the same'],
    [0x3005, 0x3005, 'the same'],
    [0x3041, 0x30fe, 'the same'],
    [0x4e00, 0x9fff, 'the same: duplicates and radicals'],
    [0x00af, 0x00af, 'twins of characters that Unicode has twice'],
    [0x2027, 0x2027, 'the same'],
    [0x2215, 0x2215, 'the same'],
    [0x2295, 0x2299, 'the same'],
    [0xfe51, 0xfe68, 'the same'],
    [0xff0f, 0xff0f, 'the same'],
    [0xff3c, 0xff5e, 'the same'],
    [0xffe0, 0xffe5, 'the same'],
  ],
  'euc-kr': [[0xac00, 0xd7a3, 'Hangul that Python spells in eight octets each, which no reader of mail knows']],
  'windows-31j': [
    [0x0080, 0x0080, 'a control'],
    [0x2014, 0x2014, 'the dash that Unix tables have for U+2015'],
    [0xe000, 0xf8ff, 'private use'],
  ],
  'tis-620': [[0x80, 0x9f, 'controls']],
  'windows-1255': [[0x05ba, 0x05ba, 'newer than the table of Python']],
};
/** Unix and Windows have six characters of JIS X 0208 on other code points: both are taken. Python takes the yen sign for a backslash. */
const japanese: readonly (readonly [number, number, string])[] = [
  [0x00a2, 0x00ac, 'twins of the full-width ones'],
  [0x203e, 0x203e, 'Python takes the overline for a tilde'],
  [0x2014, 0x2016, 'twins'],
  [0x2212, 0x2225, 'twins'],
  [0x301c, 0x301c, 'twins'],
  [0xff0d, 0xff5e, 'twins'],
  [0xffe0, 0xffe2, 'twins'],
];

/** Every charset held against Python's codec, character by character; a line for each difference that is not known. */
export async function compareCharsets(
  python: string,
): Promise<{ readonly compared: number; readonly differences: readonly string[] }> {
  const names = charsetNames.filter((name) => !['utf-8', 'us-ascii'].includes(name));
  const codecOf = (name: string): string =>
    codecs[name] ?? name.replace(/^(?:windows-|ibm)/, 'cp').replaceAll('-', '_');
  const script = fileURLToPath(new URL('./codecs.py', import.meta.url));
  const tables = JSON.parse(
    execFileSync(python, ['-I', script, ...names.map(codecOf)], { maxBuffer: 1 << 28 }).toString(),
  ) as Record<string, Record<string, string>>;
  const differences: string[] = [];
  let compared = 0;
  for (const name of names) {
    const charset = (await charsetOf(name))!;
    const table = tables[codecOf(name)]!;
    const exempt = [...(known[name] ?? []), ...(/^(?:shift_jis|euc-jp|iso-2022-jp)$/.test(name) ? japanese : [])];
    for (let code = 0x80; code < 0x10000; code++) {
      if (code >= 0xd800 && code < 0xe000) continue;
      const character = String.fromCharCode(code);
      const ours = charset.covers(character) ? charset.encode(character).toString('hex') : undefined;
      compared++;
      if (ours === table[code] || exempt.some(([first, last]) => code >= first && code <= last)) continue;
      differences.push(
        `${name} U+${code.toString(16).padStart(4, '0')}: Python ${table[code] ?? 'none'}, here ${ours ?? 'none'}`,
      );
    }
  }
  return { compared, differences };
}
