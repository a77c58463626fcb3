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
    return html;
  } catch (error) {
    problem('error', error instanceof Error ? error.message : String(error));
    return source;
  }
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
