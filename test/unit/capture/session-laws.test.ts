import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { ScriptedSession } from './scripted.ts';

/** Octets as a client, a broken client or an attacker might send them. */
const fragments = [
  'EHLO x\r\n',
  'HELO x\r\n',
  'LHLO x\r\n',
  'STARTTLS\r\n',
  'AUTH PLAIN AGpvAHNlY3JldA==\r\n',
  'AUTH LOGIN\r\n',
  'am8=\r\n',
  '*\r\n',
  'MAIL FROM:<a@a.example>\r\n',
  'MAIL FROM:<a@a.example> BODY=BINARYMIME\r\n',
  'RCPT TO:<b@b.example>\r\n',
  'RCPT TO:<fault-451@b.example>\r\n',
  'RCPT TO:<fault-body-delay-5@b.example>\r\n',
  'RCPT TO:<fault-message-drop@b.example>\r\n',
  'DATA\r\n',
  'BDAT 5\r\n',
  'BDAT 5 LAST\r\n',
  'BDAT 0 LAST\r\n',
  'RSET\r\n',
  'NOOP\r\n',
  'HELP\r\n',
  'QUIT\r\n',
  '\r\n.\r\n',
  '\n.\n',
  '\r.\r',
  '..x\r\n',
  '.',
  '\r',
  '\n',
  '\0',
  'x'.repeat(700),
];
const input = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...fragments).map((text) => Buffer.from(text, 'latin1')) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 12 }).map((octets) => Buffer.from(octets)) },
    ),
    { maxLength: 40 },
  )
  .map((parts) => Buffer.concat(parts));

function cut(octets: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  let at = 0;
  for (let turn = 0; at < octets.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    pieces.push(octets.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

const stuffed = (text: string) => text.replace(/^\./, '..').replaceAll('\r\n.', '\r\n..');

describe('the capture session, whatever comes', () => {
  it('never throws, and says the same however the octets are cut', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(input, sizes, fc.constantFrom('smtp' as const, 'lmtp' as const), (octets, cuts, protocol) => {
        // A handshake begun cuts the stream in two where it stands, and plain text after it ends the session.
        fc.pre(!octets.includes('STARTTLS'));
        const whole = new ScriptedSession({ protocol });
        whole.session.start();
        whole.send(octets);
        whole.session.ended();
        const parts = new ScriptedSession({ protocol });
        parts.session.start();
        for (const piece of cut(octets, cuts)) parts.send(piece);
        parts.session.ended();
        assert.equal(parts.log, whole.log);
        assert.deepEqual(parts.texts(), whole.texts());
      }),
      { numRuns: 400 },
    );
  });

  it('never throws with STARTTLS in it, and ends when the client does', () => {
    fc.assert(
      fc.property(fc.array(input, { maxLength: 4 }), (inputs) => {
        const scripted = new ScriptedSession();
        scripted.session.start();
        for (const octets of inputs) scripted.send(octets);
        scripted.session.ended();
        scripted.settle();
        assert.equal(scripted.session.closed, true);
        assert.match(scripted.log, /\((?:close|drop)\)\r\n$/);
        assert.match(scripted.log, /^(?:[2-5]\d\d[ -][\x20-\x7e]*\r\n|\((?:close|drop|tls|wait 5)\)\r\n)*$/);
      }),
      { numRuns: 200 },
    );
  });

  it('gives back every text that was stuffed as RFC 5321 section 4.5.2 says', () => {
    const text = fc
      .array(fc.constantFrom('.', '\r', '\n', '\r\n', 'x', '\0', '\xff', '.\r\n', 'y'.repeat(600)), { maxLength: 30 })
      .map((parts) => `${parts.join('')}\r\n`);
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(text, sizes, (plain, cuts) => {
        const scripted = new ScriptedSession({ maxSize: 100_000 });
        scripted.session.start();
        scripted.send(Buffer.from('EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<b>\r\nDATA\r\n'));
        for (const piece of cut(Buffer.from(`${stuffed(plain)}.\r\nQUIT\r\n`, 'latin1'), cuts)) scripted.send(piece);
        assert.deepEqual(scripted.texts(), [plain]);
        assert.equal(scripted.messages[0]?.size, plain.length);
        assert.match(scripted.log, /250 2\.0\.0 Kept as id1\r\n221 2\.0\.0 Bye\r\n\(close\)\r\n$/);
      }),
      { numRuns: 300 },
    );
  });

  it('lets no text begin a second transaction', () => {
    // The shapes of SMTP smuggling: everything that some server somewhere has taken for the end of a text.
    const ends = [
      '\n.\n',
      '\n.\r\n',
      '\r.\r\n',
      '\r\n.\n',
      '\r\n.\r',
      '\r.\r',
      '\r\n\0.\r\n',
      '\r\n.\0\r\n',
      '\n\n.\r\n',
      '\r\n.\r\r\n',
    ];
    for (const end of ends) {
      const scripted = new ScriptedSession();
      scripted.session.start();
      scripted.send(Buffer.from('EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<b>\r\nDATA\r\n'));
      const text = `a${end}MAIL FROM:<x@x.example>\r\nRCPT TO:<y>\r\nDATA\r\nb\r\n`;
      scripted.send(Buffer.from(`${text}.\r\n`, 'latin1'));
      const plain = text.replaceAll('\r\n.', '\r\n');
      assert.deepEqual(scripted.texts(), [plain], JSON.stringify(end));
    }
  });
});
