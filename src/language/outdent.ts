import type { TextEdit } from '../base/problem.ts';
import { type Analysis, attributeOf } from './analysis.ts';

const INDENTED =
  /^([ \t]+)<#(?:(\/(?:part|multipart))|(attach|inline|part|multipart)(?:[ \t](?:[^">]|"(?:[^"\\]|\\.)*")*)?)>[ \t]*$/;

/** Whether a line is one whole directive, but for the spaces before it, which make it text. */
export function isIndentedDirective(line: string): boolean {
  return INDENTED.test(line);
}

/**
 * Takes the indentation off the directive that was just written, on the line of the offset or, where a line end was typed behind
 * it, on the line before: an editor indents what follows an open tag, and a directive counts at column 0 only. Nothing where it
 * would be text there too.
 */
export function outdent(analysis: Analysis, offset: number, typed: '>' | '\n'): readonly TextEdit[] {
  const { text } = analysis;
  const cursorLine = analysis.lineStart(offset);
  if (typed === '\n' && cursorLine === 0) return [];
  const start = typed === '>' ? cursorLine : analysis.lineStarts[analysis.lineOf(cursorLine) - 1]!;
  const match = INDENTED.exec(text.slice(start, analysis.lineEnd(start)));
  if (!match || analysis.finished || start < analysis.document.bodyStart) return [];
  const [, indent = '', close, word] = match;
  if (analysis.notes.some((note) => start >= note.start && start < note.end)) return [];
  const part = analysis.regionAt(start)?.part;
  // A verbatim part ends at its close, and takes everything else as text.
  if (part && attributeOf(part, 'verbatim') && close !== '/part') return [];
  const edits: TextEdit[] = [{ range: { start, end: start + indent.length }, text: '' }];
  if (typed === '>' || word === 'inline') return edits;
  // The editor indented the new line like the one before. HTML goes on behind an inline file, but behind no other directive.
  const behind = /^[ \t]*/.exec(text.slice(cursorLine, offset))![0].length;
  if (behind > 0) edits.push({ range: { start: cursorLine, end: cursorLine + behind }, text: '' });
  return edits;
}
