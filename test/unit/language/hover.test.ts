import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { hovered } from './cursor.ts';

const head = 'To: a@b\n\n';
const finished = (body: string): string =>
  `MIME-Version: 1.0\nContent-Type: image/png; name=x.png\nContent-Transfer-Encoding: base64\n\n${body}`;

/** A document, and what is told at its cursor. */
const cases: readonly (readonly [string, string | undefined])[] = [
  [
    'T|o: a@b',
    '«To» **To** / Who the message is for. / Addresses, separated by commas; groups are written as `Name: a@x.example, b@x.example;`. It may stand once. / [RFC 5322 section 3.6.3](https://www.rfc-editor.org/rfc/rfc5322.html#section-3.6.3)',
  ],
  ['X-M|ine: a', '«X-Mine» **X\\-Mine** / A field of your own: it is sent as text.'],
  [
    '@te|xt: auto',
    '«@text» **@text** / auto makes a text alternative from the HTML. / Values: `auto`, `off`. / A setting of Mailbench: it is not sent.',
  ],
  ['@non|sense: x', undefined],
  ['@data: ./|d.json', '«./d.json» [file ./d.json]'],
  ['Subject: a =?utf-8?B?w6Rw|ZmVs?= b', '«=?utf-8?B?w6RwZmVs?=» An encoded-word (RFC 2047). It stands for: / `äpfel`'],
  [
    'Subject: =?utf-8?Q?a?=\n =?utf-8?Q?=60b|?=',
    '«=?utf-8?Q?a?=\n =?utf-8?Q?=60b?=» An encoded-word (RFC 2047). It stands for: / `` a`b ``',
  ],
  [
    'To: "Doe, Jo" <jo@ex|ämple.com>',
    '«"Doe, Jo" <jo@exämple.com>» Name: `Doe, Jo` / Mailbox: `jo` / Domain: `exämple.com`, on the wire `xn--exmple-cua.com`',
  ],
  [
    'To: Team: x@a.example, jü@|b.example;',
    '«jü@b.example» Mailbox: `jü` / Domain: `b.example` / In the group `Team` / Only servers with SMTPUTF8 (RFC 6531) take it.',
  ],
  [
    'To: Te|am: x@a.example, y@b.example;',
    '«Team: x@a.example, y@b.example;» A group, `Team`, of 2 addresses. Each gets the message.',
  ],
  [
    'Date: Tue, 1 Jul 2025 |10:00:00 +0200',
    '«Tue, 1 Jul 2025 10:00:00 +0200» Tue, 01 Jul 2025 10:00:00, at UTC+02:00 / In UTC: `2025-07-01T08:00:00Z`',
  ],
  ['Date: tom|orrow', undefined],
  [
    'Content-Type: text/html; charset=cp9|36',
    '«cp936» **gbk** / A character that it lacks is an error at its place. / Also called `cp936`, `windows-936`, `ms936`, `x-gbk`.',
  ],
  [`${head}<#at|tach ./x>`, '«<#attach» **\\<#attach>** / Attaches a file.'],
  [`${head}<#attach "./a |b.pdf">`, '«"./a b.pdf"» [file ./a b.pdf]'],
  [`${head}<#attach ./x na|me=y>`, '«name» **name** / The file name that the reader sees.'],
  [
    `${head}<#attach ./x header.Impor|tance=low>`,
    '«header.Importance» **Importance** of this part / How important the sender finds it. / Values: `high`, `normal`, `low`. It may stand once. / [RFC 2156](https://www.rfc-editor.org/rfc/rfc2156.html)',
  ],
  [
    `${head}<#part type=text/html>\n<img src="cid:lo|go">\n<#/part>\n<#inline ./l.png id=logo>`,
    '«logo» The part with the id `logo`.[file ./l.png]',
  ],
  [
    'MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n<img src="cid:lo|go">\n--b\nContent-ID: <logo>\n\n--b--\n',
    '«logo» The part with the id `logo`.',
  ],
  [`${head}<#part type=text/html>\n<img src="cid:lo|go">`, '«logo» No part has the id `logo`.'],
  [`${head}<#part type=text/html>\n<img src="./a%20|b.png">`, '«./a%20b.png» [file ./a b.png]'],
  [`${head}Hi {{user.na|me}}`, '«name» `user.name` / ``` / Jo / ```'],
  [
    `${head}Hi {{us|er.name}}`,
    '«user» `user`: an object / ```json / { / "name": "Jo", / "email": "jo@a.example" / } / ```',
  ],
  [`${head}Hi {{nob|ody}}`, '«nobody» The data has no `nobody`.'],
  [`${head}Hi {{$gu|id}}`, '«$guid» **$guid** / A random UUID, another one at each place.'],
  [`${head}{{#ea|ch lines}}{{/each}}`, undefined],
  [`${head}{{#each lines}}{{ti|tle}}{{/each}}`, '«title» `title` / ``` / Pen / ```'],
  ['Subject: Hi {{user.na|me}}', '«name» `user.name` / ``` / Jo / ```'],
  [`${head}pla|in text`, undefined],
  [
    finished('iVBORw0KGgo|AAAA=\n'),
    '«iVBORw0KGgoAAAA=» Bytes 1 to 11 of 11 bytes: `image/png`, `x.png` / ![image/png](data:image/png;base64,iVBORw0KGgoAAAA=)',
  ],
  [finished('iVBORw0KGgo=\n|'), undefined],
  [
    'MIME-Version: 1.0\nContent-Transfer-Encoding: base64\n\nSGVsbG8s\nIHdvcm|xkCg==\n',
    '«IHdvcmxkCg==» Bytes 7 to 13 of 13 bytes: `text/plain` / ``` / world / ```',
  ],
  [
    'MIME-Version: 1.0\nContent-Transfer-Encoding: base64\n\nSGVsb\nG8sIHdvcm|xkCg==\n',
    '«G8sIHdvcmxkCg==» Bytes 7 to 13 of 13 bytes: `text/plain` / ``` / world / ```',
  ],
  [
    'MIME-Version: 1.0\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n\nJVBERi|0xLjQ=\n',
    '«JVBERi0xLjQ=» Bytes 1 to 8 of 8 bytes: `application/pdf` / ``` / 25 50 44 46 2d 31 2e 34                          %PDF-1.4 / ```',
  ],
];

describe('hover', () => {
  for (const [marked, expected] of cases) {
    it(`tells of ${JSON.stringify(marked)}`, () => assert.equal(hovered(marked), expected));
  }
});

describe('a list of many thousand addresses', () => {
  const many = Array.from({ length: 3000 }, (_, index) => `"Doe, Jo ${index}" <jo.${index}@a.example>`);

  it('is told of where the cursor stands, folded or not', () => {
    for (const joint of [',\n ', ', ']) {
      for (const index of [0, 1500, 2999]) {
        const text = `To: ${many.join(joint)}\n\nHi`.replace(`<jo.${index}@`, `<jo.${index}|@`);
        assert.equal(
          hovered(text),
          `«"Doe, Jo ${index}" <jo.${index}@a.example>» Name: \`Doe, Jo ${index}\` / Mailbox: \`jo.${index}\` / Domain: \`a.example\``,
        );
      }
    }
  });
});
