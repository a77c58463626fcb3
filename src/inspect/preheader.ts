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
  if (message.html === undefined) return tidy((message.text ?? '').slice(0, enough * 8)).slice(0, enough);
  return preheaderFrom(firstTexts(tree ?? parseHtml(message.html))) ?? '';
}

/** A text of the HTML, with where it stands in that; or what is said in place of an element, which stands nowhere. */
export interface FirstText {
  readonly text: string;
  readonly start?: number;
}

/** The texts that a preheader is made of. */
export interface FirstTexts {
  readonly texts: readonly FirstText[];
  /** Whether these are all that there are. */
  readonly all: boolean;
}

/** As many as one preheader needs, and as many again. */
export function firstTexts({ document }: HtmlTree): FirstTexts {
  const texts: FirstText[] = [];
  let length = 0;
  let all = true;
  const enter = (node: HtmlNode): 'skip' | undefined => {
    if (length > 2 * enough) {
      all = false;
      return 'skip';
    }
    if (isText(node)) {
      const start = node.sourceCodeLocation?.startOffset;
      texts.push(start === undefined ? { text: node.value } : { text: node.value, start });
      length += tidy(node.value).length;
    } else if (isElement(node)) {
      if (silent.has(node.tagName)) return 'skip';
      if (node.tagName === 'img') texts.push({ text: ` ${attribute(node, 'alt') ?? ''} ` });
      else if (breaks(node)) texts.push(gap);
    }
    return undefined;
  };
  walk(document, enter, (node) => {
    if (length <= 2 * enough && isElement(node) && breaks(node)) texts.push(gap);
  });
  return { texts, all };
}

/** The preheader that texts make; undefined where more of them would be needed. */
export function preheaderFrom({ texts, all }: FirstTexts): string | undefined {
  let text = '';
  let length = 0;
  for (const each of texts) {
    text += each.text;
    if (each.start === undefined) continue;
    length += tidy(each.text).length;
    if (length > enough) return tidy(text).slice(0, enough);
  }
  return all ? tidy(text).slice(0, enough) : undefined;
}

const gap: FirstText = { text: ' ' };

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
