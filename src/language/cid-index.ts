import type { Range } from '../base/problem.ts';
import { cidOf, htmlReferences } from '../mime/html-references.ts';
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

export interface CidIndex {
  readonly definitions: readonly CidDefinition[];
  readonly references: readonly CidReference[];
  /** Pictures that are no cids, relative paths among them. */
  readonly urls: readonly HtmlUrl[];
  /** HTML of a finished message that can't be looked into where it stands. */
  readonly unreadable: readonly { readonly message: number; readonly why: 'base64' | 'charset' }[];
}

/** Two that mean the same part: of one name, in one message. */
export function isSameCid(one: NamedPart): (other: NamedPart) => boolean {
  return ({ id, message }) => id === one.id && message === one.message;
}

interface NamedPart {
  readonly id: string;
  readonly message?: number;
}

const ID = /\bid=/i;

/** Every Content-ID of a composed document, and every place in its HTML that names one. */
export function cidIndex(analysis: Analysis): CidIndex {
  const definitions = definitionsIn(analysis);
  const references: CidReference[] = [];
  const urls: HtmlUrl[] = [];
  for (const region of analysis.regions) readPictures(analysis, region, references, urls);
  return { definitions, references, urls, unreadable: [] };
}

/** The Content-IDs of a composed document. */
export function definitionsIn(analysis: Analysis): readonly CidDefinition[] {
  const definitions: CidDefinition[] = [];
  for (const node of analysis.directives) {
    const { start, end } = node.headRange;
    // To look is much less than to read every head.
    if (!ID.test(analysis.text.slice(start, end))) continue;
    const value = attributeOf(node, 'id')?.value;
    if (!value || value.text === '') continue;
    const inner = { start: value.range.start + (value.quoted ? 1 : 0), end: value.range.end - (value.quoted ? 1 : 0) };
    const bracketed = value.text.startsWith('<') && value.text.endsWith('>');
    const range = bracketed ? { start: inner.start + 1, end: inner.end - 1 } : inner;
    definitions.push({ id: bracketed ? value.text.slice(1, -1) : value.text, range, node });
  }
  return definitions;
}

/** The picture that the HTML of a composed document names there, without looking through all the rest. */
export function pictureAt(
  analysis: Analysis,
  offset: number,
): { readonly reference?: CidReference | undefined; readonly url?: HtmlUrl | undefined } {
  const region = analysis.regionAt(offset);
  if (!region) return {};
  const references: CidReference[] = [];
  const urls: HtmlUrl[] = [];
  readPictures(analysis, region, references, urls);
  return { reference: within(references, offset), url: within(urls, offset) };
}

function readPictures(analysis: Analysis, region: TextRegion, references: CidReference[], urls: HtmlUrl[]): void {
  for (const piece of region.pieces) {
    if (piece.type !== 'text') continue;
    const { start } = piece.range;
    const all = htmlReferences(analysis.text.slice(start, piece.range.end));
    // Whether it is HTML takes reading the head of its part.
    if (all.length > 0 && !isMarkup(region)) return;
    for (const found of all) {
      const range = { start: start + found.start, end: start + found.end };
      const id = cidOf(found.url);
      if (id === undefined) urls.push({ url: found.url, range });
      else references.push({ id, range: { start: range.start + 4, end: range.end } });
    }
  }
}
