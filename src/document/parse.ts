import { parseBody } from './body-parser.ts';
import { parseHeader } from './header-parser.ts';
import { Lines, lineEndOf, loneReturns } from './lines.ts';
import type { Document, FieldNode, HeaderNode } from './nodes.ts';
import type { BodyProblem, HeaderProblem } from './problems.ts';
import { checkSettings } from './setting-checks.ts';
import { ProblemSink, type Sink } from './sink.ts';

export interface ParseResult {
  readonly document: Document;
  /** What the syntax gets wrong, in order of place; at most a thousand, an error always among them where there is one. */
  readonly problems: readonly (HeaderProblem | BodyProblem)[];
}

/** Lone CRs up to this number get a fix that replaces all of them. */
const MAX_EDITS = 1000;
const DIRECTIVE_LINE = /<#(attach|inline|part|multipart|\/part|\/multipart)(?=[ \t>\r\n]|$)/y;

/**
 * Reads a document (DOCUMENT.md, "Grammar"). Total: every text gives a tree with offsets and a list of problems, in
 * time linear in its length. Offsets count in `text` as it is handed in, a byte order mark included. `known` is the kind where the
 * text need not tell it.
 */
export function parseDocument(text: string, known?: Document['kind']): ParseResult {
  const lines = new Lines(text);
  const start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let sink = new ProblemSink<HeaderProblem | BodyProblem>();
  let header = parseHeader(lines, start, 'composed', sink);
  const kind = known ?? kindOf(header.nodes);
  if (kind === 'finished') {
    sink = new ProblemSink();
    header = parseHeader(lines, start, 'finished', sink);
  }
  checkSettings(header.nodes, kind, sink);
  const { nodes, bodyStart } = header;
  if (kind === 'finished') {
    findDirectives(lines, bodyStart, nodes, sink);
    return result({ text, kind, header: nodes, bodyStart, body: [] }, sink);
  }
  reportLoneReturns(text, sink);
  const body = parseBody(lines, bodyStart, leadingType(nodes), sink);
  return result({ text, kind, header: nodes, bodyStart, body }, sink);
}

function result(document: Document, sink: ProblemSink<HeaderProblem | BodyProblem>): ParseResult {
  sink.problems.sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
  return { document, problems: sink.problems };
}

/** DOCUMENT.md, "Finished or composed": MIME-Version makes a finished message, unless @raw says otherwise. */
function kindOf(header: readonly HeaderNode[]): Document['kind'] {
  let finished = false;
  for (const node of header) {
    if (node.type === 'field' && node.name.toLowerCase() === 'mime-version') finished = true;
  }
  // The first counts.
  const raw = header.find((node) => node.type === 'setting' && node.name.toLowerCase() === 'raw');
  const value = raw?.type === 'setting' ? raw.value.text.toLowerCase() : '';
  if (value === 'on') finished = true;
  else if (value === 'off') finished = false;
  return finished ? 'finished' : 'composed';
}

function leadingType(header: readonly HeaderNode[]): string | undefined {
  const field = header.find((node): node is FieldNode => node.type === 'field' && /^content-type$/i.test(node.name));
  return field && /^[\w!#$&+.^-]+\/[\w!#$&+.^-]+/.exec(field.value.text)?.[0].toLowerCase();
}

function reportLoneReturns(text: string, sink: Sink<HeaderProblem>): void {
  const { count, first } = loneReturns(text);
  if (count === 0) return;
  const problem = {
    code: 'lone-cr' as const,
    severity: 'warning' as const,
    range: { start: first, end: first + 1 },
    count,
  };
  if (count > MAX_EDITS) {
    sink.add(problem);
    return;
  }
  const eol = lineEndOf(text);
  const edits = [...text.matchAll(/\r(?!\n)/g)].map(({ index }) => ({
    range: { start: index, end: index + 1 },
    text: eol,
  }));
  sink.add({ ...problem, fixes: [{ title: 'Make them line ends', edits, preferred: true }] });
}

/** `<#` has no meaning in a finished message; what would be a directive in a composed one is asked about. */
function findDirectives(
  lines: Lines,
  bodyStart: number,
  header: readonly HeaderNode[],
  sink: Sink<HeaderProblem | BodyProblem>,
): void {
  const { text } = lines;
  let count = 0;
  let first: { start: number; end: number; directive: string } | undefined;
  for (let at = text.indexOf('<#', bodyStart); at >= 0; at = text.indexOf('<#', at + 2)) {
    if (at !== bodyStart && !lines.startsAt(at)) continue;
    DIRECTIVE_LINE.lastIndex = at;
    const match = DIRECTIVE_LINE.exec(text);
    if (!match) continue;
    count++;
    first ??= { start: at, end: at + match[0].length, directive: match[1]! };
  }
  if (!first) return;
  const { start, end, directive } = first;
  const fixes = header
    .filter((node): node is FieldNode => node.type === 'field' && node.name.toLowerCase() === 'mime-version')
    .slice(0, 1)
    .map((node) => ({
      title: 'Remove MIME-Version: compose the message from this document',
      edits: [{ range: { start: node.range.start, end: lines.next(node.range.end) }, text: '' }],
    }));
  sink.add({ code: 'directive-in-finished', severity: 'warning', range: { start, end }, directive, count, fixes });
}
