import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { hovered } from './cursor.ts';

const head = 'To: a@b\n\n';
const finished = (body: string): string =>
  `MIME-Version: 1.0\nContent-Type: image/png; name=x.png\nContent-Transfer-Encoding: base64\n\n${body}`;

const quoted = (body: string, charset = 'utf-8'): string =>
  `MIME-Version: 1.0\nContent-Type: text/plain; charset=${charset}\nContent-Transfer-Encoding: quoted-printable\n\n${body}`;
const multipart = `MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b

Hi
--d
--b
X-Part: =?utf-8?Q?a?= a
 more
Content-Type: text/html
Content-Disposition: inline;
 filename="a b.html"

<p></p>
--b
Content-Type: multipart/alternative; boundary="c"

--c

one
--c--
--b--
`;

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
  // Lines that go on with a field
  ['X-Mine: a\n  b |c \n', '«b c» A folded line of: / **X\\-Mine** / A field of your own: it is sent as text.'],
  ['@data: ./d.json\n|\n', undefined],
  ['X-Mine: a\n | b c\n', undefined],
  [
    'Content-Type: text/html;\n charset=cp9|36',
    '«cp936» **gbk** / A character that it lacks is an error at its place. / Also called `cp936`, `windows-936`, `ms936`, `x-gbk`.',
  ],
  ['Subject: Hi\n {{user.na|me}}', '«name» `user.name` / ``` / Jo / ```'],
  // Fields of the parts of a finished message
  [
    multipart.replace('Content-Type: text/html', 'Content-T|ype: text/html'),
    '«Content-Type» **Content-Type** / The type of the message or the part that it stands in, with its charset or its boundary. / A value with parameters, separated by semicolons. It may stand once. / [RFC 2045 section 5](https://www.rfc-editor.org/rfc/rfc2045.html#section-5)',
  ],
  [multipart.replace('X-Part', 'X-P|art'), '«X-Part» **X\\-Part** / A field that Mailbench does not know.'],
  [
    multipart.replace(' more', ' mo|re'),
    '«more» A folded line of: / **X\\-Part** / A field that Mailbench does not know.',
  ],
  [
    multipart.replace('=?utf-8?Q?a?=', '=?utf-8?Q|?a?='),
    '«=?utf-8?Q?a?=» An encoded-word (RFC 2047). It stands for: / `a`',
  ],
  // Its boundaries
  [
    multipart.replace('--b\nX-', '-|-b\nX-'),
    '«--b» Begins part 2 of 3 of the `multipart/mixed`: / `text/html`, 7 bytes, inline, `a b.html`',
  ],
  [multipart.replace('--b--', '--b|--'), '«--b--» Ends the `multipart/mixed` from line 1 on, with 3 parts.'],
  [
    multipart.replace('--c\n', '-|-c\n'),
    '«--c» Begins part 1 of 1 of the `multipart/alternative`: / `text/plain`, 3 bytes',
  ],
  [multipart.replace('--c--', '-|-c--'), '«--c--» Ends the `multipart/alternative` from line 17 on, with 1 part.'],
  [multipart.replace('\n--d\n', '\n--|d\n'), undefined],
  [
    multipart.replaceAll('\n', '\r\n').replace('--b\r\nX-', '-|-b\r\nX-')!,
    '«--b» Begins part 2 of 3 of the `multipart/mixed`: / `text/html`, 7 bytes, inline, `a b.html`',
  ],
  // Quoted-printable
  [
    quoted('Gr=C3=B|C=C3=9Fe =3D x'),
    '«=C3=BC=C3=9F» Quoted-printable (RFC 2045), in `utf-8`. It stands for: / `üß` (U+00FC U+00DF) / The line reads: / ``` / Grüße = x / ```',
  ],
  [
    quoted('=E4=BD=A0=E5=A5=BD=EF|=BC=8C=E4=B8=96=E7=95=8C'),
    '«=E4=BD=A0=E5=A5=BD=EF=BC=8C=E4=B8=96=E7=95=8C» Quoted-printable (RFC 2045), in `utf-8`. It stands for: / `你好，世界`',
  ],
  [
    quoted('a=F0=9F=\r\n=98=8|0 b'),
    '«=F0=9F=\r\n=98=80» Quoted-printable (RFC 2045), in `utf-8`. It stands for: / `😀` (U+1F600) / The line reads: / ``` / 😀 b / ```',
  ],
  [
    quoted('a=|20\nb'),
    '«=20» Quoted-printable (RFC 2045), in `utf-8`. It stands for: / `   ` (U+0020) / The line reads: / ``` / a / ```',
  ],
  [
    quoted('a=E2=80=|AEb'),
    '«=E2=80=AE» Quoted-printable (RFC 2045), in `utf-8`. It stands for: / `\\u{202e}` (U+202E) / The line reads: / ``` / a\\u{202e}b / ```',
  ],
  [
    quoted('gr=|FC=DFe', 'iso-8859-1'),
    '«=FC=DF» Quoted-printable (RFC 2045), in `iso-8859-1`. It stands for: / `üß` (U+00FC U+00DF) / The line reads: / ``` / grüße / ```',
  ],
  [quoted('a |=\nb'), '«=» A soft line break (RFC 2045): the line goes on below.'],
  [quoted('gr=|FC', 'x-nobody'), undefined],
  [quoted('plain| =3D'), undefined],
  [quoted('=3|D').replace('quoted-printable', '7bit'), undefined],
  [`${head}=C3|=BC`, undefined],
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
