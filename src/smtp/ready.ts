import type { ByteSource } from '../base/source.ts';
import { isSmall } from './content.ts';
import { DotStuffer } from './stuffing.ts';

/**
 * A message as it goes out for DATA, its end included, and the commands that share its write. Made while the server is
 * still busy with the message before, so that nothing is left to do but to write once its 354 is there.
 */
export interface Ready {
  /** The message, stuffed and terminated, then `commands`. */
  readonly octets: Buffer;
  /** Where in `octets` the commands begin. */
  readonly end: number;
  readonly commands: string;
  /** Octets as the source has them; octets and lines as the receiver will have them. */
  readonly taken: number;
  readonly received: number;
  readonly lines: number;
}

/** `undefined` for a message that does not go out in one write, or is not what its source says. */
export function readied(source: ByteSource, commands: string): Ready | undefined {
  const { whole } = source;
  if (whole === undefined || !isSmall(source) || whole.length !== source.size) return undefined;
  const stuffer = new DotStuffer();
  const body = stuffer.push(whole);
  const rest = stuffer.end().toString('latin1') + commands;
  const end = body.length + rest.length - commands.length;
  const octets = Buffer.allocUnsafe(body.length + Buffer.byteLength(rest));
  octets.set(body);
  octets.write(rest, body.length);
  return { octets, end, commands, taken: stuffer.taken, received: stuffer.octets, lines: stuffer.lines };
}
