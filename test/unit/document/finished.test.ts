import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import { finishedMessage } from '../../../src/document/finished.ts';

const HEAD = 'From: a@b\r\nTo: c@d\r\nMIME-Version: 1.0\r\n';
const octets = (text: string): Buffer => Buffer.from(text, 'utf8');
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

function sent(bytes: Uint8Array): string {
  return Buffer.from(finishedMessage(bytes).source.whole).toString('latin1');
}

/** The changes, with what they stand for in the text. */
function changes(bytes: Uint8Array): readonly string[] {
  const text = new TextDecoder().decode(bytes);
  return finishedMessage(bytes).changes.map((change) => {
    if ('range' in change) return `${change.change} «${text.slice(change.range.start, change.range.end)}»`;
    return change.change === 'line-ends' ? `line-ends ${change.count}` : change.change;
  });
}

function refused(bytes: Uint8Array): readonly string[] {
  const text = new TextDecoder().decode(bytes);
  return finishedMessage(bytes).problems.map(
    ({ severity, code, range }) => `${severity} ${code} «${text.slice(range.start, range.end)}»`,
  );
}

describe('finishedMessage: what changes', () => {
  const table: readonly (readonly [string, string, string, ...string[]])[] = [
    ['nothing, where nothing has to', `${HEAD}\r\n.\r\nFrom x\r\n=20 \r\n`, `${HEAD}\r\n.\r\nFrom x\r\n=20 \r\n`],
    ['line ends', 'From: a@b\nTo: c@d\r\r\nx\ny\r', 'From: a@b\r\nTo: c@d\r\n\r\nx\r\ny\r\n', 'line-ends 4'],
    ['a missing last line end', `${HEAD}\r\nx`, `${HEAD}\r\nx\r\n`, 'last-line-end'],
    ['a missing last line end in the header', 'From: a@b', 'From: a@b\r\n', 'last-line-end'],
    [
      'a line of an mbox',
      `From x y 12:00\r\n${HEAD}\r\nFrom z\r\n`,
      `${HEAD}\r\nFrom z\r\n`,
      'mbox-line «From x y 12:00»',
    ],
    [
      'settings',
      `@server: x\r\n @y\r\n@raw: on\r\n${HEAD}\r\n`,
      `${HEAD}\r\n`,
      'settings «@server: x\r\n @y\r\n@raw: on»',
    ],
    [
      'Bcc',
      `${HEAD}Bcc: e@f,\r\n\tg@h,\r\n i@j\r\nSubject: x\r\n\r\n`,
      `${HEAD}Subject: x\r\n\r\n`,
      'bcc «Bcc: e@f,\r\n\tg@h,\r\n i@j»',
    ],
    [
      'Bcc in every spelling',
      `bCC : e@f\r\nRESENT-BCC:g@h\r\n${HEAD}Bcc:\r\n\r\n`,
      `${HEAD}\r\n`,
      'bcc «bCC : e@f»',
      'bcc «RESENT-BCC:g@h»',
      'bcc «Bcc:»',
    ],
    [
      'no Bcc but at the top',
      `${HEAD}X-Bcc: a\r\nSubject: x\r\n Bcc: y\r\n\r\nBcc: z\r\n\r\nBcc: q\r\n`,
      `${HEAD}X-Bcc: a\r\nSubject: x\r\n Bcc: y\r\n\r\nBcc: z\r\n\r\nBcc: q\r\n`,
    ],
    ['Bcc that is last and without a line end', `${HEAD}Bcc: x@y`, HEAD, 'bcc «Bcc: x@y»'],
    [
      'Bcc after a line that is no field',
      `${HEAD}garbage\r\nBcc: x@y\r\n\r\n`,
      `${HEAD}garbage\r\n\r\n`,
      'bcc «Bcc: x@y»',
    ],
    ['Bcc after a line of spaces', `${HEAD} \r\nBcc: x@y\r\n\r\n`, `${HEAD} \r\n\r\n`, 'bcc «Bcc: x@y»'],
    [
      'only the line ends that are kept',
      `From: a@b\nBcc: c@d\n\n`,
      'From: a@b\r\n\r\n',
      'bcc «Bcc: c@d»',
      'line-ends 2',
    ],
    ['nothing in nothing', '', ''],
  ];
  it('a Bcc that counts for recipients, and one that Resent-* fields outrank', () => {
    const message = `Resent-From: g@x\r\nResent-To: f@x\r\nResent-Bcc: e@x\r\nBcc: c@x\r\n${HEAD}\r\n`;
    const { changes, envelope } = finishedMessage(latin1(message));
    assert.deepEqual(
      changes.map((change) => change.change === 'bcc' && [change.name, change.counts]),
      [
        ['Resent-Bcc', true],
        ['Bcc', false],
      ],
    );
    assert.deepEqual(envelope().envelope, { sender: 'g@x', recipients: ['f@x', 'e@x'] });
  });

  for (const [name, before, after, ...expected] of table) {
    it(name, () => {
      assert.equal(sent(latin1(before)), after);
      assert.deepEqual(changes(latin1(before)), expected);
      assert.deepEqual(refused(latin1(before)), []);
    });
  }

  it('leaves a byte order mark out', () => {
    const bytes = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), octets(`Bcc: é@b\r\n${HEAD}\r\nx\r\n`)]);
    assert.equal(sent(bytes), `${HEAD}\r\nx\r\n`);
    assert.deepEqual(changes(bytes), ['bom', 'bcc «Bcc: é@b»']);
  });

  it('hands out the very octets where nothing changes', () => {
    const bytes = latin1(`${HEAD}\r\n\xff\x80\r\n`);
    assert.equal(finishedMessage(bytes).source.whole, bytes);
  });

  it('reads in chunks that make up the whole, and stops when it is told to', async () => {
    const { source } = finishedMessage(Buffer.concat([octets(`${HEAD}\r\n`), Buffer.alloc(200_000, 'x\r\n')]));
    const chunks: Uint8Array[] = [];
    for await (const chunk of source.read()) chunks.push(chunk);
    assert.ok(chunks.length > 1);
    assert.deepEqual(Buffer.concat(chunks), Buffer.from(source.whole));
    assert.equal(source.size, source.whole.length);
    await assert.rejects(async () => {
      for await (const _ of source.read(AbortSignal.abort())) assert.fail();
    });
  });
});

