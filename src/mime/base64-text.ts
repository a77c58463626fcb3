import type { DecodedOctets } from './decoded-text.ts';

const values = new Int8Array(128).fill(-1);
for (const [value, character] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries())
  values[character.charCodeAt(0)] = value;

/**
 * Undoes base64 (RFC 2045 section 6.8) in text as an editor holds it. Total and linear: what is none of its characters is passed over,
 * and padding ends a group wherever it stands, since some writers pad every line. An octet stands in the two characters that hold its
 * bits, of the four of its group.
 */
export function decodeBase64(source: string): DecodedOctets {
  const most = Math.ceil(source.length / 4) * 3;
  const octets = Buffer.allocUnsafe(most);
  const starts = new Uint32Array(most);
  const ends = new Uint32Array(most);
  const places = [0, 0, 0];
  let count = 0;
  /** Characters of the open group, and the bits that they hold. */
  let held = 0;
  let bits = 0;
  for (let at = 0; at < source.length; at++) {
    const code = source.charCodeAt(at);
    if (code === 0x3d) {
      held = 0;
      bits = 0;
      continue;
    }
    const value = code < 128 ? values[code]! : -1;
    if (value < 0) continue;
    bits = ((bits << 6) | value) & 0xffffff;
    if (held > 0) {
      octets[count] = bits >> (6 - 2 * held);
      starts[count] = places[held - 1]!;
      ends[count] = at + 1;
      count++;
    }
    if (held === 3) {
      held = 0;
      continue;
    }
    places[held++] = at;
  }
  return {
    octets: octets.subarray(0, count),
    startOf: (octet) => (octet < count ? starts[octet]! : source.length),
    endOf: (octet) => (octet > 0 ? ends[octet - 1]! : 0),
  };
}
