/**
 * Octets as one line of text that can be read, kept and compared: UTF-8 where it is, everything that can't be seen
 * or would change what is seen (controls, direction marks, zero-width characters) as `\xNN`, octet by octet.
 */
export function printable(octets: Uint8Array): string {
  const buffer = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
  const plain = buffer.toString('latin1');
  if (/^[\x20-\x5b\x5d-\x7e]*$/.test(plain)) return plain;
  let text: string;
  try {
    text = strictUtf8.decode(buffer);
  } catch {
    return literalEscapes(plain).replace(/[^\x20-\x7e]/g, (char) => hex(char.charCodeAt(0)));
  }
  return literalEscapes(text).replace(hidden, (char) => [...Buffer.from(char, 'utf8')].map(hex).join(''));
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** C0, DEL, C1; soft hyphen; zero-width and direction marks; line and paragraph separators; BOM; tags. */
const hidden =
  /[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** What reads like an escape but was typed or received as such gets its backslash escaped, so that no two lines look alike. */
function literalEscapes(text: string): string {
  return text.replace(/\\(?=x[0-9A-F]{2})/g, '\\x5C');
}

function hex(octet: number): string {
  return `\\x${octet.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** `4312` as `4,312`, whatever the locale. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
