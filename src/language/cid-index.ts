import type { Range } from '../base/problem.ts';
import { cidOf, htmlReferences, referencesIn } from '../mime/html-references.ts';
import { type Analysis, attributeOf, type DirectiveNode, isMarkup, type TextRegion, within } from './analysis.ts';

/** A part's id where it is given. */
export interface CidDefinition {
  readonly id: string;
  /** The id, without quotes and angle brackets. */
  readonly range: Range;
  /** Undefined in a finished message, where a field gives it. */
  readonly node?: DirectiveNode;
  /** In a finished message, which of the messages in it. */
  readonly message?: number;
}

/** A `cid:` URL in the HTML, or the `start` of a multipart/related. */
export interface CidReference {
  readonly id: string;
  /** What stands behind `cid:`. */
  readonly range: Range;
  readonly message?: number;
  /** Whether it stands in quoted-printable. */
  readonly encoded?: boolean;
}

/** Something else that the HTML shows: its URL as meant, and where it stands. */
export interface HtmlUrl {
  readonly url: string;
  readonly range: Range;
}

/** What stands at an offset, its end and a `cid:` before it included. */
export interface CidPlace {
  readonly definition?: CidDefinition | undefined;
  readonly reference?: CidReference | undefined;
  readonly url?: HtmlUrl | undefined;
}

export interface CidIndex {
  readonly definitions: readonly CidDefinition[];
  readonly references: readonly CidReference[];
  /** Pictures that are no cids, relative paths among them. */
  readonly urls: readonly HtmlUrl[];
  /** The same, found one after the other: for whoever needs no more than the first. */
  pictures(): Iterable<HtmlUrl>;
  /** HTML of a finished message that can't be looked into where it stands. */
  readonly unreadable: readonly { readonly message: number; readonly why: 'base64' | 'charset' }[];
  /** All that mean that part. */
  of(part: NamedPart): Pick<CidIndex, 'definitions' | 'references'>;
  /** What stands there, told without looking through all the rest, where it can be. */
  at(offset: number): CidPlace;
}

export function placeIn(found: Pick<CidIndex, 'definitions' | 'references' | 'urls'>, offset: number): CidPlace {
  const touches = (range: Range, before = 0): boolean => offset >= range.start - before && offset <= range.end;
  return {
    definition: found.definitions.find(({ range }) => touches(range)),
    reference: found.references.find(({ range }) => touches(range, 'cid:'.length)),
    url: within(found.urls, offset),
  };
}

/** Two that mean the same part: of one name, in one message. */
export function isSameCid(one: NamedPart): (other: NamedPart) => boolean {
  return ({ id, message }) => id === one.id && message === one.message;
}

export interface NamedPart {
  readonly id: string;
  readonly message?: number;
}

/** Every Content-ID of a composed document, and every place in its HTML that names one; each found when it is first asked for. */
export class ComposedCids implements CidIndex {
  readonly unreadable = [];
  readonly #analysis: Analysis;
  #definitions: readonly CidDefinition[] | undefined;
  #pictures: Pictures | undefined;
  /** The text that was looked into last. */
  #last: { readonly region: TextRegion; readonly pictures: Pictures } | undefined;

  constructor(analysis: Analysis) {
    this.#analysis = analysis;
  }

  get definitions(): readonly CidDefinition[] {
    this.#definitions ??= this.#analysis.directives.flatMap((node) => definitionIn(node) ?? []);
    return this.#definitions;
  }

  of(part: NamedPart): Pick<CidIndex, 'definitions' | 'references'> {
    const { directives } = this.#analysis;
    // To read one attribute of each is much less than to read all.
    const given = directives.filter((node) => bare(node.valueOf('id') ?? '') === part.id);
    return {
      definitions: given.flatMap((node) => definitionIn(node) ?? []),
      references: this.references.filter(isSameCid(part)),
    };
  }

  get references(): readonly CidReference[] {
    return this.#all.references;
  }

  get urls(): readonly HtmlUrl[] {
    return this.#all.urls;
  }

