import type { Range, TextEdit } from '../base/problem.ts';
import { lineAfter } from '../document/lines.ts';
import type { AttributeNode } from '../document/nodes.ts';
import type { Analysis } from './analysis.ts';

export function without(range: Range): TextEdit {
  return { range, text: '' };
}

export function inserted(at: number, text: string): TextEdit {
  return { range: { start: at, end: at }, text };
}

/** A field or setting with its line end. */
export function withoutLines({ text }: Analysis, { range }: { readonly range: Range }): TextEdit {
  return without({ start: range.start, end: lineAfter(text, range.end) });
}

/** The attribute of a directive that the place is in. */
export function attributeAt(analysis: Analysis, { start }: Range): AttributeNode | undefined {
  return analysis
    .directiveAt(start)
    ?.attributes.find(({ range }) => range.start <= start && start < Math.max(range.end, range.start + 1));
}

/** An attribute with the space before it. */
export function withoutAttribute({ text }: Analysis, { range: { start, end } }: AttributeNode): TextEdit {
  let from = start;
  while (/[ \t]/.test(text[from - 1] ?? '')) from--;
  return without({ start: from, end });
}
