import { attach, draft, inline, type MadeDraft, multipart, part } from '../unit/mime/drafts.ts';
import type { Random } from './random.ts';

/** What a message is to say. */
export interface Meant {
  /** Files of the document's folder, by name. */
  readonly files: Readonly<Record<string, Buffer>>;
  readonly subject: string;
  readonly extra: string;
  readonly from: readonly (readonly [string, string])[];
  readonly to: readonly (readonly [string, string])[];
  readonly cc: readonly (readonly [string, string])[];
  readonly references: readonly string[];
}

export interface Generated extends Meant {
  readonly draft: MadeDraft;
}

const words = [
  'the', 'quarterly', 'figures', 'a', 'I', 'of', 'résumé', 'naïve', 'Übersicht', 'Ωμέγα', 'Привет', '你好', '世界', '東京都', 'こんにちは', '안녕하세요',
  'עברית', 'العربية', '🎉', '👩‍👩‍👧', 'e\u0301te\u0301', '=?utf-8?Q?literal?=', '=?', '?=', 'a=b', '50%', '"quoted"', "it's", 'back\\slash', '(paren)',
  'semi;colon', 'comma,', '<angle>', '@at', 'under_score', 'x'.repeat(60), 'ü'.repeat(40), '漢'.repeat(30), 'y'.repeat(200), 'From', '.', '..', '--', '=20', 'tab\tinside',
]; // biome-ignore format: a list of words
const plainWords = words.filter((word) => !/[\t]/.test(word));

const charsets: readonly (readonly [string, readonly string[]])[] = [
  ['utf-8', words],
  ['gb2312', ['hello', '你好', '世界', '测试邮件', '中文', 'a=b', '。，！']],
  ['gbk', ['hello', '繁體', '測試', '你好', '鑫焱']],
  ['gb18030', ['hello', '你好', '🎉', 'é', '𠮷', '한글']],
  ['big5', ['hello', '你好', '測試', '繁體中文']],
  ['iso-2022-jp', ['hello', '東京都', 'こんにちは', 'カタカナ', '日本語', 'a=b']],
  ['shift_jis', ['hello', '東京都', 'こんにちは', 'ｶﾀｶﾅ', '表示']],
  ['euc-jp', ['hello', '東京都', 'こんにちは']],
  ['euc-kr', ['hello', '안녕하세요', '한글']],
  ['iso-8859-1', ['hello', 'résumé', 'Übung', 'ñ']],
  ['iso-8859-15', ['hello', '€', 'œuvre']],
  ['windows-1252', ['hello', '“quotes”', '€', '…']],
  ['windows-1251', ['hello', 'Привет', 'мир']],
  ['koi8-r', ['hello', 'Привет', 'мир']],
  ['iso-8859-7', ['hello', 'Ωμέγα']],
  ['windows-1255', ['hello', 'עברית']],
  ['us-ascii', ['hello', 'world', 'a=b']],
];

const fileNames = [
  'report.pdf', 'q3 v2.csv', 'Übersicht Q3.csv', '报告.docx', '🎉 party.png', 'it\'s "quoted".txt', ' leading.txt', 'trailing.txt ', 'semi;colon.txt',
  'per%cent.txt', 'a=b.txt', "utf-8''tricky.txt", `${'long-'.repeat(30)}name.pdf`, `${'длинное-'.repeat(20)}имя.pdf`, 'back\\slash.txt', 'a/b.txt',
  'two  spaces.txt', 'comma, name.txt', '(paren).txt', '東京.txt', 'noextension', 'e\u0301.txt', 'star*.txt', "o'clock.txt", '%41.txt', 'x.tar.gz',
]; // biome-ignore format: a list of names

const types = [
  'image/png',
  'application/pdf',
  'audio/mpeg',
  'application/octet-stream',
  'video/mp4',
  'font/woff2',
  'application/zip',
];

