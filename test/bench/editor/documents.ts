/** Documents of one megabyte, a kind each, and the place in it where somebody types. */

const size = 1024 * 1024;
const header = 'From: Ann <ann@a.example>\nTo: jo@a.example\nSubject: Hello\n';

export interface LargeDocument {
  readonly text: string;
  readonly at: number;
}

/** `mark` is what the cursor stands behind. */
function filled(head: string, piece: (index: number) => string, tail: string, mark: string): () => LargeDocument {
  return () => {
    const pieces: string[] = [];
    let length = head.length + tail.length;
    for (let index = 0; length < size; index++) {
      pieces.push(piece(index));
      length += pieces[index]!.length;
    }
    const text = head + pieces.join('') + tail;
    return { text, at: text.indexOf(mark) + mark.length };
  };
}

const cell = (index: number, words: string): string =>
  `  <tr>\n    <td style="padding: 12px"><a href="https://shop.example/p/${index}"><img src="cid:p${index % 50}" alt="Product ${index}"></a></td>\n    <td>${words}</td>\n  </tr>\n`;
const pictures = Array.from({ length: 50 }, (_, index) => `<#inline ./p${index}.png id=p${index}>\n`).join('');

export const largeDocuments = {
  prose: filled(
    `${header}\n`,
    (index) => `Line ${index} of a long text, see https://a.example/${index}.\n> and a reply\n`,
    '',
    'Line 9000',
  ),
  HTML: filled(
    `${header}\nHi\n<#part type=text/html>\n<table>\n`,
    (index) => cell(index, 'a price and some words'),
    `</table>\n<#/part>\n${pictures}`,
    'cid:p40',
  ),
  'HTML template': filled(
    `@var: name=Jo\n${header}\nHi\n<#part type=text/html>\n<table>\n`,
    (index) => cell(index, '{{name}} and some words'),
    `</table>\n<#/part>\n${pictures}`,
    'cid:p40',
  ),
  'only attachments': filled(
    `${header}\n`,
    (index) => `<#attach ./files/report-${index}.pdf name="Report ${index}.pdf">\n`,
    '',
    'report-9000',
  ),
  'only parts': filled(
    `${header}\n`,
    (index) => `<#part type=text/html id=part-${index}>\n<p>Row ${index}</p>\n<#/part>\n`,
    '',
    'Row 9000',
  ),
  'parts of files': filled(
    `${header}\n`,
    (index) => `<#part src=./parts/part-${index}.html when=show${index}>\n`,
    '',
    'part-9000',
  ),
  'HTML of pictures': filled(
    `${header}\nHi\n<#part type=text/html>\n`,
    (index) => `<img src="./images/p-${index}.png" alt="">\n`,
    '<#/part>\n',
    'p-9000',
  ),
  recipients: filled(
    'From: a@b.example\nSubject: x\nTo: z@a.example',
    (index) => `,\n "Doe, Jo ${index}" <jo.${index}@a.example>`,
    '\n\nHi\n',
    'jo.9000',
  ),
  'finished, base64': filled(
    `MIME-Version: 1.0\n${header}Content-Type: image/png\nContent-Transfer-Encoding: base64\n\n`,
    () => `${'iVBORw0K'.repeat(9)}\n`,
    '',
    'iVBORw0K',
  ),
} as const satisfies Readonly<Record<string, () => LargeDocument>>;

/** What libraries make something else of, each in one piece. */
export const convertedDocuments = {
  Liquid: filled(
    `@template: liquid\n@var: name=Jo\n${header}\nHi\n<#part type=text/html>\n<table>\n`,
    (index) => cell(index, '{{name}} and some words'),
    `</table>\n<#/part>\n${pictures}`,
    'cid:p40',
  ),
  'in one block': filled(
    `@var: name=Jo\n${header}\nHi\n<#part type=text/html>\n{{#if name}}\n<table>\n`,
    (index) => cell(index, '{{name}} and some words'),
    `</table>\n{{/if}}\n<#/part>\n${pictures}`,
    'cid:p40',
  ),
  Markdown: filled(
    `${header}\n<#part type=text/markdown>\n`,
    (index) => `- **Product ${index}** with a [link](https://shop.example/p/${index}) and _some_ words\n`,
    '<#/part>\n',
    'Product 9000',
  ),
  MJML: filled(
    `${header}\n<#part type=text/mjml>\n<mjml><mj-body><mj-section><mj-column>\n`,
    (index) => `<mj-text>Product ${index}, a price and some words</mj-text>\n`,
    '</mj-column></mj-section></mj-body></mjml>\n<#/part>\n',
    'Product 9000',
  ),
  'inlined styles': filled(
    `@css: inline\n${header}\n<#part type=text/html>\n<style>td { color: #333 } .price { font-weight: bold }</style>\n<table>\n`,
    (index) => cell(index, '<b class="price">a price</b> and some words'),
    `</table>\n<#/part>\n${pictures}`,
    'cid:p40',
  ),
  'text of the HTML': filled(
    `@text: auto\n${header}\n<#part type=text/html>\n<table>\n`,
    (index) => cell(index, 'a price and some words'),
    `</table>\n<#/part>\n${pictures}`,
    'cid:p40',
  ),
  'iso-8859-1': filled(
    `${header}\n<#part type=text/html charset=iso-8859-1>\n<table>\n`,
    (index) => cell(index, 'ein Preis für Äpfel'),
    `</table>\n<#/part>\n${pictures}`,
    'cid:p40',
  ),
} as const satisfies Readonly<Record<string, () => LargeDocument>>;

export type DocumentKind = keyof typeof largeDocuments;
export const documentKinds = Object.keys(largeDocuments) as readonly DocumentKind[];

/** The document after one more keystroke: another text each time, in one piece, as the editor hands it over. */
export function typed({ text, at }: LargeDocument, times: number): LargeDocument {
  const flat = Buffer.from(`${text.slice(0, at)}${times % 10}${text.slice(at)}`).toString();
  return { text: flat, at: at + 1 };
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
