import type { Range } from '../base/problem.ts';
import { documentOffset } from '../document/mapped.ts';
import type { MappedText } from '../document/nodes.ts';
import type { OutlinePart } from '../inspect/outline.ts';
import type { ShownMessage } from '../inspect/shown-message.ts';
import type { BuiltMessage, BuiltPart } from '../mime/built.ts';
import type { LeafPart } from '../mime/part.ts';
import type { Analysis } from './analysis.ts';
import { bodyLines } from './body-lines.ts';
import { alignLines } from './line-alignment.ts';
import { lineLink, placed } from './line-link.ts';
import type { LineLink, Link } from './trace.ts';

/** Fields, directives and texts of a composed document, each with what the builder made of it. */
export function composedLinks(source: Analysis, shown: ShownMessage, built: BuiltMessage): readonly Link[] {
  return new Linker(source, shown, built).links();
}

/** Where a part stands in the text that is shown. */
interface Place {
  /** From its boundary on, where it has one, to the end of its last header field. */
  readonly head: Range;
  readonly body: Range;
  readonly outline: OutlinePart | undefined;
}

class Linker {
  readonly #source: Analysis;
  readonly #shown: ShownMessage;
  readonly #built: BuiltMessage;
  readonly #links: Link[] = [];
  readonly #outlines = new Map<number, OutlinePart>();

  constructor(source: Analysis, shown: ShownMessage, built: BuiltMessage) {
    this.#source = source;
    this.#shown = shown;
    this.#built = built;
    const visit = (part: OutlinePart): void => {
      this.#outlines.set(part.bodyStart, part);
      for (const child of part.children) visit(child);
    };
    visit(shown.root);
  }

  links(): readonly Link[] {
    for (const { range, start, end } of this.#built.fields)
      if (range) this.#detail(range, this.#trimmed(this.#shown.unitOf(start), this.#shown.unitOf(end)));
    this.#part(this.#built.root, true);
    return this.#links;
  }

  #detail(source: Range, shown: Range, more: Partial<Link> = {}): void {
    if (source.end > source.start) this.#links.push({ kind: 'detail', source, shown, ...more });
  }

