import type { OutlinePart } from '../inspect/outline.ts';
import { type Analysis, isMarkup } from './analysis.ts';

export interface Fold {
  /** Lines, from 0; the first stays in sight. */
  readonly start: number;
  readonly end: number;
  readonly kind?: 'comment' | 'region';
}

/** What can be folded away: the header, long fields, comments, parts, notes, quoted replies, blocks of HTML, the parts of a finished message. */
export function folds(analysis: Analysis): readonly Fold[] {
  const found: Fold[] = [];
  const add = (start: number, end: number, kind?: Fold['kind']): void => {
    if (end > start) found.push(kind ? { start, end, kind } : { start, end });
  };
  header(analysis, add);
  if (analysis.outline) parts(analysis, analysis.outline, add);
  else body(analysis, add);
  return found;
}

type Add = (start: number, end: number, kind?: Fold['kind']) => void;

function header(analysis: Analysis, add: Add): void {
  const nodes = analysis.document.header;
  const first = nodes[0];
  const last = nodes[nodes.length - 1];
  if (!first || !last) return;
  let comments = -1;
  let before = -2;
  for (const node of nodes) {
    const line = analysis.lineOf(node.range.start);
    if (node.type !== 'comment') {
      add(line, analysis.lineOf(node.range.end));
      continue;
    }
    if (line !== before + 1) {
      if (comments >= 0) add(comments, before, 'comment');
      comments = line;
    }
    before = line;
  }
  if (comments >= 0) add(comments, before, 'comment');
  // The comments at the top fold by themselves: one line can begin one fold only.
  const start = nodes.find(({ type }) => type !== 'comment') ?? first;
  add(analysis.lineOf(start.range.start), analysis.lineOf(last.range.end), 'region');
}

function body(analysis: Analysis, add: Add): void {
  const lastLine = (end: number): number => analysis.lineOf(Math.max(0, end - 1));
  for (const node of analysis.directives) {
    if (node.type !== 'part' && node.type !== 'multipart') continue;
    const end = node.closeRange ? analysis.lineOf(node.closeRange.start) : lastLine(node.range.end);
    add(analysis.lineOf(node.range.start), end);
  }
  for (const { start, end } of analysis.notes) add(analysis.lineOf(start), lastLine(end), 'comment');
  for (const region of analysis.regions) {
    const first = analysis.lineOf(region.range.start);
    const last = lastLine(region.range.end);
    if (last <= first) continue;
    if (isMarkup(region)) indented(analysis, first, last, add);
    else quotes(analysis, first, last, add);
  }
}

function quotes(analysis: Analysis, first: number, last: number, add: Add): void {
  const starts = analysis.lineStarts;
  let begin = -1;
  for (let line = first; line <= last + 1; line++) {
    const quoted = line <= last && analysis.text.charCodeAt(starts[line]!) === 0x3e;
    if (quoted && begin < 0) begin = line;
    else if (!quoted && begin >= 0) {
      add(begin, line - 1);
      begin = -1;
    }
  }
}

/** Blocks by their indentation, as they are mostly written. */
function indented(analysis: Analysis, first: number, last: number, add: Add): void {
  const { text, lineStarts } = analysis;
  const open: { line: number; indent: number }[] = [];
  let filled = first;
  for (let line = first; line <= last; line++) {
    let at = lineStarts[line]!;
    let indent = 0;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === 0x20) indent++;
      else if (code === 0x09) indent += 4 - (indent % 4);
      else break;
    }
    const code = text.charCodeAt(at);
    if (at >= text.length || code === 0x0a || code === 0x0d) continue;
    for (let top = open[open.length - 1]; top && top.indent >= indent; top = open[open.length - 1]) {
      open.pop();
      if (filled > top.line) add(top.line, filled);
    }
    open.push({ line, indent });
    filled = line;
  }
  for (const { line } of open) add(line, filled);
}

function parts(analysis: Analysis, root: OutlinePart, add: Add): void {
  const visit = (part: OutlinePart, inMessage: boolean): void => {
    const first = analysis.lineOf(part.headerStart);
    const bodyLine = analysis.lineOf(part.bodyStart);
    const last = analysis.lineOf(Math.max(part.bodyStart, part.bodyEnd - 1));
    if (part !== root) {
      // From its boundary on, which names it better than its first field; a message in a part has none, and folds with that.
      if (!inMessage) add(Math.max(0, first - 1), last);
      add(first, bodyLine - 2, 'region');
    }
    if (part.children.length === 0 && part.encoding === 'base64') add(bodyLine, last);
    for (const child of part.children) visit(child, part.mediaType.startsWith('message/'));
  };
  visit(root, false);
}
