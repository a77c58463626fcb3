import type { Fix, ProblemBase, Range, Severity } from '../base/problem.ts';
import { atOnce, type Steps } from '../base/steps.ts';
import { lineEndOf } from '../document/lines.ts';
import { type Analysis, lastBefore } from './analysis.ts';

/** What a person may make of a code, by a setting. */
export type ChosenSeverity = Severity | 'off';

const MARK = /\bmailbench-ignore\b[:\s]*([^\r\n]*)/;

/** A line for which codes are silenced; an empty list stands for every code. */
interface Silence {
  readonly range: Range;
  readonly codes: readonly string[];
}

/** A problem as it is shown. */
export type Shown<Problem extends ProblemBase> = Problem & {
  /** What its severity would be without the person's word. */
  readonly ownSeverity?: Severity;
};

/**
 * The problems as they are to be shown. A comment `# mailbench-ignore CODE` in the header, or a note
 * `<#-- mailbench-ignore CODE -->` in the body, silences codes for what follows: the field, or the line. A code's severity may
 * be chosen, or the code switched off. An error stays one, and stays in sight, since it keeps the message from being sent;
 * but for findings that do not, whatever their severity (`stops: false`).
 */
export function shownProblems<Problem extends ProblemBase>(
  ...from: Parameters<typeof shownSteps<Problem>>
): readonly Shown<Problem>[] {
  return atOnce(shownSteps(...from));
}

/** Problems that are gone through in one go. */
const most = 4096;

/** The same in parts. */
export function* shownSteps<Problem extends ProblemBase>(
  analysis: Analysis,
  problems: readonly Problem[],
  chosen: Readonly<Record<string, ChosenSeverity>> = {},
  { stops = true }: { readonly stops?: boolean } = {},
): Steps<readonly Shown<Problem>[]> {
  const silences = silencesOf(analysis);
  const shown: Shown<Problem>[] = [];
  for (const [index, problem] of problems.entries()) {
    if (index % most === most - 1) yield;
    if (stops && problem.severity === 'error') {
      shown.push(problem);
      continue;
    }
    const severity = Object.hasOwn(chosen, problem.code) ? chosen[problem.code] : undefined;
    if (severity === 'off' || isSilenced(problem, silences)) continue;
    const own = severity === undefined || severity === problem.severity;
    shown.push(own ? problem : { ...problem, severity, ownSeverity: problem.severity });
  }
  return shown;
}

function isSilenced({ code, range }: ProblemBase, silences: readonly Silence[]): boolean {
  const silence = lastBefore(silences, range.start, (each) => each.range.start);
  return (
    silence !== undefined &&
    range.start <= silence.range.end &&
    (silence.codes.length === 0 || silence.codes.includes(code))
  );
}

function silencesOf(analysis: Analysis): readonly Silence[] {
  // Comments and notes mean something in composed documents only.
  if (analysis.finished || !analysis.text.includes('mailbench-ignore')) return [];
  const silences: Silence[] = [];
  let codes: readonly string[] | undefined;
  for (const node of analysis.document.header) {
    if (node.type === 'comment') codes = together(codes, codesIn(analysis, node.range));
    else {
      if (codes) silences.push({ range: node.range, codes });
      codes = undefined;
    }
  }
  codes = undefined;
  for (const [index, note] of analysis.notes.entries()) {
    codes = together(codes, codesIn(analysis, note));
    if (!codes) continue;
    // Notes may stand one under the other: all of them are about the line behind the last.
    if (analysis.notes[index + 1]?.start === note.end) continue;
    silences.push({ range: { start: note.end, end: analysis.lineEnd(note.end) }, codes });
    codes = undefined;
  }
  return silences;
}

/** Nothing named is everything. */
function together(
  one: readonly string[] | undefined,
  other: readonly string[] | undefined,
): readonly string[] | undefined {
  if (!one || !other) return one ?? other;
  return one.length === 0 || other.length === 0 ? [] : [...one, ...other];
}

function codesIn({ text }: Analysis, { start, end }: Range): readonly string[] | undefined {
  const match = MARK.exec(text.slice(start, end));
  return match ? (match[1]!.replace(/-->\s*$/, '').match(/[a-z0-9][a-z0-9-]*/g) ?? []) : undefined;
}

/**
 * The fix that silences a problem where it stands; undefined for errors, those that only a setting made one apart, and where
 * no comment or note can be put before it.
 */
export function silenceFix(
  analysis: Analysis,
  { code, severity, ownSeverity = severity, range }: Shown<ProblemBase>,
  { stops = true }: { readonly stops?: boolean } = {},
): Fix | undefined {
  if ((stops && ownSeverity === 'error') || analysis.finished) return undefined;
  const eol = lineEndOf(analysis.text);
  const inHeader = range.start < analysis.document.bodyStart;
  const node = analysis.document.header.find(
    (each) => range.start >= each.range.start && range.start <= each.range.end,
  );
  if (inHeader && !node) return undefined;
  const at = node?.range.start ?? analysis.lineStart(range.start);
  const text = inHeader ? `# mailbench-ignore ${code}${eol}` : `<#-- mailbench-ignore ${code} -->${eol}`;
  return {
    title: `Silence ${code} ${inHeader ? 'for this field' : 'for this line'}`,
    edits: [{ range: { start: at, end: at }, text }],
  };
}
