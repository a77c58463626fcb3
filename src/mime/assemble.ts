import type { Steps } from '../base/steps.ts';
import type { Draft, DraftFile, DraftMultipart, DraftNode, DraftPart, DraftText } from '../document/draft.ts';
import type { MappedText } from '../document/nodes.ts';
import { type PartAttributes, readAttributes } from './attributes.ts';
import { baseName, fileType } from './file-type.ts';
import { type Container, Grouping, type Item, type LeafItem, type MutableLeaf } from './grouping.ts';
import { type LeadingAttributes, leadingAttributes } from './leading.ts';
import { alternativeRank, isTextType, isTextual } from './media-type.ts';
import type { Content, LeafPart, PartTree } from './part.ts';
import type { MimeProblem } from './problems.ts';
import { resolveReferences } from './related.ts';
import { type BuildSettings, buildSettings } from './settings.ts';

export interface AssembleOptions {
  /** The text of the document: fixes that move text need it. */
  readonly documentText?: string;
  /** Content-IDs of pictures come from it; see `BuildOptions.seed`. */
  readonly seed?: string;
  /**
   * HTML that is not typed as such: of `<#part src>`, or made of Markdown, by `headRange.start` of its part. Without it such a part
   * may name any cid, and the pictures in it are not known.
   */
  readonly html?: LoadedHtmls;
}

export type LoadedHtmls = ReadonlyMap<number, LoadedHtml>;

export interface LoadedHtml {
  readonly html: string;
  /** The file that it stands in: its pictures are relative to that. Undefined for a part that is typed. */
  readonly file?: string;
}

export interface Assembled {
  readonly tree: PartTree;
  readonly problems: readonly MimeProblem[];
}

/** The parts that a draft becomes (DOCUMENT.md, "What it becomes"), without reading a file. Total; in steps, since it may be long. */
export function* assembleSteps(draft: Draft, options: AssembleOptions): Steps<Assembled> {
  const problems: MimeProblem[] = [];
  const settings = buildSettings(draft, problems);
  const reader = new BodyReader(draft, settings, problems);
  const container = yield* reader.read();
  yield* resolveReferences(container, {
    seed: options.seed ?? '',
    inlineImages: settings.inlineImages,
    html: options.html ?? new Map(),
    documentText: options.documentText,
    problems,
  });
  yield;
  const root = yield* new Grouping(settings, options.documentText, problems).root(container, reader.emptyLeaf);
  yield;
  const { charset } = reader;
  return { tree: charset === undefined ? { root } : { root, charset }, problems };
}

/** Draft nodes to items: what each directive and text is by itself, before it is known what goes together. */
class BodyReader {
  readonly #draft: Draft;
  readonly #settings: BuildSettings;
  readonly #problems: MimeProblem[];
  /** What a message without any part consists of. */
  emptyLeaf: () => LeafPart;
  /** The charset that the header's Content-Type declares. */
  charset: string | undefined;

  constructor(draft: Draft, settings: BuildSettings, problems: MimeProblem[]) {
    this.#draft = draft;
    this.#settings = settings;
    this.#problems = problems;
    this.emptyLeaf = () => this.#textLeaf({ parameters: [], fields: [] }, []).part;
  }

