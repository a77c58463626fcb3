import type { Fix, Range, TextEdit } from '../base/problem.ts';
import { isBlank } from '../document/lines.ts';
import type { BodyNode, Document } from '../document/nodes.ts';
import type { BlockTag } from './engine.ts';

/**
 * The fix for `{{#if x}}` around parts or files: `when=x` on each of them, the block's tags out. There is one where the
 * block asks for one path, and holds nothing but directives that have no `when` yet. Offsets are the document's.
 */
export function whenFix(document: Document, open: BlockTag, close: BlockTag): Fix | undefined {
  if (open.name !== 'if' && open.name !== 'unless') return undefined;
  if (!/^[^\s!.{}()|=<>"'][^\s{}()|=<>"']*$/.test(open.argument)) return undefined;
  const between = directivesBetween(document.body, open.range.end, close.range.start);
  if (!between || between.length === 0) return undefined;
  const { text } = document;
  let from = open.range.end;
  for (const node of between) {
    if (!blankLines(text, from, node.range.start)) return undefined;
    from = Math.min(node.range.end, close.range.start);
  }
  if (!blankLines(text, from, close.range.start)) return undefined;
  const when = `${open.name === 'unless' ? '!' : ''}${open.argument}`;
  const edits: TextEdit[] = [{ range: wholeLine(text, open.range), text: '' }];
  for (const node of between) {
    const end = node.headRange.end;
    const at = text.charCodeAt(end - 1) === 0x3e ? end - 1 : end;
    edits.push({ range: { start: at, end: at }, text: ` when=${when}` });
  }
  edits.push({ range: wholeLine(text, close.range), text: '' });
  return { title: `Use when=${when}`, edits, preferred: true };
}

type Directive = Extract<BodyNode, { headRange: Range }>;

/** The directives, at one level, that begin between the two places; undefined where one of them can't have `when`. */
function directivesBetween(nodes: readonly BodyNode[], start: number, end: number): readonly Directive[] | undefined {
  const found: Directive[] = [];
  for (const node of nodes) {
    if (!('headRange' in node)) {
      if (node.type === 'unknown' && node.range.start >= start && node.range.start < end) return undefined;
      continue;
    }
    if (node.range.start >= start && node.range.start < end) {
      if (node.attributes.some((attribute) => attribute.name.toLowerCase() === 'when')) return undefined;
      found.push(node);
    } else if (node.type === 'multipart' && node.range.start < start && node.range.end > start) {
      return directivesBetween(node.children, start, end);
    }
  }
  return found;
}

function blankLines(text: string, start: number, end: number): boolean {
  return start >= end || /^[\s]*$/.test(text.slice(start, end));
}

/** The line of the tag with its line end, where the tag has it for itself. */
function wholeLine(text: string, range: Range): Range {
  let { start, end } = range;
  while (start > 0 && isBlank(text, start - 1, start)) start--;
  while (end < text.length && isBlank(text, end, end + 1)) end++;
  const alone = (start === 0 || /[\r\n]/.test(text[start - 1]!)) && (end === text.length || /[\r\n]/.test(text[end]!));
  if (!alone) return range;
  if (text.startsWith('\r\n', end)) end += 2;
  else if (end < text.length) end += 1;
  return { start, end };
}
