import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import type { FileAccess } from '../../../src/base/ports.ts';
import type { ByteSource } from '../../../src/base/source.ts';
import { type OutlinePart, outline } from '../../../src/inspect/outline.ts';
import { type ShownMessage, showMessage } from '../../../src/inspect/shown-message.ts';
import { composed, octetsOf } from '../../support/composed.ts';
import { memoryFiles } from '../../support/memory-files.ts';

/** A message that is read in chunks. */
function sourceOf(octets: Uint8Array, chunk = octets.length): ByteSource {
  return {
    size: octets.length,
    transparency: '8bit',
    utf8Header: false,
    async *read() {
      for (let at = 0; at < octets.length; at += chunk) yield octets.subarray(at, at + chunk);
    },
  };
}

const show = (octets: Uint8Array | string) => showMessage(sourceOf(Buffer.from(octets as string)));

async function shown(text: string, files: Parameters<typeof composed>[1] = {}) {
  const made = await composed(text, files);
  return { made, message: await showMessage(made.message!, made.built), octets: await octetsOf(made) };
}

const marker = /\[… (?:([\d,]+) more lines, )?([\d,]+) bytes …\](?:\r\n)?/g;

/** Puts back what was left out; what stands in brackets has to be it. */
function restored({ text, gaps, unitOf }: ShownMessage, octets: Buffer): string {
  let out = '';
  let from = 0;
  for (const { start, end, octets: left, lines } of gaps) {
    const [brackets, more, bytes] = [...text.slice(start, end).matchAll(marker)][0] ?? [];
    assert.equal(brackets, text.slice(start, end));
    assert.equal(Number(bytes!.replaceAll(',', '')), left);
    if (more) assert.equal(Number(more.replaceAll(',', '')), lines);
    out += text.slice(from, start);
    const at = Buffer.byteLength(out);
    assert.equal(unitOf(at - 1), start - 1);
    out += octets.subarray(at, at + left).toString();
    from = end;
  }
  return out + text.slice(from);
}

const head = 'From: a@example.com\nTo: b@example.org\n';
const lines = (count: number, width = 70) =>
  Array.from({ length: count }, (_, index) => `${index}`.padEnd(width, '.')).join('\r\n') + '\r\n';

function leaves(part: OutlinePart): readonly OutlinePart[] {
  return part.children.length === 0 ? [part] : part.children.flatMap(leaves);
}