  *read(): Steps<Container> {
    const leading = leadingAttributes(this.#draft.fields, this.#problems);
    this.charset = leading.charset;
    const container = yield* this.#container(this.#draft.body, leading);
    const first = container.items.find((item) => item.kind !== 'loose');
    if (first === undefined) this.emptyLeaf = () => this.#textLeaf(leading, []).part;
    else if (leading.written.length > 0 && !(first.kind === 'leaf' && first.leading)) {
      // The document reports these two whether or not there is text.
      const names = leading.written
        .map((field) => field.name)
        .filter((name) => !/^content-transfer-encoding$/i.test(name));
      const range = leading.written[0]!.nameRange;
      if (names.length > 0) this.#problems.push({ code: 'content-fields-unused', severity: 'warning', range, names });
    }
    return container;
  }

  *#container(nodes: readonly DraftNode[], leading?: LeadingAttributes): Steps<Container> {
    const items: Item[] = [];
    // Text that text behind an inline still belongs to.
    let open: LeafItem | undefined;
    let last: DraftNode['type'] | undefined;
    for (const node of nodes) {
      yield;
      switch (node.type) {
        case 'text': {
          if (open) {
            appendText(open.part, node);
            break;
          }
          if (!/\S/.test(node.text.text)) break;
          const before = items[items.length - 1];
          if (last === 'part' && before?.kind === 'leaf' && before.part.content.from === 'text') {
            // An error of the document; shown where its fix puts it.
            appendText(before.part, node);
            break;
          }
          const isLeading = last === undefined && leading !== undefined;
          open = this.#textLeaf(isLeading ? leading : { parameters: [], fields: [] }, [node]);
          if (isLeading) open.leading = leading.written;
          else if (last === 'attach' || last === 'multipart') {
            this.#problems.push({
              code: 'text-after-attachment',
              severity: 'warning',
              range: node.range,
              after: last,
            });
            open.part.disposition = 'inline';
            open.alternative = false;
          }
          items.push(open);
          break;
        }
        case 'part':
          open = undefined;
          last = 'part';
          items.push(this.#part(node));
          break;
        case 'multipart': {
          open = undefined;
          last = 'multipart';
          const made = yield* this.#multipart(node);
          if (made) items.push(made);
          break;
        }
        case 'attach':
          open = undefined;
          last = 'attach';
          items.push(this.#file(node));
          break;
        case 'inline':
          items.push({ kind: 'loose', resource: this.#file(node) });
          break;
      }
    }
    return { items };
  }

  #textLeaf(attributes: PartAttributes, nodes: readonly DraftText[]): LeafItem {
    const mediaType = this.#leafType(attributes, 'text/plain');
    const first = nodes[0];
    const range = first ? first.range : { start: 0, end: 0 };
    const part: MutableLeaf = {
      ...this.#common(attributes, mediaType, { from: 'text', pieces: nodes.map((node) => node.text) }, true),
      range,
      headRange: { start: range.start, end: range.start },
    };
    return { kind: 'leaf', part, alternative: isAlternative(part), inlines: [] };
  }

  #part(node: DraftPart): LeafItem {
    const attributes = readAttributes(node.attributes, this.#problems);
    const source = attributes.source;
    const pieces = node.children.flatMap((child) => (child.type === 'text' ? [child.text] : []));
    const guessed = source ? (fileType(source.text) ?? 'text/plain') : 'text/plain';
    const mediaType = this.#leafType(attributes, guessed, node);
    const typed = source === undefined;
    const content: Content = typed
      ? { from: 'text', pieces }
      : isTextType(mediaType)
        ? { from: 'text-file', path: source.text, range: source.range }
        : { from: 'file', path: source.text, range: source.range };
    if (typed && !isTextual(mediaType) && pieces.some((piece) => /\S/.test(piece.text)))
      this.#problems.push({ code: 'text-for-binary-type', severity: 'warning', range: node.headRange, mediaType });
    const part: MutableLeaf = {
      ...this.#common(attributes, mediaType, content, content.from !== 'file'),
      range: node.range,
      headRange: node.headRange,
    };
    const inlines = node.children.flatMap((child) => (child.type === 'text' ? [] : [this.#file(child)]));
    return { kind: 'leaf', part, alternative: isAlternative(part), inlines, node };
  }

  *#multipart(node: DraftMultipart): Steps<Item | undefined> {
    const attributes = readAttributes(node.attributes, this.#problems, 'multipart');
    let mediaType = attributes.type ?? 'multipart/mixed';
    if (!mediaType.startsWith('multipart/')) {
      const written = node.attributes.find((attribute) => attribute.name === 'type')?.value;
      this.#problems.push({
        code: 'attribute-value-invalid',
        severity: 'error',
        range: written?.range ?? node.headRange,
        name: 'type',
        value: mediaType,
        expected: ['multipart/mixed', 'multipart/alternative', 'multipart/related'],
      });
      mediaType = 'multipart/mixed';
    }
    const container = yield* this.#container(node.children);
    if (container.items.length === 0) {
      this.#problems.push({ code: 'multipart-empty', severity: 'error', range: node.headRange });
      return undefined;
    }
    return { kind: 'multipart', node, mediaType, attributes, container };
  }

  #file(node: DraftFile): LeafItem {
    const attributes = readAttributes(node.attributes, this.#problems);
    const path = node.path.text;
    let guessed = fileType(path);
    if (guessed === undefined && attributes.type === undefined) {
      guessed = 'application/octet-stream';
      // A path that is still to be typed has no name to go by.
      if (path !== '')
        this.#problems.push({ code: 'unknown-file-type', severity: 'warning', range: node.path.range, path });
    }
    const mediaType = this.#leafType(attributes, guessed ?? 'application/octet-stream', node);
    const part: MutableLeaf = {
      ...this.#common(attributes, mediaType, { from: 'file', path, range: node.path.range }, false),
      range: node.range,
      headRange: node.headRange,
    };
    part.disposition ??= node.type === 'attach' ? 'attachment' : 'inline';
    if (part.name === undefined && attributes.nameRange === undefined) part.name = baseName(path);
    return { kind: 'leaf', part, alternative: false, inlines: [], node };
  }

  /** The type of a part that is no multipart. */
  #leafType(attributes: PartAttributes, otherwise: string, node?: DraftPart | DraftFile): string {
    const type = attributes.type;
    if (type === undefined) return otherwise.startsWith('multipart/') ? 'application/octet-stream' : otherwise;
    if (!type.startsWith('multipart/')) return type;
    const written = node?.attributes.find((attribute) => attribute.name === 'type')?.value;
    if (written)
      this.#problems.push({ code: 'multipart-type-here', severity: 'error', range: written.range, value: type });
    return otherwise;
  }

  #common(
    attributes: PartAttributes,
    mediaType: string,
    content: Content,
    isText: boolean,
  ): Omit<MutableLeaf, 'range' | 'headRange'> {
    const part: Omit<MutableLeaf, 'range' | 'headRange'> = {
      kind: 'leaf',
      mediaType,
      content,
      parameters: attributes.parameters,
      fields: attributes.fields,
    };
    if (attributes.charset !== undefined) part.charset = attributes.charset;
    else if (isText && isTextType(mediaType)) part.charset = 'utf-8';
    if (attributes.charsetRange) part.charsetRange = attributes.charsetRange;
    if (attributes.name !== undefined) part.name = attributes.name;
    if (attributes.nameRange) part.nameRange = attributes.nameRange;
    if (attributes.disposition !== undefined) part.disposition = attributes.disposition;
    if (attributes.id !== undefined) part.contentId = attributes.id;
    if (attributes.idRange) part.idRange = attributes.idRange;
    if (attributes.description) part.description = attributes.description;
    if (attributes.language !== undefined) part.language = attributes.language;
    if (attributes.method !== undefined) part.method = attributes.method;
    if (attributes.methodRange) part.methodRange = attributes.methodRange;
    if (this.#settings.flowed && isText && mediaType === 'text/plain') part.flowed = true;
    this.#encoding(attributes, mediaType, part);
    return part;
  }

  #encoding(
    attributes: PartAttributes,
    mediaType: string,
    part: Pick<MutableLeaf, 'encoding' | 'encodingRange'>,
  ): void {
    const { encoding, encodingRange } = attributes;
    if (encoding === undefined || encodingRange === undefined) return;
    const allowed = this.#settings.encoding;
    if (mediaType.startsWith('message/') && (encoding === 'base64' || encoding === 'quoted-printable'))
      this.#problems.push({ code: 'encoding-not-for-message', severity: 'error', range: encodingRange, encoding });
    else if ((encoding === '8bit' && allowed === '7bit') || (encoding === 'binary' && allowed !== 'binary'))
      this.#problems.push({ code: 'encoding-needs-setting', severity: 'error', range: encodingRange, encoding });
    else {
      part.encoding = encoding;
      part.encodingRange = encodingRange;
    }
  }
}

function appendText(part: MutableLeaf, node: DraftText): void {
  // The array is this module's own, and a text in many pieces is not copied for each.
  if (part.content.from === 'text') (part.content.pieces as MappedText[]).push(node.text);
}

/** Alternatives are forms of the text itself: of the types that readers choose among, and nothing to be saved. */
function isAlternative(part: MutableLeaf): boolean {
  return alternativeRank(part.mediaType) !== undefined && part.disposition === undefined && part.name === undefined;
}
