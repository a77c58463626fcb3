import type { ProblemBase, Range } from '../base/problem.ts';
import { atOnce, type Steps } from '../base/steps.ts';
import { attributeFacts } from './directives.ts';
import type {
  Draft,
  DraftAttribute,
  DraftField,
  DraftFile,
  DraftMultipart,
  DraftNode,
  DraftPart,
  DraftSetting,
  DraftText,
} from './draft.ts';
import { fieldKind } from './fields.ts';
import { mappedJoin, mappedSlice } from './mapped.ts';
import type {
  AttachNode,
  AttributeNode,
  BodyNode,
  DirectiveHead,
  Document,
  EscapedNode,
  FieldNode,
  InlineNode,
  MappedText,
  MultipartNode,
  PartNode,
  SettingNode,
  TextNode,
  ValueNode,
} from './nodes.ts';
import type { DraftProblem } from './problems.ts';
import { countingSettings, settingFacts } from './settings.ts';

/**
 * What a text is, and so how a value has to be escaped or quoted in it: `address` a list of addresses, `params` a value
 * with parameters, `unstructured`, `token` and `setting` any other header value, `attribute` one of a directive,
 * `text`, `html` and `markdown` the content of a part.
 */
export type RenderContext =
  | 'unstructured'
  | 'address'
  | 'params'
  | 'token'
  | 'setting'
  | 'attribute'
  | 'text'
  | 'html'
  | 'markdown';

export interface Rendered<Problem extends ProblemBase = ProblemBase> {
  readonly value: MappedText;
  readonly problems: readonly Problem[];
}

/** The port through which template values come in; `template/` implements it. */
export interface Render<Problem extends ProblemBase = ProblemBase> {
  /** The text with its expressions evaluated; `value` itself where it holds none. Called in order of place. */
  text(value: MappedText, context: RenderContext): Rendered<Problem>;
  /** The same in parts, for what may be long. */
  steps?(value: MappedText, context: RenderContext): Steps<Rendered<Problem>>;
  /** Whether the value at a path of the data is truthy; undefined where there is no data at all. */
  test(path: string): boolean | undefined;
}

export interface DraftResult<Problem extends ProblemBase = ProblemBase> {
  readonly draft: Draft;
  readonly problems: readonly (DraftProblem | Problem)[];
}

/** Types whose text is markup: values are escaped in it. */
const MARKUP = /^(?:text\/(?:html|x-amp-html|mjml|xml)|application\/(?:xhtml\+xml|xml))$/i;

/**
 * The draft of a composed document: escapes undone, notes out, what `when` drops left out, expressions rendered by
 * `render`. Without it, expressions stay as they are written. Unknown directives are left out: their problem is the
 * parser's. The text of a run or a part is one text, rendered as a whole, the files that stand `<#inline>` in it after it.
 */
export function draftOf<Problem extends ProblemBase = never>(
  document: Document,
  render?: Render<Problem>,
): DraftResult<Problem> {
  return atOnce(draftSteps(document, render));
}

/** The same in parts. */
export function draftSteps<Problem extends ProblemBase = never>(
  document: Document,
  render?: Render<Problem>,
): Steps<DraftResult<Problem>> {
  return new DraftMaker(document, render).make();
}

class DraftMaker<Problem extends ProblemBase> {
  readonly #document: Document;
  readonly #render: Render<Problem> | undefined;
  readonly #problems: (DraftProblem | Problem)[] = [];

  constructor(document: Document, render: Render<Problem> | undefined) {
    this.#document = document;
    this.#render = render;
  }

