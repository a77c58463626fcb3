import type { CheckSource } from './check-source.ts';
import { type HtmlElement, isElement, isText, numberedElements, parseHtml, walk } from './html.ts';
import type { MessageView } from './message.ts';
import { elementOrigins, lineOrigins } from './origins.ts';
import { dropped } from './sandbox-elements.ts';
import type { WrittenText } from './written.ts';

/** A spot of a message as the preview shows it. */
export type Spot =
  | { readonly where: 'subject' }
  /** Both from 0, in code units, of the plain text. */
  | { readonly where: 'text'; readonly line: number; readonly column: number }
  /** The element's number (`data-mailbench-n`), and how many code units of its text stand before the spot. */
  | { readonly where: 'html'; readonly element: number; readonly offset: number };

interface Html {
  readonly written: readonly HtmlElement[];
  readonly text: WrittenText;
  readonly shown: readonly HtmlElement[];
  readonly pairs: ReadonlyMap<HtmlElement, HtmlElement>;
}

interface Text {
  readonly text: WrittenText;
  readonly written: readonly string[];
  /** Offset of each written line. */
  readonly starts: readonly number[];
  readonly lines: readonly number[];
}

/** What no reader sees, so that nothing in a preview stands for it. */
const unseen = new Set(['html', 'head', 'body', 'title', 'style', 'meta', 'link', 'script', 'base']);

/** Leads from what is shown to where it was written, and back. All of it is made when it is first asked for. */
export class Spots {
  readonly #view: MessageView;
  readonly #source: CheckSource;
  #html: Html | undefined;
  #text: Text | undefined;

  constructor(view: MessageView, source: CheckSource) {
    this.#view = view;
    this.#source = source;
  }

  /** The offset in the document; undefined where the document holds nothing that can be pointed at. */
  offsetOf(spot: Spot): number | undefined {
    if (spot.where === 'subject') return this.#source.place('subject', { start: 0, end: 0 })?.start;
    const exact =
      spot.where === 'html' ? this.#inHtml(spot.element, spot.offset) : this.#inText(spot.line, spot.column);
    // Where the part was made from something else, that something.
    const otherwise = this.#source.written(spot.where)?.toDocument(0);
    return exact ?? otherwise ?? this.#source.place(spot.where, { start: 0, end: 0 })?.start;
  }

  /** What the cursor at an offset of the document stands in; undefined where that shows nowhere. */
  spotAt(offset: number): Spot | undefined {
    const inHtml = this.#source.written('html')?.fromDocument(offset);
    if (inHtml !== undefined) return this.#elementAt(inHtml);
    const inText = this.#source.written('text')?.fromDocument(offset);
    return inText === undefined ? undefined : this.#lineAt(inText);
  }

  #inHtml(number: number, offset: number): number | undefined {
    const html = this.#htmlOf();
    const ours = html?.shown[number];
    const theirs = ours && html.pairs.get(ours);
    if (!html || !theirs) return undefined;
    const exact = offset > 0 || startsWithText(theirs) ? textPlace(theirs, offset, html.text.text) : undefined;
    return html.text.toDocument(exact ?? theirs.sourceCodeLocation!.startOffset);
  }

  #elementAt(offset: number): Spot | undefined {
    const html = this.#htmlOf();
    if (!html) return undefined;
    let found: Spot | undefined;
    const numbers = new Map(html.shown.map((element, index) => [html.pairs.get(element), index] as const).reverse());
    // The innermost comes last, since elements stand in the order in which they begin.
    for (const element of html.written) {
      const { startOffset, endOffset } = element.sourceCodeLocation!;
      if (startOffset > offset) break;
      const number = numbers.get(element);
      if (offset > endOffset || number === undefined) continue;
      found = unseen.has(element.tagName) ? undefined : { where: 'html', element: number, offset: 0 };
    }
    return found;
  }

  #inText(line: number, column: number): number | undefined {
    const text = this.#textOf();
    const index = text?.lines[line] ?? -1;
    if (!text || index < 0) return undefined;
    return text.text.toDocument(text.starts[index]! + Math.min(column, text.written[index]!.length));
  }

  #lineAt(offset: number): Spot | undefined {
    const text = this.#textOf();
    if (!text) return undefined;
    const index = text.starts.findLastIndex((start) => start <= offset);
    const line = text.lines.indexOf(index);
    return line < 0 ? undefined : { where: 'text', line, column: 0 };
  }

  #htmlOf(): Html | undefined {
    const text = this.#source.written('html');
    if (this.#html || !text || this.#view.html === undefined) return this.#html;
    const written = numberedElements(parseHtml(text.text));
    const shown = numberedElements(parseHtml(this.#view.html));
    this.#html = { text, written, shown, pairs: elementOrigins(shown, written) };
    return this.#html;
  }

  #textOf(): Text | undefined {
    const text = this.#source.written('text');
    if (this.#text || !text || this.#view.text === undefined) return this.#text;
    const starts: number[] = [];
    const written = text.text.split(/\r\n|\r|\n/);
    let at = 0;
    for (const line of written) {
      starts.push(at);
      at += line.length;
      at += text.text.startsWith('\r\n', at) ? 2 : 1;
    }
    this.#text = { text, written, starts, lines: lineOrigins(this.#view.text.split('\n'), written) };
    return this.#text;
  }
}

function startsWithText(element: HtmlElement): boolean {
  const first = element.childNodes.find((node) => isElement(node) || (isText(node) && node.value.trim() !== ''));
  return first !== undefined && isText(first);
}

/** Where the code unit stands that `offset` others of the element's text come before; undefined beyond its end. */
function textPlace(element: HtmlElement, offset: number, source: string): number | undefined {
  let before = 0;
  let found: number | undefined;
  walk(element, (node) => {
    if (found !== undefined) return 'skip';
    if (isElement(node)) return node.tagName === 'style' || dropped.has(node.tagName) ? 'skip' : undefined;
    if (!isText(node)) return undefined;
    if (offset < before + node.value.length && node.sourceCodeLocation) {
      const { startOffset, endOffset } = node.sourceCodeLocation;
      found = startOffset + written(source.slice(startOffset, endOffset), node.value, offset - before);
    }
    before += node.value.length;
    return undefined;
  });
  return found;
}

/** The offset in a text as it is written of an offset in what it means: a character reference stands for one character. */
function written(source: string, value: string, offset: number): number {
  if (source === value) return offset;
  const units = /&(?:#\d+|#x[0-9a-f]+|[a-z][a-z0-9]*);?|\r\n|[\s\S]/giy;
  let at = 0;
  for (let count = 0; count < offset && units.test(source); count++) at = units.lastIndex;
  return at;
}
