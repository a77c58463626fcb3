import type { Range } from '../base/problem.ts';
import type { WrittenText } from './written.ts';

/** Shorter words stand in a source by chance. Code units. */
const shortest = 3;
/** Longer stretches are not looked for. */
const longest = 2000;
/** Nor anything in longer texts: each finding would look through all of both. */
const most = 300_000;

/**
 * Finds in a source what another form was made of it by a program (MJML, Markdown): the words and addresses that went through
 * unchanged. One counts as found where it stands in both as often, so that it is known which is which; undefined otherwise.
 */
export function placeInSource(made: string, { start, end }: Range, source: WrittenText): Range | undefined {
  if (end - start > longest || made.length > most || source.text.length > most) return undefined;
  for (const stretch of candidates(made.slice(start, end))) {
    const words = made.slice(start + stretch.start, start + stretch.end);
    const before = occurrences(made, words).indexOf(start + stretch.start);
    for (const written of new Set([words, withoutEntities(words)])) {
      const found = occurrences(source.text, written);
      if (before < 0 || found.length !== occurrences(made, words).length) continue;
      const at = found[before]!;
      // The end belongs to the character before it: the next may stand on another line.
      return { start: source.toDocument(at), end: source.toDocument(at + written.length - 1) + 1 };
    }
  }
  return undefined;
}

/** All of it, else the value of the attribute that it is, else those of a tag that tell it from others. */
function candidates(text: string): readonly Range[] {
  const found: Range[] = [];
  const own = text.trim();
  if (own.length >= shortest) {
    const start = text.indexOf(own);
    found.push({ start, end: start + own.length });
  }
  const value = /^[\w:-]+\s*=\s*["']?([^"'<>]+)["']?$/d.exec(text)?.indices?.[1];
  if (value) found.push({ start: value[0], end: value[1] });
  if (/^<[a-z]/i.test(text)) {
    for (const match of text.matchAll(/\s(?:src|href|background|alt|title)\s*=\s*(?:"([^"]*)"|'([^']*)')/dgi)) {
      const range = match.indices?.[1] ?? match.indices?.[2];
      if (range) found.push({ start: range[0], end: range[1] });
    }
  }
  return found.filter((each) => each.end - each.start >= shortest);
}

function occurrences(text: string, words: string): readonly number[] {
  const found: number[] = [];
  for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + words.length)) found.push(at);
  return found;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

function withoutEntities(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => entities[name]!);
}