describe('finishedMessage: what is refused', () => {
  const long = 'x'.repeat(999);
  const table: readonly (readonly [string, Buffer, ...string[]])[] = [
    ['a line of 998 octets', latin1(`${HEAD}\r\n${long.slice(1)}\r\n`)],
    ['a line of 999 octets', latin1(`${HEAD}\r\n${long}\r\n`), 'error finished-line-too-long «x»'],
    ['a last line of 999 octets', latin1(`${HEAD}\r\n${long}`), 'error finished-line-too-long «x»'],
    [
      '998 characters that are more octets',
      octets(`${HEAD}\r\n${'é'.repeat(500)}\r\n`),
      'error finished-line-too-long «é»',
    ],
    ['a long line of the header', latin1(`X: ${long}\r\n${HEAD}\r\n`), 'error finished-line-too-long «X»'],
    ['NUL', latin1(`${HEAD}\r\na\0b\0`), 'error finished-nul «\0»'],
    [
      'a signed Bcc',
      latin1(`DKIM-Signature: v=1; h=from:to\r\n : bcc ; b=x\r\n${HEAD}Bcc: x@y\r\n\r\n`),
      'error finished-bcc-signed «DKIM-Signature: v=1; h=from:to»',
    ],
    ['a Bcc that nobody signed', latin1(`DKIM-Signature: v=1; bh=bcc; h=from:to; b=x\r\n${HEAD}Bcc: x@y\r\n\r\n`)],
    ['a signed Bcc that is not there', latin1(`DKIM-Signature: v=1; h=from:bcc; b=x\r\n${HEAD}\r\n`)],
    ['a header in no UTF-8', latin1(`${HEAD}Subject: caf\xe9\r\n\r\n`), 'warning finished-header-charset «\ufffd»'],
  ];
  for (const [name, bytes, ...expected] of table) it(name, () => assert.deepEqual(refused(bytes), expected));

  it('bytes that are not UTF-8, from a buffer with changes', () => {
    const bytes = latin1(`${HEAD}\r\ncaf\xe9\r\n`);
    assert.deepEqual(finishedMessage(bytes).problems, []);
    assert.deepEqual(
      finishedMessage(bytes, { edited: true }).problems.map((problem) => problem.code),
      ['not-utf8-edited'],
    );
    assert.deepEqual(finishedMessage(octets(`${HEAD}\r\ncafé\r\n`), { edited: true }).problems, []);
  });

  it('counts places in the text, whatever stands before', () => {
    const bytes = octets(`Subject: 😀é\r\n${HEAD}\r\n😀\0`);
    assert.deepEqual(refused(bytes), ['error finished-nul «\0»']);
  });
});

const MIXED = `${HEAD}Content-Type: multipart/mixed; boundary="b c"\r\n\r\n--b c\r\n`;

