import type { Range, TextEdit } from '../base/problem.ts';
import { type Analysis, attributeOf, isMarkup } from './analysis.ts';

/** Where a line stands, which says what a comment is there. */
type Ground = 'header' | 'body' | 'markup' | 'style' | 'none';

const signs: Readonly<Record<Exclude<Ground, 'none'>, readonly [open: string, close: string]>> = {
  header: ['#', ''],
  body: ['<#--', '-->'],
  markup: ['<!--', '-->'],
  style: ['/*', '*/'],
};

export type Toggled =
  | { readonly edits: readonly TextEdit[] }
  /** No comment is possible: a finished message has none, text of a verbatim part is text, and a line holds the end of one. */
  | { readonly refused: 'finished' | 'verbatim' | 'close' };

interface Line {
  readonly start: number;
  readonly end: number;
  readonly ground: Ground;
  /** What to take out where it is a comment; undefined where it is none. */
  readonly marks?: readonly Range[];
}

/**
 * Makes lines comments, or no comments where all of them are: `#` in the header, a whole field at a time, notes (`<#-- … -->`)
 * in the body, where a `#` would be text, and the language's own in HTML and its style sheets. Blank lines stay as they are.
 *
 * @param selections what is selected; every line that it touches counts
 */
export function toggleComments(analysis: Analysis, selections: readonly Range[]): Toggled {
  const { text } = analysis;
  const starts = new Set<number>();
  for (const { start, end } of selections) {
    // A selection that ends where a line begins does not mean that line.
    const last = end > start && analysis.lineStart(end) === end ? end - 1 : end;
    const from = analysis.lineOf(start);
    for (let line = from; line <= analysis.lineOf(last); line++) addLine(analysis, analysis.lineStarts[line]!, starts);
  }
  const lines = [...starts]
    .sort((a, b) => a - b)
    .map((start) => lineAt(analysis, start))
    .filter(({ start, end }) => text.slice(start, end).trim() !== '');
  if (analysis.finished) return { refused: 'finished' };
  if (lines.some(({ ground }) => ground === 'none')) return { refused: 'verbatim' };
  if (lines.every(({ marks }) => marks)) {
    const taken = new Map(lines.flatMap(({ marks = [] }) => marks.map((range) => [range.start, range])));
    return { edits: [...taken.values()].map((range) => ({ range, text: '' })) };
  }
  const edits: TextEdit[] = [];
  for (const { start, end, ground, marks } of lines) {
    if (marks || ground === 'none') continue;
    const [open, close] = signs[ground];
    const line = text.slice(start, end);
    if (close !== '' && line.includes(close)) return { refused: 'close' };
    // HTML keeps its indentation; a directive, and so a note, begins where its line does.
    const from = start + (ground === 'markup' || ground === 'style' ? line.search(/\S/) : 0);
    edits.push({ range: { start: from, end: from }, text: `${open} ` });
    if (close !== '') edits.push({ range: { start: end, end }, text: ` ${close}` });
  }
  return { edits };
}

/** A field's lines go together: what is left of one would be no field. */
function addLine(analysis: Analysis, start: number, starts: Set<number>): void {
  const node = analysis.document.header.find(
    ({ type, range }) => type !== 'comment' && range.start <= start && start <= range.end,
  );
  if (!node) starts.add(start);
  else for (let at = node.range.start; at < node.range.end; at = analysis.nextLine(at)) starts.add(at);
}

function lineAt(analysis: Analysis, start: number): Line {
  const { text } = analysis;
  const end = analysis.lineEnd(start);
  const line = { start, end };
  const mark = (from: number, written: string): Range => ({ start: from, end: from + written.length });
  if (start < analysis.document.bodyStart) {
    const comment = /^#[ ]?/.exec(text.slice(start, end));
    return { ...line, ground: 'header', ...(comment && { marks: [mark(start, comment[0])] }) };
  }
  if (analysis.finished) return { ...line, ground: 'none' };
  const note = analysis.notes.find((range) => range.start <= start && start < range.end);
  if (note) {
    const written = text.slice(note.start, note.end).trimEnd();
    const open = /^<#--[ ]?/.exec(written)![0];
    const close = /[ ]?-->$/.exec(written)?.[0] ?? '';
    return {
      ...line,
      ground: 'body',
      marks: [mark(note.start, open), mark(note.start + written.length - close.length, close)],
    };
  }
  const region = analysis.regionAt(start);
  const within = region && start >= region.range.start && start < region.range.end ? region : undefined;
  if (!within || analysis.directiveAt(start)) return { ...line, ground: 'body' };
  const verbatim = within.part && attributeOf(within.part, 'verbatim') !== undefined;
  if (!isMarkup(within)) return { ...line, ground: verbatim ? 'none' : 'body' };
  const before = text.slice(within.range.start, start).toLowerCase();
  const ground = before.lastIndexOf('<style') > before.lastIndexOf('</style') ? 'style' : 'markup';
  const comment = (ground === 'style' ? STYLE : MARKUP).exec(text.slice(start, end));
  if (!comment) return { ...line, ground };
  const [, indent, open, inner, close] = comment as unknown as readonly [string, string, string, string, string];
  const at = start + indent.length;
  return { ...line, ground, marks: [mark(at, open), mark(at + open.length + inner.length, close)] };
}

const MARKUP = /^(\s*)(<!--[ ]?)(.*?)([ ]?-->)\s*$/;
const STYLE = /^(\s*)(\/\*[ ]?)(.*?)([ ]?\*\/)\s*$/;
