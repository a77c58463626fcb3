/**
 * The same text, which holds on to no other: V8 keeps the whole of a text for as long as anybody has a slice of it, so that what
 * is cut out of a document and kept keeps the document too.
 */
export function ownText(text: string): string {
  // Code units as they are: a lone surrogate stays one.
  const encoding = /[^\0-\xff]/.test(text) ? 'utf16le' : 'latin1';
  return Buffer.from(text, encoding).toString(encoding);
}
