import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { type OutlinePart, outline } from '../../../src/inspect/outline.ts';
import { compose } from '../../../src/send/compose.ts';
import { fixedClock } from '../../support/fixed-clock.ts';
import { CHINESE, exampleFiles, QUARTERLY, WELCOME } from '../../support/language-examples.ts';
import { memoryFiles } from '../../support/memory-files.ts';

/** A line a part, of what its header says, in the octets that are sent. */
function lines(part: OutlinePart, depth = 0): string[] {
  const said = [
    part.mediaType,
    part.charset,
    /method=\w+/.exec(part.fields.find(({ name }) => name === 'Content-Type')?.raw ?? '')?.[0],
    part.encoding,
    part.disposition,
    part.name && JSON.stringify(part.name),
    part.contentId && `<${part.contentId}>`,
    part.children.length === 0 && `${part.decodedSize} octets`,
  ].filter(Boolean);
  return [`${'  '.repeat(depth)}${said.join(' ')}`, ...part.children.flatMap((child) => lines(child, depth + 1))];
}

async function built(text: string): Promise<{ tree: string[]; problems: string[] }> {
  const files = memoryFiles(
    Object.fromEntries(Object.entries(exampleFiles).map(([name, content]) => [`/w/${name}`, content])),
  );
  const { message, problems } = await compose(
    { text, path: '/w/example.eml', workspaceRoot: '/w', seed: 'example' },
    { files, clock: fixedClock },
  );
  const chunks: Uint8Array[] = [];
  for await (const chunk of message!.read()) chunks.push(chunk);
  const tree = lines(outline(Buffer.concat(chunks)));
  return { tree, problems: problems.map(({ severity, code }) => `${severity} ${code}`) };
}

describe('the examples of the language, as octets', () => {
  const pictures = [
    '      image/png base64 inline "logo.png" <MhJKVPdgTMhOmHf9@mailbench> 6 octets',
    '      image/svg+xml base64 inline "chart.svg" <chart> 41 octets',
  ] as const;
  const invitation = '    text/calendar utf-8 method=REQUEST 7bit 74 octets';
  const invoice = '  application/pdf base64 attachment "7.pdf" 8 octets';
  const table: [string, string, string[], string[]?][] = [
    [
      'quarterly figures',
      QUARTERLY,
      [
        'multipart/mixed 7bit',
        '  text/plain utf-8 7bit 45 octets',
        '  text/csv iso-8859-1 base64 attachment "Übersicht Q3.csv" 13 octets',
        '  message/rfc822 7bit attachment "earlier.eml"',
        '    multipart/mixed 7bit',
        '      text/plain 7bit 2 octets',
      ],
    ],
    [
      'welcome',
      WELCOME,
      [
        'multipart/mixed 7bit',
        '  multipart/alternative 7bit',
        '    text/plain utf-8 quoted-printable 17 octets',
        '    multipart/related 7bit',
        '      text/html utf-8 7bit 86 octets',
        ...pictures,
        invitation,
        invoice,
      ],
    ],
    [
      'welcome, with nothing for when=',
      WELCOME.replace('welcome.json', 'without-invoice.json'),
      [
        'multipart/alternative 7bit',
        '  text/plain utf-8 quoted-printable 12 octets',
        '  multipart/related 7bit',
        '    text/html utf-8 7bit 86 octets',
        ...pictures.map((line) => line.slice(2)),
        invitation.slice(2),
      ],
    ],
    [
      'welcome, its pictures left where they are',
      `@inline-images: off\n${WELCOME}`,
      [
        'multipart/mixed 7bit',
        '  multipart/alternative 7bit',
        '    text/plain utf-8 quoted-printable 17 octets',
        '    multipart/related 7bit',
        '      text/html utf-8 7bit 66 octets',
        pictures[1],
        invitation,
        invoice,
      ],
    ],
    [
      'welcome, with cids that do not meet and a picture that is not there',
      WELCOME.replaceAll('.svg', '.gif').replace('id=chart', 'id=chat'),
      [
        'multipart/mixed 7bit',
        '  multipart/alternative 7bit',
        '    text/plain utf-8 quoted-printable 17 octets',
        '    multipart/related 7bit',
        '      text/html utf-8 7bit 86 octets',
        pictures[0],
        invitation,
        '  image/gif base64 inline "chart.gif" <chat> 0 octets',
        invoice,
      ],
      ['warning dangling-cid', 'error file-missing', 'warning unused-cid'],
    ],
    ['the Chinese one', CHINESE, ['text/html gb2312 base64 25 octets']],
  ];
  for (const [what, text, tree, problems = []] of table)
    it(what, async () => {
      const found = await built(text);
      assert.deepEqual(found, { tree, problems });
    });
});
