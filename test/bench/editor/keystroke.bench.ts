/**
 * How long a keystroke in a document of one megabyte takes to be answered: reading it anew, then each feature that the
 * editor may ask for. The reach is one frame, 16 ms, for the reading and the answer together: `npm run bench -- language`.
 */
import { advise, DEFAULT_ADVICE } from '../../src/language/advice.ts';
import { Analysis } from '../../src/language/analysis.ts';
import { cidAt } from '../../src/language/cids.ts';
import { complete } from '../../src/language/complete.ts';
import { folds } from '../../src/language/folding.ts';
import { formatHeader } from '../../src/language/format.ts';
import { hover } from '../../src/language/hover.ts';
import { links } from '../../src/language/links.ts';
import { selections } from '../../src/language/selection.ts';
import { shownProblems } from '../../src/language/silence.ts';
import { symbols } from '../../src/language/symbols.ts';

const size = 1024 * 1024;
const header = 'From: Ann <ann@a.example>\nTo: jo@a.example\nSubject: Hello\n';

function filled(head: string, piece: (index: number) => string, tail = ''): string {
  let body = '';
  for (let index = 0; head.length + body.length + tail.length < size; index++) body += piece(index);
  return head + body + tail;
}

const row = (index: number): string =>
  `  <tr>\n    <td style="padding: 12px"><a href="https://shop.example/p/${index}"><img src="cid:p${index % 50}" alt="Product ${index}"></a></td>\n    <td>{{name}} and some words</td>\n  </tr>\n`;
const pictures = Array.from({ length: 50 }, (_, index) => `<#inline ./p${index}.png id=p${index}>\n`).join('');

/** A document, and the place where somebody types: behind the mark, which is no part of it. */
const documents: Readonly<Record<string, readonly [text: string, at: number]>> = {
  'plain text': at(
    filled(`${header}\n`, (index) => `Line ${index} of a long text, see https://a.example/${index}.\n> and a reply\n`),
    'Line 9000',
  ),
  'HTML in a part': at(
    filled(`@var: name=Jo\n${header}\nHi\n<#part type=text/html>\n`, row, `<#/part>\n${pictures}`),
    'cid:p40',
  ),
  'many attachments': at(
    filled(`${header}\n`, (index) => `<#attach ./files/report-${index}.pdf name="Report ${index}.pdf">\n`),
    'report-9000',
  ),
  'many recipients': at(
    filled(
      'From: a@b.example\nSubject: x\nTo: z@a.example',
      (index) => `,\n "Doe, Jo ${index}" <jo.${index}@a.example>`,
      '\n\nHi\n',
    ),
    'jo.9000',
  ),
  'a finished message': at(
    filled(
      `MIME-Version: 1.0\n${header}Content-Type: image/png\nContent-Transfer-Encoding: base64\n\n`,
      () => `${'iVBORw0K'.repeat(9)}\n`,
    ),
    'iVBORw0K',
  ),
};

function at(text: string, mark: string): readonly [string, number] {
  return [text, text.indexOf(mark) + mark.length];
}

const features: Readonly<Record<string, (analysis: Analysis, offset: number) => unknown>> = {
  'reading it anew': () => undefined,
  completion: (analysis, offset) => complete(analysis, offset),
  hover: (analysis, offset) => hover(analysis, offset),
  outline: symbols,
  folding: folds,
  links,
  selection: selections,
  'cid under the cursor': cidAt,
  'format header': (analysis) => formatHeader(analysis),
  'advice (behind a pause)': (analysis) => shownProblems(analysis, advise(analysis, DEFAULT_ADVICE)),
};

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

console.log(`node ${process.version}; milliseconds, median of 15, reading included; reach: 16\n`);
const names = Object.keys(documents);
console.log(`${''.padEnd(26)}${names.map((name) => name.padStart(20)).join('')}`);
for (const [feature, run] of Object.entries(features)) {
  const cells = names.map((name) => {
    const [text, offset] = documents[name]!;
    const taken: number[] = [];
    for (let i = 0; i < 18; i++) {
      // As after a keystroke: another text each time.
      const typed = `${text.slice(0, offset)}${i % 10}${text.slice(offset)}`;
      typed.charCodeAt(offset);
      const flat = Buffer.from(typed).toString();
      const began = performance.now();
      run(new Analysis(flat), offset + 1);
      if (i >= 3) taken.push(performance.now() - began);
    }
    return median(taken).toFixed(2).padStart(20);
  });
  console.log(`${feature.padEnd(26)}${cells.join('')}`);
}