  *make(): Steps<DraftResult<Problem>> {
    const { header, body } = this.#document;
    const settings = countingSettings(header).map((node) => this.#setting(node));
    const fields = header.filter((node): node is FieldNode => node.type === 'field').map((node) => this.#field(node));
    const leadingType = fields.find((field) => field.name.toLowerCase() === 'content-type')?.value.text;
    const draft = { settings, fields, body: yield* this.#nodes(body, leadingType) };
    return { draft, problems: this.#problems };
  }

  #rendered(value: MappedText, context: RenderContext): MappedText {
    if (!this.#render) return value;
    const result = this.#render.text(value, context);
    this.#problems.push(...result.problems);
    return result.value;
  }

  /** What may be as long as the document. */
  *#content(value: MappedText, context: RenderContext): Steps<MappedText> {
    if (!this.#render?.steps) return this.#rendered(value, context);
    const result = yield* this.#render.steps(value, context);
    this.#problems.push(...result.problems);
    return result.value;
  }

  #setting(node: SettingNode): DraftSetting {
    const name = node.name.toLowerCase();
    const { range, nameRange } = node;
    const context = name === 'envelope-from' ? 'address' : 'setting';
    const value = settingFacts(name)?.rendered ? this.#rendered(node.value, context) : node.value;
    return { name, value, range, nameRange };
  }

  #field(node: FieldNode): DraftField {
    const { name, range, nameRange } = node;
    return { name, value: this.#rendered(node.value, contextOf(name)), range, nameRange };
  }

  /** What stands in the body or in a multipart. Only the first run of text has a type of its own, that of the header. */
  *#nodes(nodes: readonly BodyNode[], leadingType: string | undefined): Steps<readonly DraftNode[]> {
    const out: DraftNode[] = [];
    let run: (TextNode | EscapedNode | InlineNode)[] = [];
    let type = leadingType;
    for (const node of nodes) {
      switch (node.type) {
        case 'text':
        case 'escaped':
        case 'inline':
          run.push(node);
          break;
        case 'note':
        case 'unknown':
          break;
        case 'attach':
        case 'part':
        case 'multipart': {
          if (run.length > 0) for (const each of yield* this.#run(run, type)) out.push(each);
          run = [];
          type = undefined;
          const made = node.type === 'attach' ? this.#file(node) : yield* this.#block(node);
          if (made) out.push(made);
          yield;
        }
      }
    }
    for (const each of yield* this.#run(run, type)) out.push(each);
    return out;
  }

  *#run(
    run: readonly (TextNode | EscapedNode | InlineNode)[],
    type: string | undefined,
  ): Steps<(DraftText | DraftFile)[]> {
    const text = yield* this.#text(run, type, false);
    const files: DraftFile[] = [];
    for (const node of run) {
      if (node.type !== 'inline') continue;
      const file = this.#file(node);
      if (file) files.push(file);
    }
    return text ? [text, ...files] : files;
  }

  #block(node: PartNode | MultipartNode): Steps<DraftNode | undefined> {
    return node.type === 'part' ? this.#part(node) : this.#multipart(node);
  }

  *#text(run: readonly BodyNode[], type: string | undefined, literal: boolean): Steps<DraftText | undefined> {
    const pieces: Range[] = [];
    for (const node of run) {
      if (node.type === 'text') pieces.push(node.range);
      else if (node.type === 'escaped') {
        pieces.push({ start: node.range.start, end: node.mark }, { start: node.mark + 1, end: node.range.end });
      }
    }
    const [first] = pieces;
    if (!first) return undefined;
    const range = { start: first.start, end: pieces[pieces.length - 1]!.end };
    const text = mappedJoin(this.#document.text, pieces, range);
    const media = mediaType(type);
    const context = MARKUP.test(media) ? 'html' : media.toLowerCase() === 'text/markdown' ? 'markdown' : 'text';
    return { type: 'text', text: literal ? text : yield* this.#content(text, context), range };
  }

  *#part(node: PartNode): Steps<DraftPart | undefined> {
    if (!this.#kept(node)) return undefined;
    const attributes = this.#attributes(node);
    const textOf = (name: string): string | undefined =>
      attributes.find((attribute) => attribute.name === name)?.value?.text;
    const text = yield* this.#text(node.children, textOf('type'), textOf('template') === 'off');
    const files = node.children
      .filter((child): child is InlineNode => child.type === 'inline')
      .map((child) => this.#file(child))
      .filter((file): file is DraftFile => file !== undefined);
    const { range, headRange } = node;
    return { type: 'part', attributes, children: text ? [text, ...files] : files, range, headRange };
  }

  *#multipart(node: MultipartNode): Steps<DraftMultipart | undefined> {
    if (!this.#kept(node)) return undefined;
    const { range, headRange } = node;
    const attributes = this.#attributes(node);
    return { type: 'multipart', attributes, children: yield* this.#nodes(node.children, undefined), range, headRange };
  }

  #file(node: AttachNode | InlineNode): DraftFile | undefined {
    if (!this.#kept(node)) return undefined;
    const { type, range, headRange } = node;
    const path = node.path
      ? this.#rendered(this.#value(node.path), 'attribute')
      : mappedSlice(this.#document.text, node.keywordRange.end, node.keywordRange.end);
    return { type, path, attributes: this.#attributes(node), range, headRange };
  }

  #attributes(node: DirectiveHead): readonly DraftAttribute[] {
    return node.attributes
      .filter(({ name }) => name.toLowerCase() !== 'when')
      .map((attribute) => this.#attribute(attribute));
  }

  #attribute({ name, nameRange, range, value }: AttributeNode): DraftAttribute {
    const lower = name.toLowerCase();
    const header = /^header\.(.*)$/i.exec(name);
    const known = attributeFacts(lower)
      ? lower
      : name.replace(/^(?:param|header)\./i, (prefix) => prefix.toLowerCase());
    if (!value) return { name: known, nameRange, range };
    const context = header ? contextOf(header[1]!) : 'attribute';
    return { name: known, nameRange, range, value: this.#rendered(this.#value(value), context) };
  }

  /** A value as meant, the offsets of its escapes kept. */
  #value({ range, quoted }: ValueNode): MappedText {
    const document = this.#document.text;
    if (!quoted) return mappedSlice(document, range.start, range.end);
    const pieces: Range[] = [];
    let from = range.start + 1;
    let at = from;
    for (; at < range.end && document.charCodeAt(at) !== 0x22; at++) {
      if (document.charCodeAt(at) !== 0x5c) continue;
      const next = document.charCodeAt(at + 1);
      if (at + 1 >= range.end || (next !== 0x22 && next !== 0x5c)) continue;
      if (at > from) pieces.push({ start: from, end: at });
      from = ++at;
    }
    pieces.push({ start: from, end: at });
    return mappedJoin(document, pieces, range);
  }

  /** `when=path` keeps, `when=!path` drops, by the truth of the data. Without data everything stays, and says so. */
  #kept(node: DirectiveHead): boolean {
    if (!this.#render) return true;
    for (const { name, value } of node.attributes) {
      if (name.toLowerCase() !== 'when' || !value || value.text === '') continue;
      const negated = value.text.startsWith('!');
      const path = negated ? value.text.slice(1) : value.text;
      const truth = this.#render.test(path);
      if (truth === undefined) {
        this.#problems.push({ code: 'when-without-data', severity: 'warning', range: value.range, path });
      } else if (truth === negated) return false;
    }
    return true;
  }
}

function mediaType(type: string | undefined): string {
  return (type ?? '').split(';', 1)[0]!.trim();
}

function contextOf(name: string): RenderContext {
  switch (fieldKind(name)) {
    case 'address-list':
    case 'mailbox-list':
    case 'mailbox':
      return 'address';
    case 'params':
      return 'params';
    case 'unstructured':
    case 'phrases':
      return 'unstructured';
    default:
      return 'token';
  }
}
