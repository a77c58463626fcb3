import { isUtf8 } from 'node:buffer';
import { decodeCharset } from './decode-charset.ts';

/**
 * Header text with its encoded-words decoded (RFC 2047), white space between neighbours left out (section 6.2). Total: what can't be
 * decoded stays as it is: that of charsets which `loadCharsets` would load, too. Raw octets come in as latin1; where they are UTF-8, as such.
 */
export function decodeWords(raw: string): string {
  const text = decodeRaw(raw);
  if (!text.includes('=?')) return text;
  let out = '';
  let from = 0;
  let afterWord = false;
  const word = /=\?([^?\s*]{1,60})(?:\*[^?\s]{0,40})?\?([BbQq])\?([^?\s]*)\?=/g;
  let charset = '';
  let pending: Buffer[] = [];
  const flush = (): void => {
    if (pending.length > 0) out += decodeCharset(Buffer.concat(pending), charset) ?? '';
    pending = [];
  };
  for (let match = word.exec(text); match; match = word.exec(text)) {
    const between = text.slice(from, match.index);
    const octets = match[2]!.toLowerCase() === 'b' ? Buffer.from(match[3]!, 'base64') : decodeQ(match[3]!);
    const known = decodeCharset(octets, match[1]!);
    if (known === undefined) continue;
    if (!(afterWord && /^[ \t]*$/.test(between))) {
      flush();
      out += between;
    }
    // Neighbours of one charset are decoded together: some writers split characters between them.
    if (match[1]!.toLowerCase() !== charset) flush();
    charset = match[1]!.toLowerCase();
    pending.push(octets);
    from = match.index + match[0].length;
    afterWord = true;
  }
  flush();
  return out + text.slice(from);
}

function decodeRaw(raw: string): string {
  if (!/[\x80-\xff]/.test(raw) || /[^\x00-\xff]/.test(raw)) return raw;
  const octets = Buffer.from(raw, 'latin1');
  return isUtf8(octets) ? octets.toString('utf8') : raw;
}

/** The octets of an encoded-word of kind Q (RFC 2047 section 4.2). */
export function decodeQ(text: string): Buffer {
  const out = Buffer.allocUnsafe(text.length);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    const code = unit === 0x3d ? Number.parseInt(text.slice(i + 1, i + 3), 16) : Number.NaN;
    if (unit === 0x5f) out[length++] = 0x20;
    else if (!Number.isNaN(code) && /^[0-9A-Fa-f]{2}$/.test(text.slice(i + 1, i + 3))) {
      out[length++] = code;
      i += 2;
    } else out[length++] = unit & 0xff;
  }
  return out.subarray(0, length);
}
