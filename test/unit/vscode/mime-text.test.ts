import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { ByteSource } from '../../../src/base/source.ts';
import type { BuiltMessage, BuiltPart } from '../../../src/mime/built.ts';
import { mimeText } from '../../../src/vscode/mime-text.ts';

function sourceOf(octets: Uint8Array, chunk: number): ByteSource {
  return {
    size: octets.length,
    transparency: '8bit',
    utf8Header: false,
    async *read() {
      for (let at = 0; at < octets.length; at += chunk) yield octets.subarray(at, at + chunk);
    },
  };
}

/** A message of a header, and a body of `lines` lines in base64, with the part that says so. */
function attachment(lines: number) {
  const header = 'Content-Transfer-Encoding: base64\r\n\r\n';
  const numbered = Array.from({ length: lines }, (_, index) => String(index).padStart(76, 'A') + '\r\n');
  const octets = Buffer.from(header + numbered.join(''));
  const root = {
    headerStart: 0,
    bodyStart: header.length,
    bodyEnd: octets.length,
    encoding: 'base64',
    mediaType: 'application/octet-stream',
    children: [],
  } as unknown as BuiltPart;
  const built = { root } as unknown as BuiltMessage;
  const shown = (from: number, to: number) => numbered.slice(from, to).join('');
  return { octets, built, header, shown };
}

describe('mimeText', () => {
  it('is the message, whatever its pieces', async () => {
    const text = 'Subject: Zoë €\r\n\r\nHi 📈\r\n';
    const octets = Buffer.from(text);
    for (let chunk = 1; chunk <= octets.length; chunk++) assert.equal(await mimeText(sourceOf(octets, chunk)), text);
  });

  it('reads as Latin-1 what is not UTF-8', async () => {
    const octets = Buffer.from('Subject: Zo\xeb\r\n\r\n', 'latin1');
    assert.equal(await mimeText(sourceOf(octets, 5)), 'Subject: Zoë\r\n\r\n');
  });

  it('shows short attachments in full', async () => {
    const { octets, built } = attachment(800);
    assert.equal(await mimeText(sourceOf(octets, 1000), built), octets.toString());
  });

  for (const chunk of [78, 1000, 1001, 65_536, 10_000_000]) {
    it(`shows the beginning and the end of long ones, in chunks of ${chunk}`, async () => {
      const { octets, built, header, shown } = attachment(2000);
      const gap = '[… 1,968 more lines, 153,504 bytes …]\r\n';
      const expected = header + shown(0, 16) + gap + shown(1984, 2000);
      assert.equal(await mimeText(sourceOf(octets, chunk), built), expected);
    });
  }
});
