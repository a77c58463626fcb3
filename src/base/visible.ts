/**
 * Text from elsewhere as one line that reads as it stands: controls, and the marks that would turn round the direction
 * in which the rest is read, as escapes. What joins letters (U+200C, U+200D) stays: names and emoji need it.
 */
export function visible(text: string): string {
  return text.replace(/[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, escapeControl);
}

function escapeControl(char: string): string {
  const code = char.charCodeAt(0);
  return code > 0xff ? `\\u{${code.toString(16)}}` : `\\x${code.toString(16).padStart(2, '0').toUpperCase()}`;
}
