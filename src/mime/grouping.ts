import type { Steps } from '../base/steps.ts';
import type { DraftField, DraftFile, DraftMultipart, DraftPart } from '../document/draft.ts';
import { checkAlternatives } from './alternatives.ts';
import type { PartAttributes } from './attributes.ts';
import type { LeafPart, MultipartPart, Part } from './part.ts';
import type { MimeProblem } from './problems.ts';
import type { BuildSettings } from './settings.ts';

/** A leaf while it is being put together. */
export type MutableLeaf = { -readonly [Key in keyof LeafPart]: LeafPart[Key] };

export interface LeafItem {
  readonly kind: 'leaf';
  readonly part: MutableLeaf;
  /** Whether it may be one form of the text among several. */
  alternative: boolean;
  /** Of the leading text of the document: the fields of the header that are about it. */
  leading?: readonly DraftField[];
  /** `<#inline>`s inside the part. */
  readonly inlines: readonly LeafItem[];
  readonly node?: DraftPart | DraftFile;
  /** What goes beside it in a multipart/related; filled when references are resolved. */
  resources?: LeafPart[];
}

/** An `<#inline>` outside of parts: it stays where it is unless some HTML shows it. */
export interface LooseItem {
  readonly kind: 'loose';
  readonly resource: LeafItem;
  placed?: true;
}

export interface MultipartItem {
  readonly kind: 'multipart';
  readonly node: DraftMultipart;
  readonly mediaType: string;
  readonly attributes: PartAttributes;
  readonly container: Container;
}

export type Item = LeafItem | LooseItem | MultipartItem;

export interface Container {
  readonly items: readonly Item[];
}

const nowhere = { start: 0, end: 0 } as const;

/** What goes together: runs of alternatives, HTML and its pictures, the mixed (DOCUMENT.md, "What it becomes"). */
export class Grouping {
  readonly #settings: BuildSettings;
  readonly #documentText: string | undefined;
  readonly #problems: MimeProblem[];
  #textMade = false;

  constructor(settings: BuildSettings, documentText: string | undefined, problems: MimeProblem[]) {
    this.#settings = settings;
    this.#documentText = documentText;
    this.#problems = problems;
  }

