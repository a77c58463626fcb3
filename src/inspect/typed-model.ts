import { Buffer } from 'node:buffer';
import { isDeepStrictEqual } from 'node:util';
import { type TextChange, textChange } from '../base/text-change.ts';
import { htmlWeight } from './checks/weight.ts';
import { type HtmlText, parseHtml } from './html.ts';
import type { AttachmentView, MessageView } from './message.ts';
import { type FirstTexts, firstTexts, preheaderFrom } from './preheader.ts';
import { htmlModel, modelWith, type PreviewModel, type PreviewOptions, type ShownHtml } from './preview-model.ts';

/** A text of the HTML that is shown letter for letter as it is written. */
interface Place {
  /** In the HTML. */
  readonly start: number;
  readonly end: number;
  /** Where in the document that is shown it begins. */
  readonly shown: number;
}

/** An HTML that was parsed, and what was made of it. */
interface Parsed {
  readonly html: string;
  readonly options: PreviewOptions;
  readonly carried: readonly AttachmentView[];
  readonly made: ShownHtml;
  /** In the order of the HTML. */
  readonly places: readonly Place[];
  readonly first: FirstTexts;
}

/**
 * Makes models of a message that somebody writes: exactly what `previewModel` makes, but where nothing except words within one text
 * of the HTML differs from what was parsed last, these are put in their place and nothing is parsed. For one message after
 * another; what it keeps is as large as one model.
 */
export class TypedModel {
  #parsed: Parsed | undefined;

  model(root: MessageView, options: PreviewOptions): PreviewModel {
    return modelWith(root, options, (message) => this.#shown(message, options));
  }

  #shown(message: MessageView, options: PreviewOptions): ShownHtml | undefined {
    const { html } = message;
    if (html === undefined) return undefined;
    const carried = message.attachments.filter(({ contentId }) => contentId !== undefined);
    const parsed = this.#parsed;
    if (parsed && isDeepStrictEqual(parsed.options, options) && sameCarried(parsed.carried, carried)) {
      const shown = retyped(parsed, html);
      if (shown) return shown;
    }
    const tree = parseHtml(html);
    const first = firstTexts(tree);
    const places: Place[] = [];
    const onText = (text: HtmlText, at: number): void => {
      const place = placeOf(text, html, at);
      if (place) places.push(place);
    };
    const made = { model: htmlModel(message, tree, options, onText), preheader: preheaderFrom(first) ?? '' };
    places.sort((one, other) => one.start - other.start);
    this.#parsed = { html, options, carried, made, places, first };
    return made;
  }
}

function placeOf({ value, sourceCodeLocation }: HtmlText, html: string, shown: number): Place | undefined {
  if (!sourceCodeLocation || !/\S/.test(value)) return undefined;
  const { startOffset: start, endOffset: end } = sourceCodeLocation;
  // Where a character reference stands in it, what is typed beside may become part of that; one in what is shown takes more room.
  return html.slice(start, end) === value && !/[&<>\u00a0]/.test(value) ? { start, end, shown } : undefined;
}

/** Signs that begin something else than text, that a parser replaces, or that are shown as references. */
const special = /[&<>\0\r\f\u00a0]/;

/** What is shown of an HTML that differs from the parsed one in words of one text, if it does. */
function retyped({ html: before, made, places, first }: Parsed, html: string): ShownHtml | undefined {
  const change = textChange(before, html);
  if (!change) return made;
  if (special.test(change.text)) return undefined;
  const place = places.findLast(({ start }) => start < change.start);
  if (!place || change.end > place.end) return undefined;
  // White space at the beginning of a text may be dropped by the parser, and a text of nothing else may go elsewhere.
  if (!/\S/.test(before.slice(place.start, change.start))) return undefined;
  const preheader = preheaderFrom({ ...first, texts: replaced(first.texts, place, change) });
  if (preheader === undefined) return undefined;
  const { document } = made.model;
  const at = place.shown + change.start - place.start;
  const end = at + change.end - change.start;
  return {
    preheader,
    model: {
      ...made.model,
      document: document.slice(0, at) + change.text + document.slice(end),
      size: htmlWeight(html),
    },
  };
}

function replaced(texts: FirstTexts['texts'], place: Place, { start, end, text }: TextChange): FirstTexts['texts'] {
  return texts.map((each) =>
    each.start === place.start
      ? { ...each, text: each.text.slice(0, start - place.start) + text + each.text.slice(end - place.start) }
      : each,
  );
}

function sameCarried(some: readonly AttachmentView[], others: readonly AttachmentView[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ contentId, type, content }, index) => {
      const other = others[index]!;
      return contentId === other.contentId && type === other.type && Buffer.compare(content, other.content) === 0;
    })
  );
}
