import { splitAt } from '../smtp/syntax.ts';

/** Where in a session a fault strikes. `body` is in the midst of the text, `message` the reply after all of it. */
export const FAULT_STEPS = [
  'connect',
  'hello',
  'starttls',
  'auth',
  'mail',
  'rcpt',
  'data',
  'body',
  'message',
  'rset',
  'quit',
] as const;
export type FaultStep = (typeof FAULT_STEPS)[number];

/**
 * Something that a tester wants to go wrong, as JSON can say it. Where it strikes, the server waits `delay`, then
 * answers `reply` (or `raw`) instead of what it would have said, then hangs up if `drop` says so. A `drop` alone hangs
 * up without an answer; a `delay` alone goes on as usual.
 */
export interface FaultRule {
  readonly at: FaultStep;
  /**
   * A pattern with `*` for any run of characters, case ignored. Held against the client's address at `connect`, the
   * name at `hello`, the user at `auth`, the sender at `mail`, the recipient at `rcpt`; at `data`, `body` and
   * `message` one matching address of the envelope is enough. Left out: always.
   */
  readonly match?: string;
  /** How many times it lets pass before it strikes, over all sessions. Default 0. */
  readonly after?: number;
  /** How many times it strikes, over all sessions. Default: without end. */
  readonly times?: number;
  /** Milliseconds, at most an hour. */
  readonly delay?: number;
  /** Code and text: `451 4.7.1 Greylisted`; several lines apart by `\n`. A 421 ends the session. */
  readonly reply?: string;
  /** Characters to be sent as they stand (UTF-8) instead of a reply, to see what a client makes of them. */
  readonly raw?: string;
  readonly drop?: boolean;
  /** At `body`: after how many octets of the text. Default 0. */
  readonly octets?: number;
}

/** Why something is no fault rule; `index` counts the entries of the list. */
export interface FaultProblem {
  readonly index: number;
  readonly code: 'not-a-list' | 'not-an-object' | 'unknown-key' | 'bad-step' | 'bad-value' | 'bad-reply' | 'no-effect';
  /** The key that is wrong. */
  readonly key?: string;
}

const LONGEST_DELAY = 3_600_000;
const replyLines = /^[2-5]\d\d(?: [\x20-\x7e]*)?(?:\n[\x20-\x7e]*)*$/;

/** Reads rules from JSON (a setting, a file). What is wrong is left out and told about; the rest holds. */
export function readFaults(value: unknown): { rules: FaultRule[]; problems: FaultProblem[] } {
  if (!Array.isArray(value)) return { rules: [], problems: [{ index: 0, code: 'not-a-list' }] };
  const rules: FaultRule[] = [];
  const problems: FaultProblem[] = [];
  value.forEach((entry: unknown, index) => {
    const problem = problemWith(entry);
    if (problem === undefined) rules.push(entry as FaultRule);
    else problems.push({ index, ...problem });
  });
  return { rules, problems };
}

function problemWith(entry: unknown): Omit<FaultProblem, 'index'> | undefined {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return { code: 'not-an-object' };
  const wholeNumber = (most: number) => (item: unknown) =>
    Number.isInteger(item) && Number(item) >= 0 && Number(item) <= most;
  const text = (item: unknown) => typeof item === 'string';
  const checks: Record<keyof FaultRule, (item: unknown) => boolean> = {
    at: (item) => FAULT_STEPS.some((step) => step === item),
    match: text,
    after: wholeNumber(Number.MAX_SAFE_INTEGER),
    times: wholeNumber(Number.MAX_SAFE_INTEGER),
    delay: wholeNumber(LONGEST_DELAY),
    reply: (item) => typeof item === 'string' && replyLines.test(item),
    raw: text,
    drop: (item) => typeof item === 'boolean',
    octets: wholeNumber(Number.MAX_SAFE_INTEGER),
  };
  for (const [key, item] of Object.entries(entry)) {
    if (!Object.hasOwn(checks, key)) return { code: 'unknown-key', key };
    if (!checks[key as keyof FaultRule](item)) {
      return { code: key === 'at' ? 'bad-step' : key === 'reply' ? 'bad-reply' : 'bad-value', key };
    }
  }
  const rule = entry as Partial<FaultRule>;
  if (rule.at === undefined) return { code: 'bad-step', key: 'at' };
  if (rule.delay === undefined && rule.reply === undefined && rule.raw === undefined && rule.drop !== true)
    return { code: 'no-effect' };
  return undefined;
}

