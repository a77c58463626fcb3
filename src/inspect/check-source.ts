import type { Range } from '../base/problem.ts';
import { base64Content } from '../mime/base64.ts';
import type { BuiltMessage, BuiltPart } from '../mime/built.ts';
import { rangeInPieces, textOf } from '../mime/mapped.ts';
import { type LeafPart, partsOf, type TextContent } from '../mime/part.ts';
import type { CarriedImage, CheckInput } from './checks/input.ts';
import type { Place } from './checks/problems.ts';
import { checkInputOf } from './inspect-message.ts';
import { placeInSource } from './made-places.ts';
import type { MessageView } from './message.ts';
import { TemplatePlaces } from './template-places.ts';
import { type WrittenText, writtenPieces } from './written.ts';

/** A place in a document. */
export interface DocumentPlace extends Range {
  /** Set where the document does not hold the text itself: the place is that of what it comes from, or of what says so. */
  readonly about?: true;
  /** Set then where a program wrote it, and from what. */
  readonly generated?: 'mjml' | 'markdown';
}

/** What the checks are to look at, with the way back into the document. */
export interface CheckSource {
  readonly input: CheckInput;
  /** Where a problem's range stands in the document; undefined where there is no document. */
  place(where: Place, range: Range): DocumentPlace | undefined;
  /** A text as it stands in the document; undefined for one that the document does not hold. */
  written(where: 'html' | 'text'): WrittenText | undefined;
}

/**
 * The texts of a composed document as they were typed, before paths became cids, so that every place can be shown. What is made of
 * something else (MJML, Markdown, a file) is looked at as it is sent, and told at what it comes from.
 *
 * @param document the text that the message was built from
 */
export function builtSource(built: BuiltMessage, view: MessageView, document: string): CheckSource {
  const fromBytes = checkInputOf(view);
  const leaves = [...partsOf(built.root.part)].filter((part): part is LeafPart => part.kind === 'leaf');
  const html = bodyOf(leaves, 'text/html', fromBytes.html);
  const text = bodyOf(leaves, 'text/plain', fromBytes.text);
  const headOf = (leaf: LeafPart | undefined): Range => {
    if (!leaf) return firstLine(document);
    if (leaf.headRange.end > leaf.headRange.start) return leaf.headRange;
    const { start } = leaf.headRange;
    // The leading text has no directive: its first line stands for it.
    return { start, end: start + firstLine(document.slice(start)).end };
  };
  const written = (where: 'html' | 'text'): WrittenText | undefined => {
    const { typed, source, first } = where === 'html' ? html : text;
    const pieces = typed ?? (first?.content.from === 'text' ? source : undefined);
    return pieces && writtenPieces(pieces, document);
  };
  const inSource = (where: 'html' | 'text', range: Range): DocumentPlace => {
    const { source, made } = where === 'html' ? html : text;
    const found = source && placeInSource(fromBytes[where] ?? '', range, writtenPieces(source, document));
    if (found) return found;
    return {
      ...headOf(made ?? html.first ?? leaves[0]),
      about: true,
      ...(made?.convert && { generated: made.convert }),
    };
  };
  const places = new Map<Place, TemplatePlaces>();
  /** In the template, where a text was rendered: all of it is the place of that text otherwise. */
  const inTemplate = (where: 'html' | 'text', pieces: TextContent['pieces'], range: Range): Range | undefined => {
    if (!pieces.some(({ rendered }) => rendered)) return undefined;
    let found = places.get(where);
    if (!found) {
      found = new TemplatePlaces(textOf(pieces), writtenPieces(pieces, document), where === 'html');
      places.set(where, found);
    }
    return found.placeOf(range);
  };
  const field = (name: string): Range | undefined =>
    built.fields.find((each) => each.name.toLowerCase() === name && each.range)?.range;
  return {
    input: {
      ...fromBytes,
      ...(html.typed ? { html: textOf(html.typed), relativeImages: true } : {}),
      ...(text.typed ? { text: textOf(text.typed) } : {}),
      images: [...(fromBytes.images ?? []), ...carriedByPath(leaves, view)],
    },
    place(where, range) {
      if (where === 'subject') return field('subject') ?? { ...(field('from') ?? firstLine(document)), about: true };
      const { typed, first } = where === 'html' ? html : text;
      // What is about the text as a whole is told where that begins.
      if (range.end === range.start) return headOf(first ?? html.first ?? leaves[0]);
      if (!typed) return inSource(where, range);
      return inTemplate(where, typed, range) ?? rangeInPieces(typed, range.start, range.end - range.start);
    },
    written,
  };
}

