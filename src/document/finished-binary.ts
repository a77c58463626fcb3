const LABEL = /^content-transfer-encoding:[ \t]*binary[ \t]*(?:\(|\r|\n|$)/im;
const BOUNDARY = /\bboundary[ \t]*=[ \t]*(?:"([^"\r\n]+)"|([^\s;"]+))/gi;
const DELIMITER = /^--([^\r\n]*)(?:\r\n|\r|\n)/gm;
const FIELD = /(?:[!-9;-~]+[ \t]*:|[ \t]+[^\s])[^\r\n]*(?:\r\n|\r|\n|$)/y;

/**
 * Whether a message says of itself, or of one of its parts, that it is binary (RFC 2045 section 6.2). `text`: its octets
 * as Latin-1; `bodyStart`: where its header ends. The same words in a text that tells of such things count for nothing.
 */
export function saysBinary(text: string, bodyStart: number): boolean {
  if (!LABEL.test(text)) return false;
  if (LABEL.test(text.slice(0, bodyStart))) return true;
  const boundaries = new Set(Array.from(text.matchAll(BOUNDARY), ([, quoted, bare]) => quoted ?? bare));
  if (boundaries.size === 0) return false;
  for (const delimiter of text.matchAll(DELIMITER)) {
    if (!boundaries.has(delimiter[1]!.trimEnd())) continue;
    const start = delimiter.index + delimiter[0].length;
    if (LABEL.test(text.slice(start, headerEnd(text, start)))) return true;
  }
  return false;
}

/** Where the fields end that begin at `start`. */
function headerEnd(text: string, start: number): number {
  FIELD.lastIndex = start;
  let end = start;
  while (end < text.length && FIELD.test(text)) end = FIELD.lastIndex;
  return end;
}
