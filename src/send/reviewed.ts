import { atOnce, type Steps } from '../base/steps.ts';
import { type AdviceOptions, adviceSteps, DEFAULT_ADVICE, type MessageSize } from '../language/advice.ts';
import { Analysis } from '../language/analysis.ts';
import { type ChosenSeverity, type Shown, shownSteps } from '../language/silence.ts';
import type { BuiltPart } from '../mime/built.ts';
import type { Composed, Problem } from './composed.ts';
import { isRecord } from './settings-reader.ts';

/** What a person has set about problems. */
export interface ReviewSettings {
  /** By code. Errors stay errors: they keep the message from being sent. */
  readonly severity: Readonly<Record<string, ChosenSeverity>>;
  readonly advice: AdviceOptions;
}

const SEVERITIES: readonly string[] = ['error', 'warning', 'information', 'hint', 'off'];
const MEGABYTE = 1024 * 1024;

/** The settings `mailbench.check.*` as they are written; what is none of the lawful values counts as left out. */
export function reviewSettings(written: {
  readonly severity?: unknown;
  readonly attachmentWords?: unknown;
  readonly messageSize?: unknown;
  readonly lineLength?: unknown;
}): ReviewSettings {
  const { severity, attachmentWords, messageSize, lineLength } = written;
  const words = Array.isArray(attachmentWords)
    ? attachmentWords.filter((word): word is string => typeof word === 'string')
    : DEFAULT_ADVICE.attachmentWords;
  const chosen = isRecord(severity)
    ? Object.entries(severity).filter((entry): entry is [string, ChosenSeverity] =>
        SEVERITIES.includes(entry[1] as string),
      )
    : [];
  return {
    severity: Object.fromEntries(chosen),
    advice: {
      attachmentWords: words,
      largeMessage: isCount(messageSize) ? messageSize * MEGABYTE : DEFAULT_ADVICE.largeMessage,
      longLine: isCount(lineLength) ? lineLength : DEFAULT_ADVICE.longLine,
    },
  };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

/**
 * Problems and advice, in order of place, as a person wants them shown: without those that are silenced in the document or
 * switched off. What the guard asks and what keeps a message from being sent goes by the problems of `composed` itself.
 */
export function reviewed(
  composed: Composed,
  settings: ReviewSettings,
  options: ReviewOptions = {},
): readonly Shown<Problem>[] {
  return atOnce(reviewSteps(composed, settings, options));
}

export interface ReviewOptions {
  readonly more?: readonly Problem[];
  readonly analysis?: Analysis;
}

/** The same in parts. */
export function* reviewSteps(
  composed: Composed,
  settings: ReviewSettings,
  options: ReviewOptions,
): Steps<readonly Shown<Problem>[]> {
  const analysis = options.analysis ?? new Analysis(composed.document.text);
  const size = settings.advice.largeMessage > 0 ? messageSize(composed) : undefined;
  const advice = yield* adviceSteps(analysis, settings.advice, size);
  const all: Problem[] = [...composed.problems, ...(options.more ?? []), ...advice];
  all.sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
  yield;
  return yield* shownSteps(analysis, all, settings.severity);
}

function messageSize({ message, built }: Composed): MessageSize | undefined {
  if (!message) return undefined;
  let largest: BuiltPart | undefined;
  const octets = ({ bodyStart, bodyEnd }: BuiltPart): number => bodyEnd - bodyStart;
  const visit = (part: BuiltPart): void => {
    for (const child of part.children) visit(child);
    if (part.children.length === 0 && (!largest || octets(part) > octets(largest))) largest = part;
  };
  if (built) visit(built.root);
  const range = largest?.part.headRange;
  // The leading text has no directive.
  return range && range.end > range.start ? { size: message.size, largest: range } : { size: message.size };
}
