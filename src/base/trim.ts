/**
 * `text` without those of the `characters` (UTF-16 code units) that stand at its end. A pattern such as `/x+$/` begins anew at each
 * of them wherever they stand: of a long run within a text it takes time that grows with the square of its length.
 */
export function trimEndOf(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text[end - 1]!)) end--;
  return text.slice(0, end);
}

/** The same at both ends. */
export function trimOf(text: string, characters: string): string {
  const rest = trimEndOf(text, characters);
  let start = 0;
  while (start < rest.length && characters.includes(rest[start]!)) start++;
  return rest.slice(start);
}