describe('finishedMessage: what the server has to offer', () => {
  const table: readonly (readonly [string, Buffer, string, boolean])[] = [
    ['plain', latin1(`${HEAD}\r\nx\r\n`), '7bit', false],
    ['an 8-bit body', latin1(`${HEAD}\r\n\xe9\r\n`), '8bit', false],
    ['a UTF-8 header', octets(`${HEAD}Subject: é\r\n\r\n`), '8bit', true],
    ['an 8-bit header', latin1(`${HEAD}Subject: \xe9\r\n\r\n`), '8bit', false],
    ['binary', latin1(`${HEAD}Content-Transfer-Encoding: binary\r\n\r\n\0\n\r`), 'binary', false],
    [
      'a binary part',
      latin1(`${MIXED}Content-Type: a/b\r\nX: y\r\n z\r\nContent-Transfer-Encoding: binary\r\n\r\n`),
      'binary',
      false,
    ],
    ['a text about a binary part', latin1(`${MIXED}\r\nContent-Transfer-Encoding: binary\r\n\r\n`), '7bit', false],
    ['a text about a binary message', latin1(`${HEAD}\r\nContent-Transfer-Encoding: binary\r\n`), '7bit', false],
  ];
  for (const [name, bytes, transparency, utf8Header] of table) {
    it(name, () => {
      const { source } = finishedMessage(bytes);
      assert.deepEqual([source.transparency, source.utf8Header], [transparency, utf8Header]);
    });
  }

  it('keeps a binary body as it is', () => {
    const bytes = latin1(`From: a@b\nContent-Transfer-Encoding: Binary\n\n\0\n\r${'x'.repeat(2000)}`);
    const { source, problems } = finishedMessage(bytes);
    const expected = `From: a@b\r\nContent-Transfer-Encoding: Binary\r\n\r\n\0\n\r${'x'.repeat(2000)}`;
    assert.equal(Buffer.from(source.whole).toString('latin1'), expected);
    assert.deepEqual(problems, []);
  });
});

describe('finishedMessage: the envelope', () => {
  it('comes from the header before anything is taken out', () => {
    const message = finishedMessage(latin1(`@envelope-from: <>\r\n${HEAD}Bcc: "Caf\xe9" <x@y>\r\n\r\n`));
    assert.deepEqual(message.envelope(), { envelope: { sender: '', recipients: ['c@d', 'x@y'] }, problems: [] });
  });

  it('takes UTF-8, and no address with anything else in it', () => {
    assert.deepEqual(finishedMessage(octets('From: é@b\nTo: c@d\n\n')).envelope().envelope?.sender, 'é@b');
    const { envelope } = finishedMessage(latin1('From: a@b\nTo: \xe9@d\xe9.example\n\n')).envelope();
    assert.equal(envelope, undefined);
  });
});

describe('finishedMessage: laws', () => {
  const piece = fc.constantFrom(
    'From: a@b',
    'Bcc: x',
    'X',
    ': ',
    '\r\n',
    '\n',
    '\r',
    ' ',
    '\t',
    '@raw: on',
    '.',
    '\xe9',
    '\0',
  );
  const message = fc.array(piece, { maxLength: 40 }).map((pieces) => latin1(pieces.join('')));

  it('ends every line by CRLF, and changes nothing the second time', () => {
    fc.assert(
      fc.property(message, (bytes) => {
        const { whole } = finishedMessage(bytes).source;
        const text = Buffer.from(whole).toString('latin1');
        assert.doesNotMatch(text, /\r(?!\n)|(?<!\r)\n/);
        if (text !== '') assert.ok(text.endsWith('\r\n'));
        // A setting or an mbox line below another stands first now: what is sent is not looked at again.
        if (/^(?:@|From |Bcc)/m.test(text.split('\r\n\r\n', 1)[0]!)) return;
        assert.equal(sent(whole), text);
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps every octet of the body but for its line ends', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (body) => {
        const after = sent(Buffer.concat([latin1(`${HEAD}\r\n`), body])).slice(HEAD.length + 2);
        const plain = (text: string): string => text.replace(/\r\n?|\n/g, '\n').replace(/\n$/, '');
        assert.equal(plain(after), plain(Buffer.from(body).toString('latin1')));
      }),
    );
  });

  const label = 'Content-Transfer-Encoding: binary\n';
  for (const line of [
    'a',
    'a\n',
    '\r',
    ' \n',
    'Bcc: a@b\n',
    'X: é\n',
    '\0',
    '@a: b\n',
    label,
    `--x\nboundary=x ${label}`,
  ]) {
    it(`takes 300 kB of ${JSON.stringify(line)}, in the header and in the body`, () => {
      const many = octets(line.repeat(300_000 / line.length));
      finishedMessage(Buffer.concat([octets(HEAD), many]));
      finishedMessage(Buffer.concat([octets(`${HEAD}\n`), many]));
    });
  }
});