  *pictures(): Generator<HtmlUrl> {
    if (this.#pictures) yield* this.#pictures.urls;
    else for (const region of this.#shown()) yield* this.#picturesFrom(region);
  }

  /** Those of one text, found some at a time. */
  *#picturesFrom(region: TextRegion): Generator<HtmlUrl> {
    if (this.#last?.region === region) {
      yield* this.#last.pictures.urls;
      return;
    }
    for (const { type, range } of region.pieces) {
      if (type !== 'text') continue;
      for (const some of referencesIn(this.#analysis.text.slice(range.start, range.end))) {
        // Whether it is HTML takes reading the head of its part.
        if (some.length > 0 && !isMarkup(region)) return;
        for (const { url, start, end } of some)
          if (cidOf(url) === undefined) yield { url, range: { start: range.start + start, end: range.start + end } };
      }
    }
  }

  at(offset: number): CidPlace {
    const node = this.#analysis.directiveAt(offset);
    const definition = node && definitionIn(node);
    const region = this.#analysis.regionAt(offset);
    const { references, urls } = region ? this.#picturesOf(region) : NO_PICTURES;
    return placeIn({ definitions: definition ? [definition] : [], references, urls }, offset);
  }

  get #all(): Pictures {
    this.#pictures ??= this.#everywhere();
    return this.#pictures;
  }

  #everywhere(): Pictures {
    const all = Array.from(this.#shown(), (region) => this.#picturesOf(region));
    const [first = NO_PICTURES] = all;
    if (all.length < 2) return first;
    return { references: all.flatMap(({ references }) => references), urls: all.flatMap(({ urls }) => urls) };
  }

  /** The texts that may name a picture. */
  *#shown(): Generator<TextRegion> {
    const { text, regions } = this.#analysis;
    /** The sign that was found last, at `sign`, ends there. */
    let sign = -1;
    let signEnd = -1;
    for (const region of regions) {
      const { start, end } = region.range;
      if (sign < start) {
        SIGN.lastIndex = start;
        const match = SIGN.exec(text);
        if (!match) return;
        sign = match.index;
        signEnd = SIGN.lastIndex;
      }
      if (signEnd <= end) yield region;
    }
  }

  /** What stands in one text. Kept: whoever asks what stands at a place often asks for all of its kind next. */
  #picturesOf(region: TextRegion): Pictures {
    if (this.#last?.region !== region) this.#last = { region, pictures: picturesIn(this.#analysis, region) };
    return this.#last.pictures;
  }
}

function definitionIn(node: DirectiveNode): CidDefinition | undefined {
  const value = attributeOf(node, 'id')?.value;
  if (!value || value.text === '') return undefined;
  const inner = { start: value.range.start + (value.quoted ? 1 : 0), end: value.range.end - (value.quoted ? 1 : 0) };
  const id = bare(value.text);
  const range = id === value.text ? inner : { start: inner.start + 1, end: inner.end - 1 };
  return { id, range, node };
}

/** An id without the angle brackets of a Content-ID. */
function bare(id: string): string {
  return id.startsWith('<') && id.endsWith('>') ? id.slice(1, -1) : id;
}

interface Pictures {
  readonly references: readonly CidReference[];
  readonly urls: readonly HtmlUrl[];
}

const NO_PICTURES: Pictures = { references: [], urls: [] };

/** What all ways to name a picture have in them (see {@link htmlReferences}): most of the many texts of a document have none. */
const SIGN = /src|background|poster|xlink:href|url/gi;

function picturesIn(analysis: Analysis, region: TextRegion): Pictures {
  const references: CidReference[] = [];
  const urls: HtmlUrl[] = [];
  for (const piece of region.pieces) {
    if (piece.type !== 'text') continue;
    const { start } = piece.range;
    const all = htmlReferences(analysis.text.slice(start, piece.range.end));
    // Whether it is HTML takes reading the head of its part.
    if (all.length > 0 && !isMarkup(region)) return NO_PICTURES;
    for (const found of all) {
      const range = { start: start + found.start, end: start + found.end };
      const id = cidOf(found.url);
      if (id === undefined) urls.push({ url: found.url, range });
      else references.push({ id, range: { start: range.start + 4, end: range.end } });
    }
  }
  return { references, urls };
}
