import type { Fix, ProblemBase, Range } from '../base/problem.ts';
import { atOnce, type Steps } from '../base/steps.ts';
import { lineEndOf } from '../document/lines.ts';
import { relativePathOf } from '../mime/html-references.ts';
import { type Analysis, attributeOf, isMarkup, type TextRegion } from './analysis.ts';
import { blankMarkup } from './html-text.ts';

/** What is not wrong and may still not be meant. */
export type AdviceProblem =
  /** The text speaks of an attachment, and there is none. */
  | (ProblemBase<'attachment-forgotten'> & { readonly word: string })
  /** A mail to many, by what it says, without List-Unsubscribe. */
  | (ProblemBase<'unsubscribe-missing'> & { readonly sign: string })
  /** The message is larger than many servers take. Octets. */
  | (ProblemBase<'message-large'> & { readonly size: number; readonly limit: number })
  /** A line of plain text that is longer than the limit, in characters. */
  | (ProblemBase<'line-long'> & { readonly length: number; readonly limit: number })
  /** HTML alone, without a form of it in plain text. */
  | ProblemBase<'text-alternative-missing'>;

export interface AdviceOptions {
  /** Words and phrases that speak of an attachment. */
  readonly attachmentWords: readonly string[];
  /** Octets of a message that is large. */
  readonly largeMessage: number;
  /** Characters of a line of plain text that is long. */
  readonly longLine: number;
}

export const DEFAULT_ADVICE: AdviceOptions = {
  attachmentWords: [
    'attached',
    'attachment',
    'attachments',
    'attaching',
    'enclosed is',
    'enclosed are',
    'please find enclosed',
    '附件',
    '附上',
    '附檔',
    '附图',
    '附圖',
    '附表',
    '随信附',
    '隨信附',
    '见附',
    '見附',
  ],
  largeMessage: 20 * 1024 * 1024,
  // RFC 5322 section 2.1.1: longer ones are wrapped for the way, and some readers show where.
  longLine: 998,
};

const MOST = 100;
const UNSUBSCRIBE_WORDS = ['unsubscribe', '退订', '退訂', '取消订阅', '取消訂閱'];
const UNSUBSCRIBE = /\bunsubscribe\b|退订|退訂|取消订阅|取消訂閱/i;

/** How large the message is that a document becomes. */
export interface MessageSize {
  /** Octets. */
  readonly size: number;
  /** Where its largest part stands in the document. */
  readonly largest?: Range;
}

/** Advice on a document. `message`: left out where it is not known what it becomes. */
export function advise(analysis: Analysis, options: AdviceOptions, message?: MessageSize): readonly AdviceProblem[] {
  return atOnce(adviceSteps(analysis, options, message));
}

/** The same in parts. */
export function* adviceSteps(
  analysis: Analysis,
  options: AdviceOptions,
  message?: MessageSize,
): Steps<readonly AdviceProblem[]> {
  const problems: AdviceProblem[] = [];
  if (!analysis.finished) {
    const words = options.attachmentWords.filter((word) => word.trim() !== '');
    const regions = yield* speaking(analysis, words);
    yield* attachment(analysis, regions, words, problems);
    yield* unsubscribe(analysis, regions, problems);
    yield* alternative(analysis, problems);
    yield* longLines(analysis, options, problems);
  }
  if (message && message.size > options.largeMessage) {
    const range = message.largest ?? firstFile(analysis);
    const { size } = message;
    problems.push({ code: 'message-large', severity: 'warning', range, size, limit: options.largeMessage });
  }
  return problems.sort((a, b) => a.range.start - b.range.start);
}

interface Readable {
  readonly region: TextRegion;
  /** As long as the region, with nothing but what the author says himself. */
  readonly text: string;
}

/** The texts in which one of the words, or a sign of a mail to many, may stand: most have none, and need not be read closely. */
function* speaking(analysis: Analysis, words: readonly string[]): Steps<readonly Readable[]> {
  const { text } = analysis;
  // Of several words the first: markup may stand between them.
  const starts = words.map((word) => escaped(word.trim().split(/\s+/, 1)[0]!));
  const pattern = new RegExp([...starts, ...UNSUBSCRIBE_WORDS].join('|'), 'giu');
  const found: Readable[] = [];
  let next = -1;
  for (const region of analysis.regions) {
    const { start, end } = region.range;
    if (next < start) {
      pattern.lastIndex = start;
      next = pattern.exec(text)?.index ?? Infinity;
      yield;
    }
    if (next >= end) continue;
    found.push({ region, text: readable(analysis, region) });
    yield;
  }
  return found;
}

