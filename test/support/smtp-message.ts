import type { Clock } from '../../src/base/ports.ts';
import type { ByteSource, Transparency } from '../../src/base/source.ts';

/** A message held in memory, handed out in pieces of `split` octets, or whole. */
export function messageOf(
  text: string | Uint8Array,
  options: { transparency?: Transparency; utf8Header?: boolean; split?: number; size?: number } = {},
): ByteSource {
  const octets = typeof text === 'string' ? Buffer.from(text, 'latin1') : text;
  const { split } = options;
  return {
    size: options.size ?? octets.length,
    transparency: options.transparency ?? '7bit',
    utf8Header: options.utf8Header ?? false,
    ...(split === undefined ? { whole: octets } : {}),
    async *read() {
      const step = split ?? octets.length;
      for (let at = 0; at < octets.length; at += step) yield octets.subarray(at, at + step);
    },
  };
}

export const envelope = { sender: 'ann@a.example', recipients: ['bob@b.example'] };

/** A clock that stands still but for its ticks, one millisecond each time they are read. */
export function testClock(): Clock {
  let ticks = 0;
  return { now: () => Date.UTC(2026, 0, 2, 14, 2, 11, 93), offsetMinutes: () => 0, ticks: () => ticks++ };
}
