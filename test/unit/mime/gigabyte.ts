// Reads a message with an attachment of a gigabyte in a process of its own, where nothing else grows the heap; prints what it came to.
import type { FileAccess } from '../../../src/base/ports.ts';
import { buildMessage } from '../../../src/mime/build.ts';
import { fixedClock } from '../../support/fixed-clock.ts';
import { attach, draft } from './drafts.ts';

const chunk = Buffer.alloc(256 * 1024, 7);
const count = 4096;
const files: FileAccess = {
  stat: async (path) =>
    path.endsWith('.bin')
      ? { size: chunk.length * count, modified: 0, kind: 'file' }
      : { size: 0, modified: 0, kind: 'directory' },
  realpath: async (path) => path,
  read: async () => {
    throw new Error('a large file is never read whole');
  },
  async *stream() {
    for (let i = 0; i < count; i++) yield chunk;
  },
};
const made = draft([['From', 'a@b.example']], 'Hi\n', attach('./big.bin', { type: 'a/b' }));
const { message } = await buildMessage(made, { seed: 's', clock: fixedClock, files, documentPath: '/docs/m.eml' });
const before = process.memoryUsage();
let heap = 0;
let external = 0;
let size = 0;
for await (const octets of message!.read()) {
  size += octets.length;
  const now = process.memoryUsage();
  heap = Math.max(heap, now.heapUsed - before.heapUsed);
  external = Math.max(external, now.external - before.external);
}
console.log(JSON.stringify({ size, expected: message!.size, heap, external }));
