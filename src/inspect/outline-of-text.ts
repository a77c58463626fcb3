import { type OutlinePart, outline } from './outline.ts';
import { headerFacts } from './outline-header.ts';

const beyondAscii = /[^\x00-\x7f]/;
const beyondLatin1 = /[^\x00-\xff]/;

/**
 * The parts of a message as an editor holds it: offsets are UTF-16 code units, sizes the octets of UTF-8, and header fields are read as
 * they are written there.
 */
export function outlineOfText(text: string): OutlinePart {
  // One octet for each code unit, so that both have the same offsets.
  const whole = outline(Buffer.from(text.replace(/[^\x00-\xff]/g, '?'), 'latin1'));
  return beyondAscii.test(text) ? asWritten(whole, text, undefined) : whole;
}

function asWritten(part: OutlinePart, text: string, parent: string | undefined): OutlinePart {
  const body = text.slice(part.bodyStart, part.bodyEnd);
  const more = Buffer.byteLength(body) - body.length;
  const written = {
    ...part,
    size: part.size + more,
    decodedSize: part.decodedSize + (part.encoding === 'base64' ? 0 : more),
    children: part.children.map((child) => asWritten(child, text, part.mediaType)),
  };
  if (!beyondLatin1.test(text.slice(part.headerStart, part.bodyStart))) return written;
  const fields = part.fields.map((field) => {
    const whole = text.slice(field.start, field.end);
    const value = whole.slice(whole.indexOf(':') + 1);
    return { ...field, raw: value.replace(/\r?\n(?=[ \t])/g, '').trim() };
  });
  return { ...written, ...headerFacts(fields, parent), fields };
}
