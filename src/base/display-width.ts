/**
 * How many columns of a terminal a text takes: two for East Asian wide characters and emoji (Unicode Standard Annex 11),
 * none for what combines with the character before it. Control characters count as none: they are not to be written.
 */
export function displayWidth(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const char of text) width += widthOf(char);
  return width;
}

const ZERO = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]$/u;
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]$/u;

/** Of one character, given as one code point. */
function widthOf(char: string): 0 | 1 | 2 {
  return ZERO.test(char) ? 0 : WIDE.test(char) ? 2 : 1;
}

/** The text with spaces behind it, up to `width` columns. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}