describe('a message that is shown', () => {
  it('is its octets, whatever chunks they come in', async () => {
    const text = 'Subject: Zoë €\r\n\r\nHi 📈\r\n';
    const octets = Buffer.from(text);
    for (let chunk = 1; chunk <= octets.length; chunk++)
      assert.equal((await showMessage(sourceOf(octets, chunk))).text, text);
  });

  it('reads as Latin-1 the lines that are not UTF-8, and no other', async () => {
    const octets = Buffer.concat([Buffer.from('Subject: Zoë\r\n\r\n'), Buffer.from('Zo\xeb\r\n', 'latin1')]);
    const { text, unitOf } = await show(octets);
    assert.equal(text, 'Subject: Zoë\r\n\r\nZoë\r\n');
    assert.deepEqual([13, 14, 19, 21].map(unitOf), [12, 13, 18, 20]);
  });

  it('has the line ends that an editor gives it, and still knows every place', async () => {
    const { text, unitOf } = await show('A: b\n\nx\ry\r\n\n\r');
    assert.equal(text, 'A: b\r\n\r\nx\r\ny\r\n\r\n\r\n');
    assert.deepEqual([0, 5, 6, 8, 11, 12, 13].map(unitOf), [0, 6, 8, 11, 14, 16, 18]);
  });

  it('is the message, and tells where each octet is, whatever there is in it', async () => {
    const pieces = fc.oneof(fc.constantFrom('\r\n', '\n', '\r', 'a', 'ë', '📈', '\x00', '--b', ': '), fc.string());
    await fc.assert(
      fc.asyncProperty(fc.array(pieces), fc.array(fc.nat(255), { maxLength: 3 }), async (texts, extra) => {
        const octets = Buffer.concat([Buffer.from(texts.join('')), Buffer.from(extra)]);
        const { text, unitOf } = await show(octets);
        const expected = [...octets.toString('latin1').matchAll(/([^\r\n]*)(\r\n|\r|\n|$)/g)].map(([, line, end]) => {
          const written = Buffer.from(line!, 'latin1');
          const decoded = written.toString();
          const shownLine = Buffer.from(decoded).equals(written) ? decoded : line!;
          return shownLine.replaceAll('\0', '␀') + (end ? '\r\n' : '');
        });
        assert.equal(text, expected.join(''));
        let before = 0;
        for (let octet = 0; octet <= octets.length; octet++) {
          assert.ok(unitOf(octet) >= before);
          before = unitOf(octet);
          const [unit, byte] = [text[before], octets[octet]];
          if (byte !== undefined && byte > 0x1f && byte < 0x80) assert.equal(unit, String.fromCharCode(byte));
        }
        assert.equal(before, text.length);
      }),
    );
  });

  it('has short attachments and long texts in full', async () => {
    const html = `<p>${'Zoë '.repeat(40_000)}</p>`;
    const { message, octets } = await shown(
      `${head}\n四${'四'.repeat(50_000)}\n<#part type=text/html>\n${html}\n<#/part>\n<#attach ./a.bin>\n`,
      {
        'a.bin': Buffer.alloc(40_000),
      },
    );
    assert.equal(message.text, octets.toString());
    assert.deepEqual(message.gaps, []);
  });

  for (const [what, size] of [
    ['a message that is held', 200_000],
    ['a message that is not', 3_000_000],
  ] as const)
    it(`shows the first and last lines of a long attachment of ${what}`, async () => {
      const { message, octets } = await shown(`${head}\nHi\n<#attach ./a.bin>\n<#attach ./b.txt>\n`, {
        'a.bin': Buffer.from(Array.from({ length: size }, (_, index) => index % 251)),
        'b.txt': 'last\n',
      });
      assert.equal(message.size, octets.length);
      assert.equal(message.gaps.length, 1);
      assert.equal(restored(message, octets), octets.toString());
      const [, attached] = message.root.children;
      const body = message.text.slice(attached!.bodyStart, attached!.bodyEnd).split('\r\n');
      assert.equal(body.length, 33);
      assert.match(body[16]!, /^\[… .* …\]$/);
      assert.equal(attached!.decodedSize, size);
      assert.equal(attached!.size, outline(octets).children[1]!.size);
      // What comes behind it is where the octets say.
      const last = message.root.children[2]!;
      assert.equal(message.unitOf(outline(octets).children[2]!.bodyStart), last.bodyStart);
      assert.equal(message.text.slice(last.bodyStart, last.bodyEnd), 'bGFzdAo=');
    });

  it('shows them inside of multiparts and of attached messages', async () => {
    const base64 = Buffer.alloc(150_000, 'x').toString('base64').replace(/.{76}/g, '$&\n');
    const inner = `Subject: Inner\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=i\n\n--i\n\nHi\n--i\nContent-Type: image/png; name=x.png\nContent-Transfer-Encoding: base64\n\n${base64}\n--i--\n`;
    const { made, message, octets } = await shown(
      `${head}\nHi\n<#multipart type=multipart/mixed>\n<#attach ./a.bin>\n<#attach ./inner.eml>\n<#/multipart>\n<#attach ./large.bin>\n`,
      { 'a.bin': Buffer.alloc(100_000), 'inner.eml': inner, 'large.bin': Buffer.alloc(2_500_000) },
    );
    assert.equal(made.message!.whole, undefined);
    assert.equal(message.gaps.length, 3);
    assert.equal(restored(message, octets), octets.toString());
    const sizes = (part: OutlinePart) =>
      leaves(part).map(({ mediaType, name, decodedSize, size }) => [mediaType, name, decodedSize, size]);
    assert.deepEqual(sizes(message.root), sizes(outline(octets)));
    assert.deepEqual(
      sizes(message.root).map(([, , size]) => size),
      [4, 100_000, 2, 150_000, 2_500_000],
    );
  });

  it('shows long attachments of finished messages by their lines, in whatever encoding', async () => {
    const part = (type: string, encoding: string, body: string) =>
      `--b\r\nContent-Type: ${type}\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${body}\r\n`;
    const quoted = lines(2000).replaceAll('5', '=35');
    const message = `MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n${part('text/csv', 'quoted-printable', quoted)}${part('text/csv', '8bit', lines(3000).replaceAll('7', 'ë'))}${part('text/plain', '7bit', 'x'.repeat(100_000))}--b--\r\n`;
    const made = await composed(message.replaceAll('\r\n', '\n'));
    const shownMessage = await showMessage(made.message!);
    const octets = Buffer.from(message);
    assert.equal(restored(shownMessage, octets), message);
    const [first, second, third] = shownMessage.root.children.map(({ bodyStart, bodyEnd }) =>
      shownMessage.text.slice(bodyStart, bodyEnd),
    );
    assert.match(first!.split('\r\n')[16]!, /^\[… 1,968 more lines, /);
    assert.match(second!.split('\r\n')[16]!, /^\[… 2,968 more lines, /);
    assert.equal(third, `${'x'.repeat(4096)}[… 91,808 bytes …]${'x'.repeat(4096)}`);
    assert.equal(shownMessage.root.children[0]!.decodedSize, lines(2000).length);
  });

  it('reads of a gigabyte what it shows', async () => {
    const gigabyte = 1024 ** 3;
    let read = 0;
    const known = memoryFiles({ '/docs/mail.eml': '' });
    const isLarge = (path: string) => path.endsWith('.bin');
    const files: FileAccess = {
      ...known,
      realpath: async (path) => (isLarge(path) ? path : known.realpath(path)),
      stat: async (path) => (isLarge(path) ? { size: gigabyte, modified: 1, kind: 'file' } : known.stat(path)),
      async *stream(_path, _signal, range) {
        assert.ok(range);
        read += range.end - range.start;
        yield Buffer.alloc(range.end - range.start, 'abc');
      },
    };
    const made = await composed(`${head}\nHi\n<#attach ./a.bin>\n<#attach ./b.bin>\n`, files);
    const message = await showMessage(made.message!, made.built);
    assert.ok(read < 10_000, `${read} octets were read`);
    assert.equal(message.root.children[1]!.decodedSize, gigabyte);
    assert.equal(message.size, made.message!.size);
    assert.match(message.text, /--\r\n$/);
  });
});