function readable({ text }: Analysis, region: TextRegion): string {
  const { start, end } = region.range;
  let own = '';
  let from = start;
  for (const { range } of region.pieces) {
    // Notes and directives in between are not read by anybody.
    own += text.slice(from, range.start).replace(/[^\r\n]/g, ' ') + text.slice(range.start, range.end);
    from = range.end;
  }
  own = own.slice(0, end - start);
  return isMarkup(region) ? blankMarkup(own) : own.replace(/^>.*$/gm, (line) => ' '.repeat(line.length));
}

function* attachment(
  analysis: Analysis,
  regions: readonly Readable[],
  words: readonly string[],
  problems: AdviceProblem[],
): Steps<void> {
  if (words.length === 0 || analysis.directives.some(({ type }) => type === 'attach')) return;
  const pattern = new RegExp(words.map(wordPattern).join('|'), 'iu');
  const subject = analysis.field('subject');
  const answer =
    subject && /^\s*(?:(?:re|aw|sv|antw|回复|答复|回覆|fw|fwd|wg|转发|轉寄)\s*[:：])/i.test(subject.value.text);
  if (subject && !answer && subject.value.segments.length === 1) {
    const match = pattern.exec(subject.value.text);
    if (match) {
      report(subject.value.range.start + match.index, match[0]);
      return;
    }
  }
  for (const { region, text } of regions) {
    const match = pattern.exec(text);
    if (match) {
      report(region.range.start + match.index, match[0]);
      return;
    }
    yield;
  }
  function report(start: number, word: string): void {
    // To read the attributes of every directive takes far longer than to look for a word.
    const hasFile = analysis.directives.some(
      (node) =>
        (node.type === 'part' && attributeOf(node, 'src') !== undefined) || attributeOf(node, 'name') !== undefined,
    );
    if (hasFile) return;
    problems.push({
      code: 'attachment-forgotten',
      severity: 'warning',
      range: { start, end: start + word.length },
      word,
    });
  }
}

