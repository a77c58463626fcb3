import type { ProblemBase, TextEdit } from '../../../src/base/problem.ts';
import type { BodyNode } from '../../../src/document/nodes.ts';
import { parseDocument } from '../../../src/document/parse.ts';

/** `severity code «text at its place»` for each problem. */
export function shown(text: string, problems: readonly ProblemBase[]): readonly string[] {
  return problems.map(({ severity, code, range }) => `${severity} ${code} «${text.slice(range.start, range.end)}»`);
}

/** The text with the edits made. */
export function applied(text: string, edits: readonly TextEdit[]): string {
  return [...edits]
    .sort((a, b) => b.range.start - a.range.start || b.range.end - a.range.end)
    .reduce((result, { range, text: insert }) => result.slice(0, range.start) + insert + result.slice(range.end), text);
}

/** The text after the first fix of the first problem with that code. */
export function fixedBy(
  text: string,
  problems: readonly ProblemBase[],
  code: string,
  title?: string,
): string | undefined {
  const fixes = problems.find((problem) => problem.code === code)?.fixes ?? [];
  const fix = title === undefined ? fixes[0] : fixes.find((candidate) => candidate.title.includes(title));
  return fix && applied(text, fix.edits);
}

/** The same for what the parser finds. */
export function fixed(text: string, code: string, title?: string): string | undefined {
  return fixedBy(text, parseDocument(text).problems, code, title);
}

/** The tree of a body: one line a node, its text, attributes and, indented, its children. */
export function tree(text: string, nodes: readonly BodyNode[], indent = ''): readonly string[] {
  return nodes.flatMap((node) => {
    const whole = text.slice(node.range.start, node.range.end);
    if (node.type === 'text' || node.type === 'note' || node.type === 'escaped' || node.type === 'unknown') {
      return [`${indent}${node.type} ${JSON.stringify(whole)}`];
    }
    const attributes = node.attributes.map(({ name, value }) =>
      value ? ` ${name}=${JSON.stringify(value.text)}` : ` ${name}`,
    );
    const path = 'path' in node && node.path ? ` ${JSON.stringify(node.path.text)}` : '';
    const line = `${indent}${node.type}${path}${attributes.join('')}`;
    return 'children' in node ? [line, ...tree(text, node.children, `${indent}  `)] : [line];
  });
}

/** The tree of the body of a document that has the header `To: a@b`. */
export function bodyTree(body: string): readonly string[] {
  const text = `To: a@b\n\n${body}`;
  return tree(text, parseDocument(text).document.body);
}

/** What the parser says about that body. */
export function bodyProblems(body: string): readonly string[] {
  const text = `To: a@b\n\n${body}`;
  return shown(text, parseDocument(text).problems);
}

/** That body, fixed. */
export function fixedBody(body: string, code: string, title?: string): string | undefined {
  return fixed(`To: a@b\n\n${body}`, code, title)?.replace(/^To: a@b\n\n/, '');
}