/** What of a message is one of its texts: several parts are shown one below the other. */
interface Body {
  readonly first?: LeafPart;
  /** The first that the document does not hold as it is sent. */
  readonly made?: LeafPart;
  /** Where all of it is typed, and nothing is made of it: what is looked at. */
  readonly typed?: TextContent['pieces'];
  /** What is typed of it, and what of that which it is made from. */
  readonly source?: TextContent['pieces'];
}

/** @param read the text of that type as it was read out of the message */
function bodyOf(leaves: readonly LeafPart[], type: string, read: string | undefined): Body {
  const own = leaves.filter((leaf) => leaf.mediaType === type && leaf.disposition !== 'attachment');
  const unnamed = own.filter(({ name }) => name === undefined);
  const parts = unnamed.length > 0 || read === undefined ? unnamed : own;
  const [first] = parts;
  if (!first) return {};
  const source = parts.flatMap((part) => typedPieces(part) ?? []);
  const made = parts.find(({ content, convert }) => content.from !== 'text' || convert !== undefined);
  return { first, ...(made ? { made } : { typed: source }), ...(source.length > 0 && { source }) };
}

/** What is typed of a part, or of the one that it is made from. */
function typedPieces({ content }: LeafPart): TextContent['pieces'] | undefined {
  if (content.from === 'derived') return typedPieces(content.source);
  return content.from === 'text' ? content.pieces : undefined;
}

function firstLine(text: string): Range {
  return { start: 0, end: /^[^\r\n]*/.exec(text)![0].length };
}

/** Files that the HTML names by path, which became parts with a cid: each under its path. */
function carriedByPath(leaves: readonly LeafPart[], view: MessageView): CarriedImage[] {
  return leaves.flatMap((leaf) => {
    if (leaf.content.from !== 'file' || leaf.contentId === undefined) return [];
    const part = view.attachments.find((attachment) => attachment.contentId === leaf.contentId);
    if (!part) return [];
    const { path } = leaf.content;
    const image = { name: part.name || path, size: part.size, type: part.type };
    return pathsOf(path).map((key) => ({ key, ...image }));
  });
}

/** The pictures that a built message carries for its HTML, by cid and by path, without reading it. */
export function carriedImages({ root }: BuiltMessage): CarriedImage[] {
  const images: CarriedImage[] = [];
  const visit = ({ part, bodyStart, bodyEnd, encoding, children }: BuiltPart): void => {
    if (part.kind === 'leaf' && part.contentId !== undefined) {
      const length = bodyEnd - bodyStart;
      const size = encoding === 'base64' ? base64Content(length) : length;
      const path = part.content.from === 'file' ? part.content.path : undefined;
      const image = { name: part.name ?? path ?? '', size, type: part.mediaType };
      images.push({ key: part.contentId, ...image });
      if (path !== undefined) images.push(...pathsOf(path).map((key) => ({ key, ...image })));
    }
    for (const child of children) visit(child);
  };
  visit(root);
  return images;
}

/** The ways to write a path that stand in HTML. */
function pathsOf(path: string): string[] {
  return [path, `./${path}`.replace(/^\.\/\.\//, './'), path.replace(/^\.\//, '')];
}
