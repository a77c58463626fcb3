import type { Range } from '../base/problem.ts';
import { attributeRange, type HtmlElement, nodeRange, numberedElements, parseHtml, tagRange } from './html.ts';
import { elementOrigins, lineOrigins } from './origins.ts';
import { canComeFrom } from './template-text.ts';
import type { WrittenText } from './written.ts';

/** Characters of a template, and of what came of it, up to which its elements are looked for: to parse more takes too long. */
const most = 300_000;

/** Finds the place in a template that a stretch of its output came from. What it needs is made when it is first asked. */
export class TemplatePlaces {
  readonly #output: string;
  readonly #template: WrittenText;
  readonly #isHtml: boolean;
  #elements:
    | { readonly shown: readonly HtmlElement[]; readonly pairs: ReadonlyMap<HtmlElement, HtmlElement> }
    | undefined;
  #lines:
    | { readonly shown: readonly number[]; readonly written: readonly number[]; readonly pairs: readonly number[] }
    | undefined;

  constructor(output: string, template: WrittenText, isHtml: boolean) {
    this.#output = output;
    this.#template = template;
    this.#isHtml = isHtml;
  }

  /** In the document; undefined where nothing tells. Of an element that a loop repeats, the one that is written. */
  placeOf(range: Range): Range | undefined {
    if (range.end <= range.start || this.#output.length > most || this.#template.text.length > most) return undefined;
    const found = this.#isHtml ? this.#inElement(range) : this.#inLine(range);
    const written = found ?? this.#same(range, { start: 0, end: this.#template.text.length });
    if (!written || written.end <= written.start) return undefined;
    // The end belongs to the character before it: the next may stand on another line.
    return { start: this.#template.toDocument(written.start), end: this.#template.toDocument(written.end - 1) + 1 };
  }

  /** The only stretch of the template, inside `within`, that says the same. */
  #same(range: Range, within: Range): Range | undefined {
    const wanted = this.#output.slice(range.start, range.end);
    const text = this.#template.text.slice(within.start, within.end);
    const at = text.indexOf(wanted);
    if (at < 0 || text.indexOf(wanted, at + 1) >= 0) return undefined;
    return { start: within.start + at, end: within.start + at + wanted.length };
  }

  #inElement(range: Range): Range | undefined {
    this.#elements ??= this.#aligned();
    const { shown, pairs } = this.#elements;
    // The innermost comes last, since elements stand in the order in which they begin.
    const ours = shown.findLast((each) => holds(nodeRange(each), range));
    const theirs = ours && pairs.get(ours);
    if (!theirs) return undefined;
    const tag = tagRange(ours);
    if (!holds(tag, range)) return this.#same(range, nodeRange(theirs)) ?? tagRange(theirs);
    for (const name of Object.keys(ours.sourceCodeLocation?.attrs ?? {})) {
      const own = attributeRange(ours, name);
      if (!holds(own, range)) continue;
      const other = theirs.sourceCodeLocation?.attrs?.[name] && attributeRange(theirs, name);
      if (!other) break;
      const text = this.#template.text.slice(other.start, other.end);
      if (!canComeFrom(this.#output.slice(own.start, own.end), text)) break;
      return this.#same(range, other) ?? other;
    }
    return tagRange(theirs);
  }

  #aligned() {
    const shown = numberedElements(parseHtml(this.#output));
    return { shown, pairs: elementOrigins(shown, numberedElements(parseHtml(this.#template.text))) };
  }

  #inLine(range: Range): Range | undefined {
    const lines = (text: string): string[] => text.split(/(?<=\r\n|\r(?!\n)|\n)/);
    const starts = (of: readonly string[]): number[] => {
      let at = 0;
      return of.map((line) => {
        at += line.length;
        return at - line.length;
      });
    };
    if (!this.#lines) {
      const [shown, written] = [lines(this.#output), lines(this.#template.text)];
      this.#lines = { shown: starts(shown), written: starts(written), pairs: lineOrigins(shown, written) };
    }
    const { shown, written, pairs } = this.#lines;
    const line = pairs[shown.findLastIndex((start) => start <= range.start)] ?? -1;
    const start = written[line];
    if (start === undefined) return undefined;
    const text = this.#template.text.slice(start, written[line + 1]).trimEnd();
    const whole = { start, end: start + text.length };
    return this.#same(range, whole) ?? whole;
  }
}

function holds(outer: Range, inner: Range): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}
