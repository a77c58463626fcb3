import { createHash } from 'node:crypto';
import type { HtmlToTextOptions } from 'html-to-text';
import type { LeafPart } from './part.ts';
import type { MimeProblem } from './problems.ts';

/** The HTML of a Markdown text (CommonMark with tables), a whole document. HTML in it stays HTML, as in a part of HTML. */
async function markdownHtml(text: string): Promise<Converted> {
  const { default: MarkdownIt } = await import('markdown-it');
  return orFault(text, 'error', () => {
    const body = new MarkdownIt({ html: true, linkify: true }).render(text);
    return `<!DOCTYPE html>\n<html>\n<head><meta name="viewport" content="width=device-width"></head>\n<body>\n${body}</body>\n</html>\n`;
  });
}

/** What a library made of a text, and what it minded. */
export interface Converted {
  readonly text: string;
  readonly faults: readonly { readonly severity: 'error' | 'warning'; readonly reason: string }[];
}

/** Each from plain data to plain data, so that it can be done in another thread: no library pauses in between. */
export const conversions = {
  markdown: markdownHtml,
  mjml: mjmlHtml,
  styles: inlineStyles,
  plain: derivedText,
} as const;

export type ConversionName = keyof typeof conversions;

/** Where conversions are done. What went wrong with a text is among its faults. */
export type Convert = (name: ConversionName, text: string) => Promise<Converted>;

/** Here, in this thread. */
export const convertHere: Convert = (name, text) => conversions[name](text);

/**
 * What a part's text becomes before it is sent: MJML is compiled (`mj-include` reads nothing), styles go inline where that is asked for.
 * Markdown comes as HTML already.
 */
export async function convertMarkup(
  part: LeafPart,
  source: string,
  cssInline: boolean,
  problems: MimeProblem[],
  convert: Convert,
): Promise<string> {
  const range = part.headRange;
  let html = source;
  if (part.convert === 'mjml') {
    const { text, faults } = await convert('mjml', html);
    for (const { severity, reason } of faults) problems.push({ code: 'mjml', severity, range, reason });
    html = text;
  }
  if (cssInline) {
    const { text, faults } = await convert('styles', html);
    for (const { reason } of faults) problems.push({ code: 'css-inline', severity: 'warning', range, reason });
    html = text;
  }
  return html;
}

async function mjmlHtml(source: string): Promise<Converted> {
  const { default: mjml } = await import('mjml');
  try {
    const { html, errors } = await mjml(source, { validationLevel: 'soft', ignoreIncludes: true });
    const faults = (errors ?? []).map(({ line, message }) => ({
      severity: 'warning' as const,
      reason: `line ${line}: ${message}`,
    }));
    return { text: withSteadyIds(html, source), faults };
  } catch (error) {
    return { text: source, faults: [{ severity: 'error', reason: messageOf(error) }] };
  }
}

/**
 * MJML throws dice for what ties a carousel, or the menu of a `mj-navbar`, together. What is sent has to be what was previewed, so
 * these ids come from the source instead.
 */
function withSteadyIds(html: string, source: string): string {
  const steady = new Map<string, string>();
  const thrown = /\bmj-carousel-([0-9a-f]{16})-|<input type="checkbox" id="([0-9a-f]{16})" class="mj-menu-checkbox"/g;
  for (const [, carousel, menu] of html.matchAll(thrown)) {
    const id = carousel ?? menu!;
    if (steady.has(id)) continue;
    const digest = createHash('sha256').update(`${steady.size}\0${source}`).digest('hex');
    steady.set(id, digest.slice(0, id.length));
  }
  for (const [id, own] of steady) html = html.replaceAll(id, own);
  return html;
}

async function inlineStyles(html: string): Promise<Converted> {
  const { default: juice } = await import('juice');
  return orFault(html, 'warning', () => juice(html, { preserveImportant: true }));
}

/** What a library makes of a text; where it can't, the text as it was, and why. */
function orFault(text: string, severity: 'error' | 'warning', make: () => string): Converted {
  try {
    return { text: make(), faults: [] };
  } catch (error) {
    return { text, faults: [{ severity, reason: messageOf(error) }] };
  }
}

function messageOf(error: unknown): string {
  // The stack ran over: these libraries call themselves for each element in another.
  if (error instanceof RangeError && /call stack/.test(error.message)) return 'elements are nested too deeply';
  return error instanceof Error ? error.message : String(error);
}

/** A plain text that says what the HTML says (`@text: auto`). */
async function derivedText(html: string): Promise<Converted> {
  const { convert } = await import('html-to-text');
  const { text, faults } = orFault(html, 'error', () => convert(html, textOptions));
  if (faults.length > 0) return { text: '', faults };
  return { text: text === '' ? '' : `${text}\n`, faults };
}

const textOptions: HtmlToTextOptions = {
  wordwrap: 76,
  // What is sent says all of it, or nothing.
  limits: { maxInputLength: Infinity },
  selectors: [
    { selector: 'a', options: { hideLinkHrefIfSameAsText: true, ignoreHref: false, linkBrackets: ['<', '>'] } },
    { selector: 'img', options: { linkBrackets: false, baseUrl: '' }, format: 'imageText' },
    { selector: 'table', format: 'dataTable', options: { uppercaseHeaderCells: false } },
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { uppercase: false } })),
  ],
  formatters: {
    // A picture is what its alternative text says; its address means nothing to who reads text.
    imageText(element, _walk, builder) {
      const alternative = (element.attribs as Record<string, string> | undefined)?.alt;
      if (alternative) builder.addInline(alternative);
    },
  },
};
