import type { Fix, Range } from '../base/problem.ts';
import type { Steps } from '../base/steps.ts';
import { suggestionFor } from '../base/suggestion.ts';
import type { LoadedHtml, LoadedHtmls } from './assemble.ts';
import { danglingFixes, unusedFixes } from './cid-fixes.ts';
import { baseName, fileType } from './file-type.ts';
import type { Container, LeafItem, LooseItem, MutableLeaf } from './grouping.ts';
import { cidOf, cidUrl, type Reference, referencesIn, relativePathOf } from './html-references.ts';
import { rangeInPieces, textOf } from './mapped.ts';
import type { LeafPart, Replacement } from './part.ts';
import { joinPath } from './paths.ts';
import type { MimeProblem } from './problems.ts';
import { seededName } from './seed.ts';

export interface ResolveOptions {
  readonly seed: string;
  readonly inlineImages: boolean;
  readonly html: LoadedHtmls;
  /** For fixes; without it there are none. */
  readonly documentText: string | undefined;
  readonly problems: MimeProblem[];
}

/** Whatever can be shown by HTML: an `<#inline>`, or an attachment with an id. */
interface Resource {
  readonly part: MutableLeaf;
  readonly node: LeafItem['node'];
  readonly loose?: LooseItem;
  /** The HTML part that it was written in. */
  readonly inside?: LeafItem;
  readonly inline: boolean;
  used: boolean;
}

/**
 * Finds what the HTML shows, gives each HTML leaf its resources, and makes `cid:` URLs of relative ones. Tells of ids that
 * nothing shows and of cids that nothing has.
 */
export function* resolveReferences(container: Container, options: ResolveOptions): Steps<void> {
  const resources: Resource[] = [];
  const documents: LeafItem[] = [];
  yield* collect(container, resources, documents);
  const byId = new Map<string, Resource>();
  const byPath = new Map<string, Resource>();
  for (const resource of resources) {
    yield;
    const { part } = resource;
    if (resource.inline && part.content.from === 'file') {
      const path = joinPath('', part.content.path);
      if (!byPath.has(path)) byPath.set(path, resource);
    }
    if (part.contentId === undefined) continue;
    if (!byId.has(part.contentId)) byId.set(part.contentId, resource);
    else if (part.idRange)
      options.problems.push({ code: 'duplicate-cid', severity: 'error', range: part.idRange, id: part.contentId });
  }
  const resolver = new Resolver(options, byId, byPath);
  let allKnown = true;
  for (const document of documents) {
    if (!(yield* resolver.resolve(document))) allKnown = false;
    yield;
  }
  // An <#inline> written inside an HTML part belongs to that part, shown or not.
  for (const resource of resources)
    if (resource.inside?.alternative && isHtml(resource.inside) && !resource.used)
      addResource(resource.inside, resource.part);
  if (!allKnown) return;
  for (const { used, part, node, inline, loose } of resources) {
    yield;
    if (used || part.content.from !== 'file') continue;
    if (part.idRange && part.contentId !== undefined)
      options.problems.push({
        code: 'unused-cid',
        severity: inline ? 'warning' : 'hint',
        range: part.idRange,
        id: part.contentId,
        attached: !inline,
        ...fixed(unusedFixes(node, { inline, loose: loose !== undefined }, options.documentText)),
      });
    else if (inline && documents.length > 0)
      options.problems.push({
        code: 'unused-inline',
        severity: 'warning',
        range: part.content.range,
        path: part.content.path,
        ...fixed(unusedFixes(node, { inline, loose: loose !== undefined }, options.documentText)),
      });
  }
}

function fixed(fixes: readonly Fix[]): { readonly fixes?: readonly Fix[] } {
  return fixes.length > 0 ? { fixes } : {};
}

function isHtml(item: LeafItem): boolean {
  const type = item.part.mediaType;
  return type === 'text/html' || type === 'text/mjml' || type === 'text/markdown';
}

function* collect(container: Container, resources: Resource[], documents: LeafItem[]): Steps<void> {
  for (const item of container.items) {
    yield;
    if (item.kind === 'multipart') {
      yield* collect(item.container, resources, documents);
      continue;
    }
    if (item.kind === 'loose') {
      const { part, node } = item.resource;
      resources.push({ part, node, loose: item, inline: true, used: false });
      continue;
    }
    for (const { part, node } of item.inlines) resources.push({ part, node, inside: item, inline: true, used: false });
    const { part, node } = item;
    if (part.content.from === 'file') {
      if (part.contentId !== undefined) resources.push({ part, node, inline: false, used: false });
    } else if (isHtml(item) && (item.alternative || part.mediaType === 'text/html')) documents.push(item);
  }
}