/** A word as a pattern: whole where its script parts words, anywhere where it does not. */
function wordPattern(word: string): string {
  const pattern = escaped(word.trim()).replace(/\s+/g, '\\s+');
  return /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{N}\s'-]+$/u.test(word)
    ? `(?<![\\p{L}\\p{N}_])${pattern}(?![\\p{L}\\p{N}_])`
    : pattern;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/** Gmail and Yahoo want it of everybody who sends to many (RFC 2369, RFC 8058). */
function* unsubscribe(analysis: Analysis, regions: readonly Readable[], problems: AdviceProblem[]): Steps<void> {
  if (analysis.field('list-unsubscribe') || analysis.fields.length === 0) return;
  const bulk = analysis.fields.find(
    ({ name, value }) =>
      /^list-id$/i.test(name) || (/^precedence$/i.test(name) && /^(?:bulk|list)$/i.test(value.text.trim())),
  );
  let range: Range | undefined = bulk?.range;
  let sign = bulk?.name ?? '';
  let link: string | undefined;
  for (const { region, text } of range ? [] : regions) {
    yield;
    const match = UNSUBSCRIBE.exec(text);
    if (!match) continue;
    const start = region.range.start + match.index;
    range = { start, end: start + match[0].length };
    sign = match[0];
    link = linkBefore(analysis.text.slice(Math.max(region.range.start, start - 2000), start));
    break;
  }
  if (!range) return;
  const last = analysis.document.header[analysis.document.header.length - 1]!.range.end;
  const eol = lineEndOf(analysis.text);
  const from = /@([^\s<>@,;"]+)/.exec(analysis.field('from')?.value.text ?? '')?.[1];
  const target = link ?? (from && !from.includes('{') ? `mailto:unsubscribe@${from}` : undefined);
  const fixes: Fix[] = [];
  if (target) {
    const oneClick = target.startsWith('https:') ? `${eol}List-Unsubscribe-Post: List-Unsubscribe=One-Click` : '';
    const text = `${eol}List-Unsubscribe: <${target}>${oneClick}`;
    fixes.push({ title: `Add List-Unsubscribe: <${target}>`, edits: [{ range: { start: last, end: last }, text }] });
  }
  problems.push({ code: 'unsubscribe-missing', severity: 'information', range, sign, fixes });
}

/** The https link that the last words before stand in. */
function linkBefore(html: string): string | undefined {
  const anchor = html.toLowerCase().lastIndexOf('<a');
  if (anchor < 0 || html.toLowerCase().indexOf('</a', anchor) >= 0) return undefined;
  const url = /\bhref\s*=\s*["']?(https:\/\/[^\s"'<>]+)/i.exec(html.slice(anchor))?.[1];
  return url?.includes('{') ? undefined : url?.replace(/&amp;/g, '&');
}

/** Some readers show text only, and filters hold its lack against a mail. */
function* alternative(analysis: Analysis, problems: AdviceProblem[]): Steps<void> {
  if (analysis.setting('text')) return;
  let html: TextRegion | undefined;
  for (const region of analysis.regions) {
    yield;
    const { start, end } = region.range;
    if (region.mediaType !== 'text/plain') html ??= isMarkup(region) ? region : undefined;
    else if (/\S/.test(analysis.text.slice(start, Math.min(end, start + 10_000)))) return;
  }
  if (!html) return;
  for (const node of analysis.directives) {
    yield;
    if (node.type === 'part' && attributeOf(node, 'src') !== undefined) return;
  }
  const type = analysis.field('content-type');
  const range = html.part ? html.part.headRange : (type?.range ?? { start: html.range.start, end: html.range.start });
  const eol = lineEndOf(analysis.text);
  const fixes: Fix[] = [
    {
      title: 'Make the text from the HTML (@text: auto)',
      edits: [{ range: { start: 0, end: 0 }, text: `@text: auto${eol}` }],
      preferred: true,
    },
  ];
  problems.push({ code: 'text-alternative-missing', severity: 'hint', range, fixes });
}

function* longLines(analysis: Analysis, { longLine }: AdviceOptions, problems: AdviceProblem[]): Steps<void> {
  if (longLine <= 0 || analysis.setting('flowed')?.value.text.toLowerCase() === 'on') return;
  const { text, lineStarts } = analysis;
  let count = 0;
  for (const region of analysis.regions) {
    yield;
    if (region.mediaType !== 'text/plain') continue;
    for (let line = analysis.lineOf(region.range.start); line < lineStarts.length; line++) {
      const start = lineStarts[line]!;
      if (start >= region.range.end) break;
      if ((lineStarts[line + 1] ?? text.length + 1) - start <= longLine) continue;
      const end = analysis.lineEnd(start);
      const length = end - start;
      if (length <= longLine || text.startsWith('<#', start) || count++ >= MOST) continue;
      const wrapped = wrap(text.slice(start, end), Math.min(78, longLine), lineEndOf(text));
      const fixes: Fix[] =
        wrapped === undefined
          ? []
          : [{ title: 'Break the line at 78 characters', edits: [{ range: { start, end }, text: wrapped }] }];
      problems.push({
        code: 'line-long',
        severity: 'information',
        range: { start: start + longLine, end },
        length,
        limit: longLine,
        fixes,
      });
    }
  }
}

/** The line broken at spaces; undefined where it has none to break at, or a template stands in it. */
function wrap(line: string, limit: number, eol: string): string | undefined {
  if (line.includes('{{') || line.includes('{%') || !line.includes(' ')) return undefined;
  let out = '';
  let column = 0;
  for (const word of line.split(/ (?=\S)/)) {
    if (column > 0 && column + 1 + word.length > limit) {
      out += eol + word;
      column = word.length;
    } else {
      out += column > 0 ? ` ${word}` : word;
      column += word.length + (column > 0 ? 1 : 0);
    }
  }
  return out;
}

/** Where to tell that a message is too large if nothing is known of its parts: at the first file, as a rule the reason for it. */
function firstFile(analysis: Analysis): Range {
  const picture = analysis.finished
    ? undefined
    : analysis.cids.urls.find(({ url }) => relativePathOf(url) !== undefined);
  const file = analysis.directives.find(({ type }) => type === 'attach' || type === 'inline');
  return file?.headRange ?? picture?.range ?? analysis.fields[0]?.nameRange ?? { start: 0, end: 0 };
}
