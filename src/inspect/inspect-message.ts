import { setImmediate } from 'node:timers/promises';
import type { Range } from '../base/problem.ts';
import { checkAccessibility } from './checks/accessibility.ts';
import { checkImages } from './checks/images.ts';
import type { CarriedImage, CheckInput, ParsedInput } from './checks/input.ts';
import { checkLinks, type LinkPlace, linksOf } from './checks/links.ts';
import { checkPlaceholders } from './checks/placeholders.ts';
import type { CheckName, HtmlProblem } from './checks/problems.ts';
import { checkSpam } from './checks/spam.ts';
import { checkSupport } from './checks/support.ts';
import { chooseClients, dataDate, loadSupportData, type MailClient } from './checks/support-data.ts';
import { checkText } from './checks/text.ts';
import { checkWeight, htmlWeight } from './checks/weight.ts';
import { parseHtml } from './html.ts';
import type { MessageView } from './message.ts';

export interface InspectOptions {
  /** The switches; a check that is not named is on. */
  readonly checks?: Readonly<Partial<Record<CheckName, boolean>>>;
  /** The clients to ask about: `gmail.*`, `*.ios`, `outlook.windows`. `defaultClients` where left out. */
  readonly clients?: readonly string[];
}

export interface Inspection {
  /** In the order of the message: subject, then HTML, then text, each by place. */
  readonly problems: readonly HtmlProblem[];
  readonly clients: readonly MailClient[];
  /** Patterns that no client answers to. */
  readonly unknownClients: readonly string[];
  /** The day of the client data, `2026-05-13`. Undefined where that check is off. */
  readonly dataDate?: string;
  /** Octets of the HTML, as they count against Gmail's limit. */
  readonly htmlSize: number;
  /** What `reachLinks` may ask for; empty where the check of links is off. */
  readonly links: readonly LinkPlace[];
}

type Check = (input: ParsedInput) => readonly HtmlProblem[] | Promise<readonly HtmlProblem[]>;

/** The checks that need nothing but the mail. */
const pureChecks: readonly (readonly [CheckName, Check])[] = [
  ['links', checkLinks],
  ['images', checkImages],
  ['accessibility', checkAccessibility],
  ['spam', checkSpam],
  ['text', checkText],
  ['placeholders', checkPlaceholders],
  ['weight', checkWeight],
];

/** The clients most mail is read in. */
export const defaultClients: readonly string[] = ['apple-mail.*', 'gmail.*', 'outlook.*', 'yahoo.*'];

/**
 * Runs the checks that are switched on over a mail's texts. The one entry for the editor and the terminal: problems are data
 * with ranges in the texts handed in; whoever calls maps them into the document. Total; nothing is fetched.
 */
export async function inspectMessage(input: CheckInput, options: InspectOptions = {}): Promise<Inspection> {
  const isOn = (check: CheckName): boolean => options.checks?.[check] ?? true;
  const parsed: ParsedInput = input.html === undefined ? input : { ...input, tree: parseHtml(input.html) };
  const problems: HtmlProblem[] = [];
  let clients: readonly MailClient[] = [];
  let unknownClients: readonly string[] = [];
  let date: string | undefined;
  if (isOn('support')) {
    const data = await loadSupportData();
    ({ clients, unknown: unknownClients } = chooseClients(data, options.clients ?? defaultClients));
    date = dataDate(data);
    problems.push(...checkSupport(parsed, data, clients));
  }
  for (const [check, find] of pureChecks) {
    if (!isOn(check)) continue;
    // A mail of a megabyte takes a while; whoever shares this thread has a turn in between.
    await setImmediate();
    problems.push(...(await find(parsed)));
  }
  const links = parsed.tree && isOn('links') ? linksOf(parsed.tree).map(({ url, range }) => ({ url, range })) : [];
  return {
    problems: inOrder(problems),
    clients,
    unknownClients,
    ...(date === undefined ? {} : { dataDate: date }),
    htmlSize: input.html === undefined ? 0 : htmlWeight(input.html),
    links,
  };
}

/** What the checks need of a message that has been read. */
export function checkInputOf(message: MessageView): CheckInput {
  const images = message.attachments.flatMap((attachment): CarriedImage[] =>
    attachment.contentId === undefined
      ? []
      : [{ key: attachment.contentId, name: attachment.name, size: attachment.size, type: attachment.type }],
  );
  return {
    ...(message.html === undefined ? {} : { html: message.html }),
    ...(message.text === undefined ? {} : { text: message.text }),
    subject: message.subject,
    images,
  };
}

/** The problems of a text sorted as a reader meets them. */
export function inOrder(problems: readonly HtmlProblem[]): HtmlProblem[] {
  const places = ['subject', 'html', 'text'];
  const compare = (a: Range, b: Range): number => a.start - b.start || a.end - b.end;
  return [...problems].sort((a, b) => places.indexOf(a.where) - places.indexOf(b.where) || compare(a.range, b.range));
}
