import { type HtmlElement, type HtmlText, type HtmlTree, isElement, parseHtml } from './html.ts';
import { cleanTree } from './sandbox-elements.ts';
import { escapeAttribute, serializeHtml } from './serialize.ts';

/**
 * How colours are shown. `light`: as written. `dark`: as a client in dark mode that obeys the author's own dark styles
 * and otherwise leaves the mail alone. `inverted`: as a client that inverts what it is given, whatever the author says;
 * every such client does it in its own way, so this is an emulation and is named as one.
 */
export type ColorScheme = 'light' | 'dark' | 'inverted';

/** What a message carries for its own HTML to show. */
export interface Resource {
  readonly type: string;
  readonly content: Uint8Array;
}

export interface SandboxOptions {
  readonly scheme: ColorScheme;
  /** False shows what a client shows that loads no pictures: their alternative texts. */
  readonly images: boolean;
  /** Whether what the mail names on other machines may be loaded. */
  readonly remote: boolean;
  /** Answers a cid (without brackets, as written after `cid:`) or a Content-Location. */
  readonly resource: (key: string) => Resource | undefined;
  /** Whether every element tells which one of the source it was: `data-mailbench-n`, from 0, as `numberedElements` counts. */
  readonly numbered?: boolean;
  /** Told of each text that the document shows, and where in it that begins. */
  readonly onText?: (text: HtmlText, at: number) => void;
  /**
   * A script of the preview's own to run in the document, as for axe-core. With it every element tells where it stood
   * in the source: `data-mailbench-at="start-end"`.
   */
  readonly probe?: { readonly nonce: string; readonly scripts: readonly string[] };
}

/** Something the mail names on another machine. */
export interface RemoteReference {
  readonly url: string;
  readonly kind: 'image' | 'style' | 'font' | 'media' | 'other';
  /** An image of one pixel or of none: most likely a counter of readers. */
  readonly tracker: boolean;
}

export interface SandboxResult {
  /** The whole document for the inner frame: `srcdoc` of an `iframe` whose `sandbox` lacks `allow-scripts`. */
  readonly document: string;
  /** Each once, in the order of the mail. */
  readonly remote: readonly RemoteReference[];
  /** The cids named that the message does not carry. */
  readonly missing: readonly string[];
  /** How many carried pictures are not shown in every place that names them, since all of it would take too much memory. */
  readonly leftOut: number;
  /** How many pictures in SVG are not shown, since drawing them might never come to an end. */
  readonly undrawn: number;
  /** What the links of the document lead to; `data-mailbench-link` holds the index. */
  readonly links: readonly string[];
  /** Elements taken out or made harmless, with how often: `script`, `form`, `iframe` … */
  readonly removed: Readonly<Record<string, number>>;
  /** Whether the author wrote styles for dark mode, or says that the mail supports it. */
  readonly darkStyles: boolean;
}

/**
 * Makes of a mail's HTML a document in which no script can run, that reaches no network and can't touch the page around
 * it. Three walls, each of which would hold by itself: what could act is taken out; the document's own
 * Content-Security-Policy, its first element, admits no script and no host; and the frame it is made for has a `sandbox`
 * without `allow-scripts`. Total: any text gives a document. A tree that is handed in is changed, and of no more use.
 */
export function sandboxDocument(source: string | HtmlTree, options: SandboxOptions): SandboxResult {
  const tree = typeof source === 'string' ? parseHtml(source) : source;
  const cleaned = cleanTree(tree, options);
  const html = tree.document.childNodes.find((node) => isElement(node) && node.tagName === 'html');
  const children = html && isElement(html) ? html.childNodes.filter(isElement) : [];
  const scheme = options.scheme === 'dark' && cleaned.declaresDark ? 'dark' : 'light';
  let document = [
    `<!DOCTYPE html><html${html && isElement(html) ? attributesOf(html.attrs) : ''}><head>`,
    `<meta http-equiv="Content-Security-Policy" content="${escapeAttribute(contentPolicy(options))}">`,
    '<meta charset="utf-8"><meta name="referrer" content="no-referrer">',
    '<meta http-equiv="x-dns-prefetch-control" content="off">',
    `<meta name="color-scheme" content="${scheme}">`,
    `<style>${baseStyle(options)}</style>`,
  ].join('');
  const write = (element: HtmlElement): void => {
    const start = document.length;
    document += serializeHtml(element, options.onText && ((text, at) => options.onText?.(text, start + at)));
  };
  const named = (name: string): HtmlElement[] => children.filter(({ tagName }) => tagName === name);
  for (const head of named('head')) write(head);
  for (const script of options.probe?.scripts ?? []) document += probeTag(script, options.probe!.nonce);
  const [body] = named('body');
  document += `</head><body${body ? attributesOf(body.attrs) : ''}>`;
  if (body) write(body);
  document += '</body></html>';
  return {
    document,
    remote: cleaned.remote,
    missing: cleaned.missing,
    leftOut: cleaned.leftOut,
    undrawn: cleaned.undrawn,
    links: cleaned.links,
    removed: cleaned.removed,
    darkStyles: cleaned.darkStyles,
  };
}

/** The policy of the document, as for its `Content-Security-Policy` element (CSP Level 3). */
export function contentPolicy(options: Pick<SandboxOptions, 'remote' | 'probe'>): string {
  const hosts = options.remote ? ' https: http:' : '';
  return [
    "default-src 'none'",
    `script-src ${options.probe ? `'nonce-${options.probe.nonce}'` : "'none'"}`,
    `img-src data: blob:${hosts}`,
    `media-src data: blob:${hosts}`,
    `font-src data:${hosts}`,
    `style-src 'unsafe-inline'${hosts}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function attributesOf(attrs: readonly { readonly name: string; readonly value: string; readonly prefix?: string }[]) {
  return attrs
    .map((attr) => ` ${attr.prefix ? `${attr.prefix}:` : ''}${attr.name}="${escapeAttribute(attr.value)}"`)
    .join('');
}

function probeTag(script: string, nonce: string): string {
  // The preview's own text, in which "</script" or "<!--" may stand inside a string or a comment.
  return `<script nonce="${nonce}">${script.replace(/<(?=\/script|!--)/gi, '\\x3c')}</script>`;
}

/** What lies under the author's styles: no more weight than a client's own defaults, hence `:where`. */
function baseStyle(options: SandboxOptions): string {
  const rules = [
    ':where(html){font-family:Arial,Helvetica,sans-serif}',
    // The place that a picture would take, unless it is a counter's.
    ':where(img[data-mailbench-blocked]){display:inline-block;font-size:12px;color:inherit}',
    ':where(img[data-mailbench-blocked]:not([width="0"],[width="1"])){outline:1px dashed #8888;outline-offset:-1px}',
  ];
  if (options.numbered) {
    rules.push('[data-mailbench-here]{outline:2px solid #1a85ff!important;outline-offset:2px!important}');
  }
  if (options.scheme === 'inverted') {
    rules.push(
      'html{background-color:#fff;filter:invert(1) hue-rotate(180deg)!important}',
      'img:not([data-mailbench-blocked]),video,svg,[background],[style*="url("]{filter:invert(1) hue-rotate(180deg)!important}',
      // An inverted picture inside an inverted back is turned twice already.
      ':is([background],[style*="url("]) :is(img,video,svg){filter:none!important}',
    );
  }
  return rules.join('');
}
