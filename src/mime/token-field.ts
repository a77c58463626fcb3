import { FieldLine } from './fold.ts';

/**
 * A field of ASCII tokens with its CRLF: identifiers, keywords, dates. Folded at white space, never inside angle brackets or
 * quotes (RFC 5322 section 3.6.4: a message identifier has no folding inside it).
 */
export function tokenField(name: string, value: string): string {
  if (name.length + 2 + value.length <= 78) return `${name}: ${value}\r\n`;
  const line = new FieldLine(name);
  for (const token of tokensOf(value)) line.token(token);
  return line.finish();
}

/** Runs of anything but white space, which may stand in angle brackets and in quotes. Linear in the value. */
function tokensOf(value: string): readonly string[] {
  const held = /<[^<>]*>|"(?:[^"\\]|\\.)*"/y;
  const tokens: string[] = [];
  let start = 0;
  // Behind a quote that is never closed there is none that is.
  let unclosed = false;
  for (let at = 0; at <= value.length; ) {
    const character = value[at] ?? ' ';
    if (/\s/.test(character)) {
      if (at > start) tokens.push(value.slice(start, at));
      start = ++at;
      continue;
    }
    held.lastIndex = at;
    const found: boolean = (character === '<' || (character === '"' && !unclosed)) && held.test(value);
    unclosed ||= character === '"' && !found;
    at = found ? held.lastIndex : at + 1;
  }
  return tokens;
}

/** `<url>, <url>` with its CRLF (RFC 2369), folded behind the commas that part URLs and nowhere else; comments stay with theirs. */
export function listField(name: string, value: string): string {
  if (name.length + 2 + value.length <= 78) return `${name}: ${value}\r\n`;
  const line = new FieldLine(name);
  const items: string[] = [];
  let inside = false;
  let start = 0;
  for (let i = 0; i < value.length; i++) {
    const character = value[i];
    if (character === '<') inside = true;
    else if (character === '>') inside = false;
    else if (character === ',' && !inside) {
      items.push(value.slice(start, i).trim());
      start = i + 1;
    }
  }
  items.push(value.slice(start).trim());
  for (let i = 0; i < items.length; i++) line.token(i < items.length - 1 ? `${items[i]},` : items[i]!);
  return line.finish();
}