/**
 * The fault that an address asks for by its local part, or by the tag after its `+`, whatever the domain:
 *
 * - `fault-550@…`, `jo+fault-451-4.7.1@…`: refused with that code (400 to 599), when it is named in MAIL or RCPT;
 * - `fault-drop@…`: hung up on; `fault-delay-2000@…`: answered two seconds later;
 * - with a step in between (`mail`, `rcpt`, `data`, `body`, `message`) there: `fault-message-554@…`, `fault-body-drop@…`.
 */
export function addressFaultRule(address: string, named: 'mail' | 'rcpt'): FaultRule | undefined {
  const at = splitAt(address);
  const local = at === -1 ? address : address.slice(0, at);
  const match = tagPattern.exec(local);
  if (match === null) return undefined;
  const step = (match[1]?.toLowerCase() ?? named) as FaultStep;
  if (match[2] !== undefined) {
    const delay = Number(match[2]);
    return delay <= LONGEST_DELAY ? { at: step, delay } : undefined;
  }
  if (match[3] === undefined) return { at: step, drop: true };
  const enhanced = match[4] ?? `${match[3][0]}.0.0`;
  return { at: step, reply: `${match[3]} ${enhanced} As the address asked` };
}

const tagPattern =
  /(?:^"?|\+)fault-(?:(mail|rcpt|data|body|message)-)?(?:drop|delay-(\d{1,7})|([45]\d\d)(?:-([245]\.\d{1,3}\.\d{1,3}))?)"?$/i;

/** Which of the rules strike when. It counts for `after` and `times`, so one plan serves all sessions of a server. */
export class FaultPlan {
  readonly #rules: {
    readonly rule: FaultRule;
    readonly matches: ((subject: string) => boolean) | undefined;
    met: number;
  }[];
  readonly #addresses: boolean;

  constructor(rules: readonly FaultRule[], addresses: boolean) {
    this.#rules = rules.map((rule) => ({
      rule,
      matches: rule.match === undefined ? undefined : glob(rule.match),
      met: 0,
    }));
    this.#addresses = addresses;
  }

  /** The first rule that strikes at this step, for any of these subjects (see `match`). */
  strike(step: FaultStep, subjects: readonly string[]): FaultRule | undefined {
    for (const entry of this.#rules) {
      const { rule, matches } = entry;
      if (rule.at !== step || (matches !== undefined && !subjects.some(matches))) continue;
      const turn = entry.met++ - (rule.after ?? 0);
      if (turn >= 0 && turn < (rule.times ?? Number.POSITIVE_INFINITY)) return rule;
    }
    return undefined;
  }

  /** The same for a step that has addresses of the envelope; these may ask for faults themselves. */
  strikeEnvelope(step: FaultStep, sender: string | undefined, recipients: readonly string[]): FaultRule | undefined {
    if (this.#rules.length > 0) {
      const rule = this.strike(step, sender === undefined ? recipients : [sender, ...recipients]);
      if (rule !== undefined) return rule;
    }
    if (!this.#addresses) return undefined;
    if (sender !== undefined) {
      const asked = addressFaultRule(sender, 'mail');
      if (asked?.at === step) return asked;
    }
    for (const recipient of recipients) {
      const asked = addressFaultRule(recipient, 'rcpt');
      if (asked?.at === step) return asked;
    }
    return undefined;
  }
}

/** A matcher for a pattern with `*`: each literal part is looked for once, from the left, so the time is linear. */
function glob(pattern: string): (subject: string) => boolean {
  const [first = '', ...others] = pattern.toLowerCase().split('*');
  const last = others.pop();
  return (subject) => {
    const text = subject.toLowerCase();
    if (last === undefined) return text === first;
    if (!text.startsWith(first)) return false;
    let at = first.length;
    for (const part of others) {
      const found = text.indexOf(part, at);
      if (found === -1) return false;
      at = found + part.length;
    }
    return text.length - last.length >= at && text.endsWith(last);
  };
}
