import {
  attribute,
  type HtmlElement,
  type HtmlNode,
  type HtmlTree,
  isElement,
  isText,
  parseHtml,
  walk,
} from './html.ts';

/** Enough for the most generous client, in UTF-16 code units. */
const enough = 300;

/** Characters that senders put after a preheader so that no more text follows it; clients show none of them. */
const filler = /(?![\u{fe0f}\u{200d}])\p{Default_Ignorable_Code_Point}/gu;

const silent = new Set(['style', 'script', 'title', 'head', 'template', 'select', 'textarea', 'option']);

/**
 * The text that a list of messages shows after the subject: the beginning of the HTML's text, hidden elements included
 * (that is how a preheader is written), else that of the plain text. White space is collapsed, fillers are taken out.
 *
 * The alternative text of a picture counts as text: Gmail and Outlook's AutoPreview take it in, a logo's too (Campaign Monitor,
 * "Optimizing for Gmail's Snippets", 2006; Email Marketing Reports, "Gmail inbox tricks and alt text traps", 2009). Apple does not
 * document what Mail does; shown here is what an author has to reckon with.
 *
 * @param tree that of the HTML, where it was parsed before
 */
export function preheaderOf(message: { readonly html?: string; readonly text?: string }, tree?: HtmlTree): string {
  const text =
    message.html === undefined ? (message.text ?? '').slice(0, enough * 8) : firstText(tree ?? parseHtml(message.html));
  return tidy(text).slice(0, enough);
}

function firstText({ document }: HtmlTree): string {
  let text = '';
  let length = 0;
  const enter = (node: HtmlNode): 'skip' | undefined => {
    if (length > enough) return 'skip';
    if (isText(node)) {
      text += node.value;
      length += tidy(node.value).length;
    } else if (isElement(node)) {
      if (silent.has(node.tagName)) return 'skip';
      if (node.tagName === 'img') text += ` ${attribute(node, 'alt') ?? ''} `;
      else if (breaks(node)) text += ' ';
    }
    return undefined;
  };
  walk(document, enter, (node) => {
    if (length <= enough && isElement(node) && breaks(node)) text += ' ';
  });
  return text;
}

function breaks(element: HtmlElement): boolean {
  return !/^(a|abbr|b|bdi|bdo|code|em|font|i|mark|s|small|span|strike|strong|sub|sup|u|wbr)$/.test(element.tagName);
}

function tidy(text: string): string {
  return (
    text
      .replace(filler, '')
      // A zero width joiner belongs to an emoji where it joins two; elsewhere it is filler too.
      .replace(/(?<!\p{Extended_Pictographic}\ufe0f?)\u200d|\u200d(?!\p{Extended_Pictographic})/gu, '')
      .replace(/[\s\u00a0\u2007\u202f]+/g, ' ')
      .trim()
  );
}
