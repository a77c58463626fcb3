import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { type OutlinePart, outline } from '../../../src/inspect/outline.ts';

/** One line a part: type, name, and what its body is. */
function shown(text: string): string[] {
  const octets = Buffer.from(text, 'latin1');
  const lines: string[] = [];
  const visit = (part: OutlinePart, depth: number): void => {
    const body =
      part.children.length > 0 ? '' : ` ${JSON.stringify(octets.toString('latin1', part.bodyStart, part.bodyEnd))}`;
    lines.push(`${'  '.repeat(depth)}${part.mediaType}${part.name === undefined ? '' : ` ${part.name}`}${body}`);
    for (const child of part.children) visit(child, depth + 1);
  };
  visit(outline(octets), 0);
  return lines;
}

const mixed = (body: string, boundary = 'b'): string =>
  `Content-Type: multipart/mixed; boundary=${boundary}\r\n\r\n${body}`;

describe('outline', () => {
  const cases: readonly (readonly [what: string, message: string, ...lines: string[]])[] = [
    ['nothing', '', 'text/plain ""'],
    ['a header only', 'Subject: x', 'text/plain ""'],
    ['a simple message', 'Subject: x\r\n\r\nHi\r\n', 'text/plain "Hi\\r\\n"'],
    ['bare line feeds', 'Subject: x\nContent-Type: text/html\n\nHi\n', 'text/html "Hi\\n"'],
    ['no header', '\r\nHi', 'text/plain "Hi"'],
    [
      'parts',
      mixed('pre\r\n--b\r\n\r\none\r\n--b\r\nContent-Type: text/html\r\n\r\ntwo\r\n--b--\r\nepilogue'),
      'multipart/mixed',
      '  text/plain "one"',
      '  text/html "two"',
    ],
    [
      'white space behind a boundary',
      mixed('--b \t\r\n\r\none\r\n--b--  \r\n'),
      'multipart/mixed',
      '  text/plain "one"',
    ],
    ['an unclosed multipart', mixed('--b\r\n\r\none'), 'multipart/mixed', '  text/plain "one"'],
    ['an empty part', mixed('--b\r\n\r\n--b\r\n--b--'), 'multipart/mixed', '  text/plain ""', '  text/plain ""'],
    [
      'a boundary that is the beginning of a line only',
      mixed('--b\r\n\r\n--bc\r\n--b--'),
      'multipart/mixed',
      '  text/plain "--bc"',
    ],
    [
      'nesting',
      mixed(`--b\r\n${mixed('--c\r\n\r\none\r\n--c--\r\n', 'c')}\r\n--b\r\n\r\ntwo\r\n--b--`),
      'multipart/mixed',
      '  multipart/mixed',
      '    text/plain "one"',
      '  text/plain "two"',
    ],
    [
      'an inner multipart that is not closed',
      mixed(`--b\r\n${mixed('--c\r\n\r\none', 'c')}\r\n--b\r\n\r\ntwo\r\n--b--`),
      'multipart/mixed',
      '  multipart/mixed',
      '    text/plain "one"',
      '  text/plain "two"',
    ],
    ['a multipart without a boundary', 'Content-Type: multipart/mixed\r\n\r\n--b\r\n', 'multipart/mixed "--b\\r\\n"'],
    [
      'an attached message',
      mixed('--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: in\r\nContent-Type: text/html\r\n\r\nHi\r\n--b--'),
      'multipart/mixed',
      '  message/rfc822',
      '    text/html "Hi"',
    ],
    [
      'a message in a digest',
      'Content-Type: multipart/digest; boundary=b\r\n\r\n--b\r\n\r\nSubject: in\r\n\r\nHi\r\n--b--',
      'multipart/digest',
      '  message/rfc822',
      '    text/plain "Hi"',
    ],
    [
      'a message in base64 is content',
      'Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\nU3ViamVjdDogeA==',
      'message/rfc822 "U3ViamVjdDogeA=="',
    ],
    [
      'a name by RFC 2231',
      "Content-Disposition: attachment; filename*1*=%A9; filename*0*=utf-8''%C3\r\n\r\n",
      'text/plain é ""',
    ],
    [
      'a name in another charset',
      "Content-Disposition: attachment; filename*=gb2312''%C4%E3\r\n\r\n",
      'text/plain 你 ""',
    ],
    ['a name in encoded-words', 'Content-Type: a/b;\r\n name="=?utf-8?Q?=C3=A9?="\r\n\r\n', 'a/b é ""'],
    [
      'the name of the disposition counts',
      'Content-Type: a/b; name=x\r\nContent-Disposition: inline; filename=y\r\n\r\n',
      'a/b y ""',
    ],
    ['lines that are no fields', 'no field\r\n: x\r\nContent-Type : text/html\r\n\r\nx', 'text/html "x"'],
    [
      'a boundary inside of a header',
      mixed('--b\r\nSubject: x\r\n--b\r\n\r\ny\r\n--b--'),
      'multipart/mixed',
      '  text/plain ""',
      '  text/plain "y"',
    ],
  ];
  for (const [what, message, ...lines] of cases) it(what, () => assert.deepEqual(shown(message), lines));

  it('tells where fields stand, and what they are called', () => {
    const text = 'From: a\r\nSubject: =?utf-8?Q?=C3=A9?=\r\n x\r\nContent-ID: <i@d>\r\n\r\n';
    const { fields, subject, contentId } = outline(Buffer.from(text));
    assert.deepEqual(
      fields.map(({ name, raw, start, end }) => [name, raw, text.slice(start, end)]),
      [
        ['From', 'a', 'From: a'],
        ['Subject', '=?utf-8?Q?=C3=A9?= x', 'Subject: =?utf-8?Q?=C3=A9?=\r\n x'],
        ['Content-ID', '<i@d>', 'Content-ID: <i@d>'],
      ],
    );
    assert.equal(subject, 'é x');
    assert.equal(contentId, 'i@d');
  });

  it('tells the size of content once it is decoded', () => {
    const size = (encoding: string, body: string): number =>
      outline(Buffer.from(`Content-Transfer-Encoding: ${encoding}\r\n\r\n${body}`)).decodedSize;
    assert.equal(size('base64', 'AAEC\r\nAw==\r\n'), 4);
    assert.equal(size('BASE64', 'AAE='), 2);
    assert.equal(size('quoted-printable', 'a=C3=A9=\r\nb\r\n'), 6);
    assert.equal(size('7bit', 'abc\r\n'), 5);
  });

  const piece = fc.oneof(
    fc.constantFrom(
      '\r\n',
      '\n',
      '--a',
      '--b',
      '--',
      'Content-Type: multipart/mixed; boundary=a\r\n',
      'Content-Type: multipart/mixed; boundary="b"\r\n',
      'Content-Type: message/rfc822\r\n',
      'Subject: x\r\n',
      ' ',
      '\0',
      '\xff',
      "Content-Disposition: x; filename*0*=''%\r\n",
    ),
    fc.string({ maxLength: 6 }),
  );

  it('has an answer for anything, with parts in their parents', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const octets = Buffer.from(pieces.join(''), 'latin1');
        const check = (part: OutlinePart, from: number, to: number): void => {
          assert.ok(
            from <= part.headerStart &&
              part.headerStart <= part.bodyStart &&
              part.bodyStart <= part.bodyEnd &&
              part.bodyEnd <= to,
          );
          let last = part.bodyStart;
          for (const child of part.children) {
            check(child, last, part.bodyEnd);
            last = child.bodyEnd;
          }
        };
        check(outline(octets), 0, octets.length);
      }),
      { numRuns: 1500 },
    );
  });

  it('takes time that grows with the message', () => {
    const boundary = 'Content-Type: multipart/mixed; boundary=a\r\n\r\n';
    for (const text of [
      `${boundary}${'--a\r\n'.repeat(300_000)}`,
      `${boundary}--a\r\n`.repeat(40_000),
      'Content-Type: message/rfc822\r\n\r\n'.repeat(60_000),
      'x\r\n'.repeat(600_000),
      `Subject: ${'=?utf-8?Q?x?= '.repeat(100_000)}`,
      `${boundary}${'-'.repeat(2_000_000)}`,
      ' \r\n'.repeat(600_000),
    ])
      outline(Buffer.from(text));
  });
});