/** A document at random: header, texts in several charsets, alternatives, pictures, attachments, attached messages. */
export function generate(random: Random): Generated {
  const files: Record<string, Buffer> = {};
  const subject = phrase(random, words, 12);
  const extra = phrase(random, words, 20);
  const mailboxes = (most: number): [string, string][] =>
    random.times(most, (index) => [
      random.chance(0.3) ? '' : phrase(random, plainWords, 4),
      `user${index}${random.pick(['', '+tag', '.dot', "o'neil", '_x'])}@${random.pick(['a.example', 'sub.b.example', 'xn--exmple-cua.example'])}`,
    ]);
  const from = mailboxes(0).concat([[random.chance(0.5) ? phrase(random, plainWords, 3) : '', 'author@a.example']]);
  const to = mailboxes(4).concat([['', 'to@b.example']]);
  const cc = mailboxes(6);
  const references = random.times(8, (index) => `<${index}.${'r'.repeat(random.below(60))}@c.example>`);
  const header: [string, string][] = [
    ['From', addressText(from)],
    ['To', addressText(to)],
    ['Subject', subject],
    ['X-Extra', extra],
  ];
  if (cc.length > 0) header.push(['Cc', addressText(cc)]);
  if (references.length > 0) header.push(['References', references.join(' ')]);
  if (random.chance(0.1)) header.push(['@flowed', 'on']);

  const body: Parameters<typeof draft>[1][] = [];
  const [charset, vocabulary] = random.pick(charsets);
  const htmlOnly = random.chance(0.2);
  if (charset !== 'utf-8' || htmlOnly)
    header.push(['Content-Type', `text/${htmlOnly ? 'html' : 'plain'}; charset=${charset}`]);
  const picture = (): string => {
    const name = `picture${random.below(3)}.png`;
    files[name] ??= octets(random);
    return name;
  };
  if (htmlOnly) body.push(`<p>${typed(random, vocabulary)}</p>\n`);
  else if (random.chance(0.9)) body.push(typed(random, vocabulary) || '\n.\n');
  if (!htmlOnly && random.chance(0.5)) {
    const [partCharset, partWords] = random.pick(charsets);
    const pictures = random.times(3, () => `<img src="./${picture()}">`).join(random.chance(0.5) ? '\n' : ' ');
    const cid = random.chance(0.3);
    if (cid) files['chart.svg'] = Buffer.from('<svg/>');
    body.push(
      part(
        { type: 'text/html', charset: partCharset },
        `<div>${typed(random, partWords)}${pictures}${cid ? '<img src="cid:chart">' : ''}</div>\n`,
        ...(cid ? [inline('./chart.svg', { id: 'chart' })] : []),
      ),
    );
  }
  const attachments = random.times(4, (index) => attachment(random, files, index));
  if (random.chance(0.1) && attachments.length > 1)
    body.push(multipart({ type: 'multipart/mixed' }, 'inner text\n', ...attachments));
  else body.push(...attachments);
  return { draft: draft(header, ...body), files, subject, extra, from, to, cc, references };
}

function attachment(random: Random, files: Record<string, Buffer>, index: number) {
  if (random.chance(0.1)) {
    files[`mail${index}.eml`] = Buffer.from(
      `Subject: inner ${index}\r\nFrom: a@b.example\r\n\r\n--inner\r\nFrom here\r\n`,
    );
    return attach(`./mail${index}.eml`);
  }
  const stored = `file${index}.bin`;
  files[stored] = octets(random);
  const attributes: Record<string, string> = { name: random.pick(fileNames), type: random.pick(types) };
  if (random.chance(0.2)) attributes.description = phrase(random, words, 5);
  return attach(`./${stored}`, attributes);
}

function octets(random: Random): Buffer {
  return Buffer.from(Array.from({ length: random.below(400) }, () => random.below(256)));
}

/** Words with single spaces between them, now and then with two. */
function phrase(random: Random, from: readonly string[], most: number): string {
  let text = random.pick(from);
  for (let i = random.below(most); i > 0; i--) text += (random.chance(0.05) ? '  ' : ' ') + random.pick(from);
  return text;
}

function typed(random: Random, from: readonly string[]): string {
  let text = '';
  for (let i = 1 + random.below(8); i > 0; i--) {
    const line = random.chance(0.15) ? '' : phrase(random, from, 30);
    text += `${line}${random.chance(0.1) ? ' ' : ''}\n`;
  }
  return text;
}

function addressText(mailboxes: readonly (readonly [string, string])[]): string {
  return mailboxes
    .map(([name, address]) => (name === '' ? address : `"${name.replace(/["\\]/g, '\\$&')}" <${address}>`))
    .join(', ');
}
