import type { Range } from '../../base/problem.ts';
import { attribute, elementsOf, type HtmlElement, tagRange, textContent } from '../html.ts';
import type { ParsedInput } from './input.ts';
import { isLocal, linksOf } from './links.ts';
import type { SpamProblem } from './problems.ts';

const shorteners = new Set(
  'bit.ly tinyurl.com t.co goo.gl ow.ly is.gd buff.ly rebrand.ly cutt.ly shorturl.at rb.gy tiny.cc t.ly bl.ink'.split(
    ' ',
  ),
);

/** Phrases that filters have counted since there are filters; one is chance, several together are a pattern. */
const phrases =
  /\b(?:100% free|act now|all natural|apply now|as seen on|be your own boss|buy direct|cash bonus|click (?:here|below) now|congratulations!? you|dear friend|double your|earn (?:extra )?(?:cash|money)|extra income|fast cash|free (?:gift|money|trial offer)|get paid|guaranteed (?:income|winner)|limited time offer|lose weight|lowest price|make money|million dollars|miracle|money back guarantee|no (?:catch|obligation|risk|strings attached)|once in a lifetime|order now|risk[- ]free|satisfaction guaranteed|special promotion|this (?:is not|isn't) spam|urgent reply|while supplies last|why pay more|winner!|you have been (?:chosen|selected)|you(?:'ve| have) won)\b/gi;

/** What makes filters wary, as far as the message itself shows it. No score: every filter has its own. */
export function checkSpam(input: ParsedInput): SpamProblem[] {
  const problems: SpamProblem[] = [];
  checkSubject(input.subject, problems);
  const body = input.tree ? visible(input) : (input.text ?? '');
  const found = new Set(
    [...`${input.subject ?? ''}\n${body}`.matchAll(phrases)].map((match) => match[0].toLowerCase()),
  );
  if (found.size >= 2) {
    problems.push({
      ...base('spam-phrases', 'information'),
      where: 'subject',
      range: whole(input.subject ?? ''),
      phrases: [...found],
    });
  }
  if (input.tree) checkHtml(input, body, problems);
  return problems;
}

function base<Code extends SpamProblem['code']>(code: Code, severity: SpamProblem['severity']) {
  return { check: 'spam', code, severity } as const;
}

function whole(text: string): Range {
  return { start: 0, end: text.length };
}

function checkSubject(subject: string | undefined, problems: SpamProblem[]): void {
  if (subject === undefined) return;
  const at = { where: 'subject', range: whole(subject) } as const;
  if (subject.trim() === '') {
    problems.push({ ...base('spam-subject-missing', 'warning'), ...at });
    return;
  }
  const letters = subject.match(/\p{Lu}|\p{Ll}/gu) ?? [];
  const capitals = letters.filter((letter) => /\p{Lu}/u.test(letter)).length;
  if (letters.length >= 8 && capitals / letters.length > 0.7) {
    problems.push({ ...base('spam-capitals', 'warning'), ...at, text: subject });
  }
  const marks = /[!?]{3,}|(?:!.*){3,}|[$€£]{3,}/.exec(subject)?.[0];
  if (marks) problems.push({ ...base('spam-marks', 'warning'), ...at, text: marks });
}

function visible(input: ParsedInput): string {
  const body = elementsOf(input.tree!).find((element) => element.tagName === 'body');
  return body ? textContent(body).replace(/\s+/g, ' ').trim() : '';
}

function checkHtml(input: ParsedInput, body: string, problems: SpamProblem[]): void {
  const elements = elementsOf(input.tree!);
  const images = elements.filter((element) => element.tagName === 'img');
  const letters = (body.match(/\p{L}/gu) ?? []).length;
  if (images[0] && letters < 60) {
    const facts = { images: images.length, letters };
    problems.push({ ...base('spam-images-only', 'warning'), where: 'html', range: tagRange(images[0]), ...facts });
  }
  for (const element of elements) {
    if (/^(script|form|iframe|object|embed|applet)$/.test(element.tagName)) {
      problems.push({
        ...base('spam-active', 'warning'),
        where: 'html',
        range: tagRange(element),
        element: element.tagName,
      });
    }
    if (isInvisibleInk(element)) {
      problems.push({ ...base('spam-hidden-text', 'warning'), where: 'html', range: tagRange(element) });
    }
  }
  for (const link of linksOf(input.tree!)) {
    const target = /^https?:/i.test(link.url) ? URL.parse(link.url) : null;
    if (!target) continue;
    const at = { where: 'html', range: link.range } as const;
    const host = target.hostname.replace(/^www\./, '');
    const shown = shownHost(textContent(link.element));
    if (shown && !sameSite(shown, host)) {
      problems.push({ ...base('spam-link-mismatch', 'warning'), ...at, shown, target: host });
    }
    if (/^(\d+\.){3}\d+$|^\[/.test(host) && !isLocal(host)) {
      problems.push({ ...base('spam-link-address', 'warning'), ...at, host });
    }
    if (shorteners.has(host)) problems.push({ ...base('spam-link-shortener', 'warning'), ...at, host });
  }
}

/** The host that a link's text says it leads to, where the text is an address. */
function shownHost(text: string): string | undefined {
  const match = /^\s*(?:https?:\/\/)?((?:[\p{L}\p{N}-]+\.)+\p{L}{2,})(?:[/:?#]\S*)?\s*$/iu.exec(text);
  const host = match?.[1]?.toLowerCase().replace(/^www\./, '');
  // "report.pdf" and "Node.js" are no hosts; without a scheme only the common ends of names count.
  if (
    !host ||
    (!/^\s*(https?:\/\/|www\.)/i.test(text) && !/\.(com|org|net|io|de|fr|uk|eu|co|cn|jp|example)$/.test(host))
  )
    return undefined;
  return URL.parse(`https://${host}`)?.hostname;
}

/** One host under the other: `click.shop.example` may stand behind `shop.example`. */
function sameSite(a: string, b: string): boolean {
  const tail = (host: string): string => host.split('.').slice(-2).join('.');
  return (
    a === b ||
    a.endsWith(`.${b}`) ||
    b.endsWith(`.${a}`) ||
    (tail(a) === tail(b) && !/^(co|com|org|net|ac|gov)\.\w\w$/.test(tail(a)))
  );
}

/** Text in the colour of its own ground, or of no size: not the hidden preheader, which `display:none` makes. */
function isInvisibleInk(element: HtmlElement): boolean {
  const style = (attribute(element, 'style') ?? '').toLowerCase().replace(/\s+/g, '');
  if (!style || /display:none|max-height:0|visibility:hidden|mso-hide:all/.test(style)) return false;
  const color = /(?:^|;)color:([^;!]+)/.exec(style)?.[1];
  const ground =
    /(?:^|;)background(?:-color)?:([^;!]+)/.exec(style)?.[1] ?? attribute(element, 'bgcolor')?.toLowerCase();
  return color !== undefined && color === ground && textContent(element).trim().length > 20;
}
