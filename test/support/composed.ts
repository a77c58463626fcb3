import type { FileAccess } from '../../src/base/ports.ts';
import { compose } from '../../src/send/compose.ts';
import type { Composed } from '../../src/send/composed.ts';
import { fixedClock } from './fixed-clock.ts';
import { memoryFiles } from './memory-files.ts';

/** A document in `/docs` beside files of memory, as what would be sent. */
export function composed(
  text: string,
  content: Readonly<Record<string, string | Uint8Array>> | FileAccess = {},
): Promise<Composed> {
  const files =
    typeof content.stat === 'function' ? (content as FileAccess) : filesOf(content as Record<string, string>);
  return compose({ text, path: '/docs/mail.eml', workspaceRoot: '/docs', seed: 'seed' }, { files, clock: fixedClock });
}

function filesOf(content: Readonly<Record<string, string | Uint8Array>>): FileAccess {
  const placed = Object.entries(content).map(([name, octets]) => [`/docs/${name}`, octets]);
  return memoryFiles({ '/docs/mail.eml': '', ...Object.fromEntries(placed) });
}

/** Every octet of a message. */
export async function octetsOf({ message }: Composed): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of message?.read() ?? []) chunks.push(chunk);
  return Buffer.concat(chunks);
}