function addResource(item: LeafItem, part: LeafPart): void {
  item.resources ??= [];
  if (!item.resources.includes(part)) item.resources.push(part);
}

class Resolver {
  readonly #options: ResolveOptions;
  readonly #byId: Map<string, Resource>;
  readonly #byPath: Map<string, Resource>;
  /** Pictures that only HTML names, by path. */
  readonly #made = new Map<string, string>();

  constructor(options: ResolveOptions, byId: Map<string, Resource>, byPath: Map<string, Resource>) {
    this.#options = options;
    this.#byId = byId;
    this.#byPath = byPath;
  }

  /** False where the HTML is not there to be looked into. */
  *resolve(item: LeafItem): Steps<boolean> {
    const { part } = item;
    const loaded = this.#options.html.get(part.headRange.start);
    const written = part.mediaType;
    if (written === 'text/mjml' || written === 'text/markdown') {
      part.convert = written === 'text/mjml' ? 'mjml' : 'markdown';
      part.mediaType = 'text/html';
    }
    const content = part.content;
    if (content.from === 'file' || content.from === 'derived') return true;
    if (loaded === undefined && (content.from === 'text-file' || written === 'text/markdown')) return false;
    const html = loaded?.html ?? (content.from === 'text' ? textOf(content.pieces) : '');
    const edits: Replacement[] = [];
    for (const references of referencesIn(html)) {
      for (const reference of references) {
        const edit = this.#reference(item, reference, html, loaded);
        if (edit) edits.push(edit);
      }
      yield;
    }
    if (edits.length > 0) part.content = { ...content, edits };
    return true;
  }

  /** How the reference is to be written, if not as it stands. */
  #reference(
    item: LeafItem,
    { url, start, end }: Reference,
    html: string,
    loaded: LoadedHtml | undefined,
  ): Replacement | undefined {
    const { content, headRange } = item.part;
    const range =
      content.from === 'text' && loaded === undefined
        ? rangeInPieces(content.pieces, start, end - start)
        : content.from === 'text-file'
          ? content.range
          : headRange;
    const cid = cidOf(url);
    if (cid !== undefined) {
      const isTyped = this.#options.documentText?.slice(range.start, range.end) === html.slice(start, end);
      this.#cid(item, cid, range, isTyped);
      return undefined;
    }
    const path = this.#options.inlineImages ? relativePathOf(url) : undefined;
    if (path === undefined) return undefined;
    return { start, end, text: cidUrl(this.#picture(item, joinPath(loaded?.file ?? '', path), range)) };
  }

  /** @param isTyped whether the reference stands at that range as it is */
  #cid(item: LeafItem, id: string, range: Range, isTyped: boolean): void {
    const resource = this.#byId.get(id);
    if (resource) {
      this.#place(item, resource);
      return;
    }
    const suggestion = suggestionFor(id, this.#byId.keys());
    this.#options.problems.push({
      code: 'dangling-cid',
      severity: 'warning',
      range,
      id,
      ...(suggestion === undefined ? {} : { suggestion }),
      ...fixed(isTyped ? danglingFixes(range, suggestion) : []),
    });
  }

  /** Beside the first HTML that shows it; an attachment stays one. */
  #place(item: LeafItem, resource: Resource): void {
    const placed = resource.used;
    resource.used = true;
    if (placed || !resource.inline) return;
    if (resource.loose) resource.loose.placed = true;
    else if (resource.inside && resource.inside !== item) {
      // It moves from the part that it was written in to the one that shows it.
      (resource.inside.inlines as LeafItem[]).splice(
        resource.inside.inlines.findIndex((inline) => inline.part === resource.part),
        1,
      );
    }
    addResource(item, resource.part);
  }

  /** The Content-ID of the picture at that path, which goes along. */
  #picture(item: LeafItem, path: string, range: { start: number; end: number }): string {
    const inline = this.#byPath.get(path);
    if (inline) {
      this.#place(item, inline);
      inline.part.contentId ??= this.#idOf(path);
      return inline.part.contentId;
    }
    const known = this.#made.get(path);
    if (known !== undefined) return known;
    const contentId = this.#idOf(path);
    this.#made.set(path, contentId);
    const mediaType = fileType(path);
    if (mediaType === undefined)
      this.#options.problems.push({ code: 'unknown-file-type', severity: 'warning', range, path });
    addResource(item, {
      kind: 'leaf',
      range,
      headRange: range,
      mediaType: mediaType ?? 'application/octet-stream',
      content: { from: 'file', path, range },
      disposition: 'inline',
      name: baseName(path),
      contentId,
      parameters: [],
      fields: [],
    });
    return contentId;
  }

  #idOf(path: string): string {
    return `${seededName(this.#options.seed, `cid ${path}`, 16)}@mailbench`;
  }
}
