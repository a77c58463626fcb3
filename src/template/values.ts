import { createHash } from 'node:crypto';
import type { Clock } from '../base/ports.ts';
import type { Range } from '../base/problem.ts';
import { suggestionFor } from '../base/suggestion.ts';
import type { Placeholders } from './placeholders.ts';
import type { RenderProblem } from './problems.ts';

/** What `$` values are made from. */
export interface ValueSource {
  readonly seed: string;
  readonly clock: Clock;
  /** With its angle brackets. */
  readonly messageId: string;
  /** Undefined in a workspace that is not trusted. */
  readonly env: ((name: string) => string | undefined) | undefined;
}

/** The names after `{{$`, with what they stand for. */
export const DOLLAR_VALUES: readonly { readonly name: string; readonly purpose: string }[] = [
  { name: '$guid', purpose: 'A random UUID, another one at each place.' },
  { name: '$timestamp', purpose: 'The time, in seconds since 1970.' },
  { name: '$date', purpose: 'The day as 2025-07-01; $date iso with the time, $date mail as a Date field has it.' },
  { name: '$randomInt', purpose: 'A random whole number from 0 to 1000; $randomInt 1 6 from 1 to 6.' },
  { name: '$messageId', purpose: 'The Message-ID of this message.' },
  { name: '$env.NAME', purpose: 'A variable of the environment, in trusted workspaces.' },
];

const NAMES = ['$guid', '$timestamp', '$date', '$randomInt', '$messageId', '$env'];
/** `{{$name argument}}`, in two or three braces, with the white space control of the engines. */
const EXPRESSION = /(\{\{\{?)[~-]?[ \t]*(\$(?:[A-Za-z][\w.]*(?![\w.])|(?![A-Za-z])))([^{}\r\n]*)(\}\}\}?)/g;
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export interface ValuesResult {
  /** As long as before, every `$` expression a stand-in. */
  readonly text: string;
  readonly problems: readonly RenderProblem[];
}

/**
 * Puts stand-ins for `$` values into a text, before any engine sees it: a value is never a template. Their place makes
 * them unlike each other: the same seed, clock and place give the same value. `literal` are stretches to be left alone;
 * `backslashes` says whether `\{{` is a literal brace, as in Handlebars.
 */
export function dollarValues(
  text: string,
  source: ValueSource,
  placeholders: Placeholders,
  options: { readonly offset: number; readonly literal: readonly Range[]; readonly backslashes: boolean },
): ValuesResult {
  if (!text.includes('$')) return { text, problems: [] };
  const problems: RenderProblem[] = [];
  let out = '';
  let from = 0;
  for (const match of text.matchAll(EXPRESSION)) {
    const [whole, open, name, rest, close] = match as unknown as [string, string, string, string, string];
    const range = { start: match.index, end: match.index + whole.length };
    if (options.literal.some((span) => range.start >= span.start && range.end <= span.end)) continue;
    const slashes = options.backslashes ? slashesBefore(text, range.start) : 0;
    if (slashes === 1) continue;
    out += text.slice(from, range.start);
    from = range.end;
    // `\\\\{{` is one backslash and an expression.
    if (slashes > 1) out = out.slice(0, -1);
    const raw = open.length === 3 && close.length === 3;
    const before = open.length > close.length ? '{' : '';
    const after = open.length < close.length ? '}' : '';
    const argument = rest.replace(/[~-]\s*$/, '').trim();
    const value = resolve(name, argument, source, options.offset + range.start, range, problems);
    const length = whole.length - before.length - after.length + (slashes > 1 ? 1 : 0);
    out += before + placeholders.add(value, range, raw, length) + after;
  }
  return { text: out + text.slice(from), problems };
}

function slashesBefore(text: string, offset: number): number {
  let at = offset;
  while (at > 0 && offset - at < 3 && text.charCodeAt(at - 1) === 0x5c) at--;
  return offset - at;
}

function resolve(
  name: string,
  argument: string,
  source: ValueSource,
  place: number,
  range: Range,
  problems: RenderProblem[],
): string {
  const unfit = (): string => {
    problems.push({ code: 'template-value-argument', severity: 'error', range, name, argument });
    return '';
  };
  const digest = (): Buffer => createHash('sha256').update(`${source.seed}\n${name}\n${place}`).digest();
  if (name.startsWith('$env')) return environment(name, argument, source, range, problems);
  switch (name) {
    case '$guid':
      return argument ? unfit() : uuid(digest());
    case '$timestamp':
      return argument ? unfit() : String(Math.floor(source.clock.now() / 1000));
    case '$messageId':
      return argument ? unfit() : source.messageId;
    case '$date':
      return dateText(source.clock, argument) ?? unfit();
    case '$randomInt': {
      const bounds = /^(?:(-?\d{1,15})[ \t]+(-?\d{1,15}))?$/.exec(argument);
      const [low, high] = bounds?.[1] === undefined ? [0, 1000] : [Number(bounds[1]), Number(bounds[2])];
      if (!bounds || low > high) return unfit();
      return String(low + Number(digest().readBigUInt64BE() % BigInt(high - low + 1)));
    }
    default: {
      const suggestion = suggestionFor(name, NAMES);
      const problem = { code: 'template-unknown-value' as const, severity: 'error' as const, range, name };
      problems.push(suggestion === undefined ? problem : { ...problem, suggestion });
      return '';
    }
  }
}

function environment(
  name: string,
  argument: string,
  source: ValueSource,
  range: Range,
  problems: RenderProblem[],
): string {
  const variable = /^\$env\.([A-Za-z_]\w*)$/.exec(name)?.[1];
  if (variable === undefined || argument) {
    problems.push({ code: 'template-value-argument', severity: 'error', range, name, argument });
    return '';
  }
  if (!source.env) {
    problems.push({ code: 'template-env-untrusted', severity: 'error', range, name: variable });
    return '';
  }
  const value = source.env(variable);
  if (value === undefined) problems.push({ code: 'template-env-unset', severity: 'error', range, name: variable });
  return value ?? '';
}

/** A version 4 UUID (RFC 9562 section 5.4) of given octets. */
function uuid(octets: Buffer): string {
  octets[6] = (octets[6]! & 0x0f) | 0x40;
  octets[8] = (octets[8]! & 0x3f) | 0x80;
  const hex = octets.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

function dateText(clock: Clock, form: string): string | undefined {
  const now = clock.now();
  const offset = clock.offsetMinutes(now);
  const local = new Date(now + offset * 60_000);
  const sign = offset < 0 ? '-' : '+';
  const two = (value: number): string => String(value).padStart(2, '0');
  const [hours, minutes] = [two(Math.floor(Math.abs(offset) / 60)), two(Math.abs(offset) % 60)];
  const iso = local.toISOString();
  switch (form) {
    case '':
      return iso.slice(0, 10);
    case 'iso':
      return `${iso.slice(0, 19)}${sign}${hours}:${minutes}`;
    case 'mail': {
      const day = `${DAYS[local.getUTCDay()]}, ${local.getUTCDate()} ${MONTHS[local.getUTCMonth()]} ${local.getUTCFullYear()}`;
      return `${day} ${iso.slice(11, 19)} ${sign}${hours}${minutes}`;
    }
    default:
      return undefined;
  }
}
