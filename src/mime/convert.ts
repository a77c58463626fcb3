import { createHash } from 'node:crypto';
import type { LeafPart } from './part.ts';
import type { MimeProblem } from './problems.ts';

/** The HTML of a Markdown text (CommonMark with tables), a whole document. HTML in it stays HTML, as in a part of HTML. */
export async function markdownHtml(text: string): Promise<string> {
  const { default: MarkdownIt } = await import('markdown-it');
  const body = new MarkdownIt({ html: true, linkify: true }).render(text);
  return `<!DOCTYPE html>\n<html>\n<head><meta name="viewport" content="width=device-width"></head>\n<body>\n${body}</body>\n</html>\n`;
}

/**
 * What a part's text becomes before it is sent: MJML is compiled (`mj-include` reads nothing), styles go inline where that is asked for.
 * Markdown comes as HTML already.
 */
export async function convertMarkup(
  part: LeafPart,
  source: string,
  cssInline: boolean,
  problems: MimeProblem[],
): Promise<string> {
  const html = part.convert === 'mjml' ? await mjmlHtml(part, source, problems) : source;
  return cssInline ? inlineStyles(part, html, problems) : html;
}

async function mjmlHtml(part: LeafPart, source: string, problems: MimeProblem[]): Promise<string> {
  const { default: mjml } = await import('mjml');
  const problem = (severity: 'error' | 'warning', reason: string): void => {
    problems.push({ code: 'mjml', severity, range: part.headRange, reason });
  };
  try {
    const { html, errors } = await mjml(source, { validationLevel: 'soft', ignoreIncludes: true });
    for (const { line, message } of errors ?? []) problem('warning', `line ${line}: ${message}`);
    return withSteadyIds(html, source);
  } catch (error) {
    problem('error', error instanceof Error ? error.message : String(error));
    return source;
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

async function inlineStyles(part: LeafPart, html: string, problems: MimeProblem[]): Promise<string> {
  const { default: juice } = await import('juice');
  try {
    return juice(html, { preserveImportant: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    problems.push({ code: 'css-inline', severity: 'warning', range: part.headRange, reason });
    return html;
  }
}

/** A plain text that says what the HTML says (`@text: auto`). */
export async function derivedText(html: string): Promise<string> {
  const { convert } = await import('html-to-text');
  const text = convert(html, {
    wordwrap: 76,
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
  });
  return text === '' ? '' : `${text}\n`;
}