  *root(container: Container, emptyLeaf: () => LeafPart): Steps<Part> {
    const children = yield* this.#mixed(container);
    const setting = this.#settings.textAuto;
    if (setting && !this.#textMade && !hasPlainBesideHtml(children))
      this.#problems.push({ code: 'text-auto-without-html', severity: 'warning', range: setting.range });
    if (children.length === 0) return emptyLeaf();
    const attached = container.items.some((item) => item.kind === 'leaf' && item.node?.type === 'attach');
    if (children.length === 1 && !attached) return children[0]!;
    return multipart('multipart/mixed', children);
  }

  /** The children of a mixed: text forms in an unbroken run become one alternative; an `<#inline>` breaks none. */
  *#mixed(container: Container): Steps<Part[]> {
    const children: Part[] = [];
    let run: LeafItem[] = [];
    let waiting: Part[] = [];
    const close = function* (this: Grouping): Steps<void> {
      if (run.length > 0) children.push(yield* this.#run(run));
      for (const part of waiting) children.push(part);
      run = [];
      waiting = [];
    }.bind(this);
    for (const item of container.items) {
      yield;
      if (item.kind === 'loose') {
        if (!item.placed) waiting.push(item.resource.part);
      } else if (item.kind === 'leaf' && item.alternative) run.push(item);
      else {
        yield* close();
        children.push(...(item.kind === 'leaf' ? this.#leaf(item) : [yield* this.#multipart(item)]));
      }
    }
    yield* close();
    return children;
  }

  *#run(run: readonly LeafItem[]): Steps<Part> {
    yield* checkAlternatives(run, this.#documentText, this.#problems);
    const forms = yield* this.#forms(run);
    return forms.length === 1 ? forms[0]! : multipart('multipart/alternative', forms);
  }

  /** The alternatives of a run, with the plain text that is made of another form where there is none. */
  *#forms(run: readonly LeafItem[]): Steps<Part[]> {
    const forms: Part[] = [];
    const hasPlain = run.some((item) => item.part.mediaType === 'text/plain');
    const markdown = run.find((item) => item.part.convert === 'markdown');
    const html = run.find((item) => item.part.mediaType === 'text/html');
    if (!hasPlain && markdown) forms.push(this.#derived(markdown.part, 'source-of-markdown'));
    else if (!hasPlain && html && this.#settings.textAuto) {
      forms.push(this.#derived(html.part, 'text-of-html'));
      this.#textMade = true;
    }
    for (const item of run) {
      forms.push(...this.#leaf(item));
      yield;
    }
    return forms;
  }

  #derived(source: LeafPart, how: 'text-of-html' | 'source-of-markdown'): LeafPart {
    return {
      kind: 'leaf',
      range: source.range,
      headRange: source.headRange,
      mediaType: 'text/plain',
      charset: source.charset ?? 'utf-8',
      content: { from: 'derived', how, source },
      parameters: [],
      fields: [],
      ...(source.language === undefined ? {} : { language: source.language }),
      ...(this.#settings.flowed && how === 'text-of-html' ? { flowed: true as const } : {}),
    };
  }

  /** A leaf, in a related with what it shows; what an `<#inline>` in it shows by itself follows it. */
  #leaf(item: LeafItem): Part[] {
    const resources = item.resources ?? [];
    const rest = item.inlines.map((inline) => inline.part).filter((part) => !resources.includes(part));
    const own: Part =
      resources.length === 0
        ? item.part
        : {
            ...multipart('multipart/related', [item.part, ...resources]),
            // RFC 2387 section 3.1: the type of the root part.
            parameters: [{ name: 'type', value: item.part.mediaType, range: item.part.headRange }],
          };
    if (rest.length === 0) return [own];
    return item.alternative ? [multipart('multipart/mixed', [own, ...rest])] : [own, ...rest];
  }

  *#multipart(item: MultipartItem): Steps<MultipartPart> {
    const { attributes, mediaType, node } = item;
    const children =
      mediaType === 'multipart/mixed'
        ? yield* this.#mixed(item.container)
        : mediaType === 'multipart/alternative'
          ? yield* this.#explicitAlternative(item.container)
          : mediaType === 'multipart/related'
            ? yield* this.#explicitRelated(item.container)
            : yield* this.#asTheyAre(item.container);
    const rootType = mediaType === 'multipart/related' ? children[0]?.mediaType : undefined;
    const parameters =
      rootType === undefined || attributes.parameters.some((parameter) => parameter.name.toLowerCase() === 'type')
        ? attributes.parameters
        : [{ name: 'type', value: rootType, range: node.headRange }, ...attributes.parameters];
    return {
      kind: 'multipart',
      explicit: true,
      range: node.range,
      headRange: node.headRange,
      mediaType,
      parameters,
      fields: attributes.fields,
      children,
      ...(attributes.disposition === undefined ? {} : { disposition: attributes.disposition }),
      ...(attributes.id === undefined ? {} : { contentId: attributes.id }),
      ...(attributes.description === undefined ? {} : { description: attributes.description }),
      ...(attributes.language === undefined ? {} : { language: attributes.language }),
    };
  }

  /** Every child is a form of its own, multiparts too. */
  *#explicitAlternative(container: Container): Steps<Part[]> {
    const leaves = container.items.filter((item): item is LeafItem => item.kind === 'leaf' && item.alternative);
    yield* checkAlternatives(leaves, this.#documentText, this.#problems);
    const forms = yield* this.#forms(leaves);
    const made = forms.filter((part) => part.kind === 'leaf' && part.content.from === 'derived');
    return [...made, ...(yield* this.#asTheyAre(container))];
  }

  /** The root first, as written; what its HTML shows beside it, the `<#inline>`s where they stand. */
  *#explicitRelated(container: Container): Steps<Part[]> {
    const children: Part[] = [];
    const beside: Part[] = [];
    for (const item of container.items) {
      yield;
      if (item.kind === 'loose') children.push(item.resource.part);
      else if (item.kind === 'multipart') children.push(yield* this.#multipart(item));
      else {
        children.push(item.part);
        beside.push(...(item.resources ?? []), ...item.inlines.map((inline) => inline.part));
      }
    }
    return [...new Set([...children, ...beside])];
  }

  *#asTheyAre({ items }: Container): Steps<Part[]> {
    const parts: Part[] = [];
    for (const item of items) {
      yield;
      if (item.kind === 'loose') {
        if (!item.placed) parts.push(item.resource.part);
      } else parts.push(...(item.kind === 'leaf' ? this.#leaf(item) : [yield* this.#multipart(item)]));
    }
    return parts;
  }
}

function multipart(mediaType: string, children: readonly Part[]): MultipartPart {
  const first = children[0]?.range ?? nowhere;
  const last = children[children.length - 1]?.range ?? nowhere;
  return {
    kind: 'multipart',
    explicit: false,
    range: { start: first.start, end: Math.max(first.end, last.end) },
    headRange: { start: first.start, end: first.start },
    mediaType,
    parameters: [],
    fields: [],
    children,
  };
}

function hasPlainBesideHtml(children: readonly Part[]): boolean {
  return children.some(
    (part) =>
      part.mediaType === 'text/html' ||
      (part.kind === 'multipart' && part.mediaType !== 'message/rfc822' && hasPlainBesideHtml(part.children)),
  );
}
