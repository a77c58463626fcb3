import { trimEndOf } from '../base/trim.ts';

/** RFC 3676 section 4.2: lines of at most 78 characters, 72 for choice, so that a few levels of quoting fit in. */
const preferred = 72;

/**
 * Text as format=flowed (RFC 3676, DelSp=no): each typed line is a paragraph; it is broken at spaces, the space left at the end of
 * the line, and a reader puts it together again. `>` at the start of a line is quoting, as typed. Lines come and go with LF.
 */
export function flow(text: string): string {
  const lines = text.split('\n');
  const out: string[] = [];
  for (const line of lines) out.push(...flowLine(line));
  return out.join('\n');
}

function flowLine(line: string): string[] {
  let depth = 0;
  while (line[depth] === '>') depth++;
  const quote = line.slice(0, depth);
  // Behind the marks of a quote one space is stuffing, typed or not.
  let content = line.slice(depth);
  if (depth > 0 && content.startsWith(' ')) content = content.slice(1);
  // A signature's separator keeps its space; any other trailing space would join the next line to this one.
  if (content !== '-- ') content = trimEndOf(content, ' ');
  const room = preferred - depth - 1;
  const chunks: string[] = [];
  let rest = content;
  while (rest.length > room) {
    // At the last space that fits, else at the first one.
    let at = rest.lastIndexOf(' ', room - 1);
    // Spaces that begin a line are the reader's own.
    if (at <= 0 || rest.slice(0, at).trim() === '') at = rest.indexOf(' ', room);
    if (at < 0) break;
    while (rest[at + 1] === ' ') at++;
    if (at + 1 >= rest.length) break;
    chunks.push(rest.slice(0, at + 1));
    rest = rest.slice(at + 1);
  }
  chunks.push(rest);
  return chunks.map((chunk) => {
    // Any line may be stuffed: a lone dot too is then safe from careless relays.
    const stuffed = depth > 0 ? chunk !== '' : /^(?: |>|From |\.$)/.test(chunk);
    return `${quote}${stuffed ? ' ' : ''}${chunk}`;
  });
}
