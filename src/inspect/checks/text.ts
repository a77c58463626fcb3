import { type HtmlTree, walk } from '../html.ts';
import type { ParsedInput } from './input.ts';
import { linksOf } from './links.ts';
import { hasPlaceholder } from './placeholders.ts';
import type { TextProblem } from './problems.ts';

/**
 * Whether the plain text says what the HTML says: what a watch reads out, what a search finds, and what filters compare.
 * The HTML is rendered to text by html-to-text; words are compared, not their order.
 */
export async function checkText(input: ParsedInput): Promise<TextProblem[]> {
  if (input.html === undefined || !input.tree) return [];
  const nowhere = { start: 0, end: 0 };
  if (input.text === undefined) {
    return [{ check: 'text', code: 'text-missing', severity: 'warning', where: 'html', range: nowhere }];
  }
  if (input.text.trim() === '') {
    return [{ check: 'text', code: 'text-empty', severity: 'warning', where: 'text', range: nowhere }];
  }
  const problems: TextProblem[] = [];
  // About the text as a whole: told at its first word, without a mark under more than that.
  const start = input.text.search(/\S/);
  const firstWord = { start, end: start + /^\S+/.exec(input.text.slice(start))![0].length };
  // No mail nests so deep; html-to-text would take its time over one that is made to.
  const rendered = isDeep(input.tree) ? input.text : await renderText(input.html);
  const known = new Set(words(input.text));
  const wanted = words(rendered);
  const share = wanted.length === 0 ? 1 : wanted.filter((word) => known.has(word)).length / wanted.length;
  if (wanted.length >= 10 && share < 0.6) {
    const lacking = rendered
      .split(/\n+/)
      .map((line) => line.trim())
      .filter((line) => {
        const own = words(line);
        return own.length >= 2 && own.filter((word) => known.has(word)).length * 2 < own.length;
      });
    problems.push({
      check: 'text',
      code: 'text-differs',
      severity: 'information',
      where: 'text',
      range: firstWord,
      share: Math.round(share * 100) / 100,
      lacking: lacking.slice(0, 3).map((line) => (line.length > 80 ? `${line.slice(0, 79)}…` : line)),
    });
  }
  const urls = new Set(
    linksOf(input.tree).flatMap(({ url }) => (/^https?:/i.test(url) && !hasPlaceholder(url) ? [url] : [])),
  );
  const lost = [...urls].filter((url) => !input.text!.includes(url) && !input.text!.includes(url.replace(/\/$/, '')));
  if (lost.length > 0 && lost.length === urls.size) {
    problems.push({
      check: 'text',
      code: 'text-lacks-links',
      severity: 'information',
      where: 'text',
      range: firstWord,
      urls: lost,
    });
  }
  return problems;
}

function isDeep(tree: HtmlTree): boolean {
  let depth = 0;
  let deepest = 0;
  walk(
    tree.document,
    () => {
      deepest = Math.max(deepest, ++depth);
      return undefined;
    },
    () => depth--,
  );
  return deepest > 1000;
}

/** Code units of HTML that are compared. No mail that a person reads is longer; a wall against one that is made to be slow. */
const mostCompared = 1_000_000;

/** The text of a mail's HTML, without addresses, pictures and hidden elements' markup. */
async function renderText(html: string): Promise<string> {
  const { convert } = await import('html-to-text');
  // Cut here: the library's own limit writes to the console.
  return convert(html.slice(0, mostCompared), {
    wordwrap: false,
    limits: { maxDepth: 100 },
    selectors: [
      { selector: 'a', options: { ignoreHref: true } },
      { selector: 'img', format: 'skip' },
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
    ],
  });
}

function words(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]{2,}|\p{Script=Han}/gu) ?? [];
}
