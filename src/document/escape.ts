/** Lines that would be read as directives, notes or escapes. */
const MARKED_LINE = /(^|\n|\r(?!\n))<#/g;

/** Text as a body holds it: a `!` put into every line that begins with `<#`. What draft-of.ts takes out again. */
export function escapeText(text: string): string {
  return text.replace(MARKED_LINE, '$1<#!');
}

/** An attribute's or a file's value in quotes, as a directive holds it. It must not hold a line end. */
export function quoteValue(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** The same, without quotes where it needs none. */
export function formatValue(text: string): string {
  return /^[^\s"<>]+$/.test(text) ? text : quoteValue(text);
}