  #part(part: BuiltPart, isRoot: boolean): void {
    const place = this.#place(part, isRoot);
    const { range, headRange } = part.part;
    const whole = { start: place.head.start, end: place.body.end };
    if (part.part.kind === 'leaf') this.#leaf(part.part, part, place, whole);
    else if (part.part.explicit) {
      this.#links.push({ kind: 'whole', source: this.#lines(range), shown: whole });
      this.#detail(this.#lines(headRange), place.head);
      this.#close(range, part, place);
    }
    for (const child of part.children) this.#part(child, false);
  }

  #leaf(leaf: LeafPart, part: BuiltPart, place: Place, whole: Range): void {
    const { content, range, headRange } = leaf;
    const head = this.#lines(headRange);
    const isDirective = headRange.end > headRange.start;
    switch (content.from) {
      case 'file':
      case 'text-file': {
        // A picture that HTML names without a directive is beside the line that names it.
        const inText = this.#source.directiveAt(headRange.start)?.headRange.start !== headRange.start;
        this.#detail(inText ? headRange : head, whole, inText ? { beside: true } : {});
        return;
      }
      case 'derived': {
        const pieces = content.source.content.from === 'text' ? content.source.content.pieces : [];
        this.#text(pieces, part, place, { beside: true });
        this.#detail(isDirective ? head : this.#lines(range), place.head, { only: 'to source' });
        return;
      }
      case 'text': {
        if (isDirective) {
          this.#links.push({ kind: 'whole', source: this.#lines(range), shown: whole });
          this.#detail(head, place.head);
        } else this.#contentFields(range, place);
        this.#text(content.pieces, part, place);
      }
    }
  }

  /** What the header's Content-* fields say of the leading text is written in that part's header. */
  #contentFields(text: Range, { head, outline }: Place): void {
    const isLeading = !this.#source.directives.some((node) => node.type !== 'inline' && node.range.start < text.start);
    const fields = isLeading ? this.#source.fields.filter(({ name }) => /^content-/i.test(name)) : [];
    for (const { name, range } of fields) {
      const written = outline?.fields.find((field) => field.name.toLowerCase() === name.toLowerCase());
      // Of a charset that was declared alone, or of a name, more than one field may come.
      this.#detail(range, written ? { start: written.start, end: written.end } : head);
    }
    this.#links.push({ kind: 'whole', source: this.#lines(text), shown: head, only: 'to source' });
  }

  #text(pieces: readonly MappedText[], part: BuiltPart, { body, outline }: Place, more: Partial<Link> = {}): void {
    const first = pieces[0];
    const last = pieces[pieces.length - 1];
    if (!first || !last) return;
    const isCut = this.#shown.gaps.some(({ start }) => start >= body.start && start < body.end);
    const source = { start: first.range.start, end: last.range.end };
    let lines: LineLink | undefined;
    const charset = part.charset ?? outline?.charset;
    const encoded = {
      bodyStart: body.start,
      bodyEnd: body.end,
      encoding: part.encoding,
      ...(charset === undefined ? {} : { charset }),
    };
    this.#detail(source, body, {
      ...more,
      ...(isCut
        ? {}
        : {
            lines: () => {
              if (lines) return lines;
              const written = this.#writtenLines(pieces);
              const sent = bodyLines(this.#shown.text, encoded);
              const text = ({ text }: { readonly text: string }) => text;
              lines = lineLink(placed(written), placed(sent), () => alignLines(written.map(text), sent.map(text)));
              return lines;
            },
          }),
    });
  }

  /** The lines of typed text, escapes undone, each with the line of the document that it stands in; of a template, its own lines. */
  #writtenLines(pieces: readonly MappedText[]): readonly (Range & { readonly text: string })[] {
    const source = this.#source;
    const found: (Range & { readonly text: string })[] = [];
    for (const piece of pieces) {
      const text = piece.rendered ? source.text.slice(piece.range.start, piece.range.end) : piece.text;
      const placeOf = (offset: number) => (piece.rendered ? piece.range.start + offset : documentOffset(piece, offset));
      for (let at = 0; at < text.length; ) {
        const end = /\r\n|\r|\n/g;
        end.lastIndex = at;
        const match = end.exec(text);
        const offset = placeOf(at);
        const last = match?.index ?? text.length;
        found.push({ text: text.slice(at, last), start: source.lineStart(offset), end: source.lineEnd(offset) });
        at = match ? match.index + match[0].length : text.length;
      }
    }
    // Text that ends in a line end has an empty line behind it, as it has when it is sent.
    const end = pieces[pieces.length - 1]!.range.end;
    if (source.lineStart(end) === end) found.push({ text: '', start: end, end });
    return found;
  }

  /** `<#/multipart>` is where the last boundary comes from. */
  #close(range: Range, part: BuiltPart, { body }: Place): void {
    const node = this.#source.directives.find((each) => each.range.start === range.start);
    if (node?.type !== 'multipart' || !node.closeRange || part.children.length === 0) return;
    const end = this.#trimmed(body.start, body.end).end;
    this.#detail(node.closeRange, { start: this.#lineStart(end), end });
  }

  #place(part: BuiltPart, isRoot: boolean): Place {
    const { unitOf } = this.#shown;
    const body = { start: unitOf(part.bodyStart), end: unitOf(part.bodyEnd) };
    const fields = this.#built.fields;
    const start = isRoot
      ? unitOf(fields[fields.length - 1]?.end ?? 0)
      : this.#lineStart(Math.max(0, unitOf(part.headerStart) - 2));
    return { head: this.#trimmed(start, body.start), body, outline: this.#outlines.get(body.start) };
  }

  #lineStart(offset: number): number {
    return this.#shown.text.lastIndexOf('\n', offset - 1) + 1;
  }

  /** Without the line ends at its end. */
  #trimmed(start: number, end: number): Range {
    const { text } = this.#shown;
    let last = end;
    while (last > start && (text[last - 1] === '\n' || text[last - 1] === '\r')) last--;
    return { start, end: last };
  }

  /** Without its last line end. */
  #lines({ start, end }: Range): Range {
    const { text } = this.#source;
    let last = end;
    if (last > start && text[last - 1] === '\n') last--;
    if (last > start && text[last - 1] === '\r') last--;
    return { start, end: last };
  }
}
