import { Buffer } from 'node:buffer';
import { gmailLimit, htmlWeight } from './checks/weight.ts';
import { type HtmlTree, parseHtml } from './html.ts';
import { type InboxLine, inboxLine } from './inbox-line.ts';
import type { AttachmentView, HeaderView, MailboxView, MessageNotice, MessageView } from './message.ts';
import { preheaderOf } from './preheader.ts';
import { resourcesOf } from './read.ts';
import { type ColorScheme, type RemoteReference, type SandboxOptions, sandboxDocument } from './sandbox.ts';

/** What a person has chosen in the preview, as far as the document shown depends on it. */
export interface PreviewOptions {
  readonly scheme: ColorScheme;
  readonly images: boolean;
  readonly remote: boolean;
  /** Which attached message is shown: positions among the attachments, from the outermost in. Empty for the message itself. */
  readonly path: readonly number[];
}

/** All that the preview's page shows of a message: plain data, to be posted to it. */
export interface PreviewModel {
  readonly inbox: InboxLine;
  /** Milliseconds since the epoch. */
  readonly date?: number;
  readonly from: readonly MailboxView[];
  readonly to: readonly MailboxView[];
  readonly cc: readonly MailboxView[];
  readonly replyTo: readonly MailboxView[];
  /** Octets of the message. */
  readonly size: number;
  readonly headers: readonly HeaderView[];
  readonly text?: string;
  readonly html?: HtmlModel;
  readonly attachments: readonly AttachmentModel[];
  readonly notices: readonly MessageNotice[];
  /** The subjects of the messages around the one that is shown, outermost first. */
  readonly around: readonly string[];
  readonly options: PreviewOptions;
}

export interface HtmlModel {
  /** For the `srcdoc` of the sandboxed frame. */
  readonly document: string;
  /** Octets of the HTML as UTF-8. */
  readonly size: number;
  /** Octets at which Gmail clips. */
  readonly limit: number;
  readonly remote: readonly RemoteReference[];
  readonly missing: readonly string[];
  readonly leftOut: number;
  readonly undrawn: number;
  readonly links: readonly string[];
  readonly removed: Readonly<Record<string, number>>;
  readonly darkStyles: boolean;
}

export interface AttachmentModel {
  readonly index: number;
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly role: AttachmentView['role'];
  readonly contentId?: string;
  /** A `data:` address, for a picture that is small enough to be shown beside its name. */
  readonly picture?: string;
  /** Whether it is a message that can be shown in its turn. */
  readonly message: boolean;
}

/** Octets of a picture that is shown in the list of attachments. */
const pictureLimit = 512 * 1024;

/** The message that a path of attachments leads to, as far as it does lead anywhere. */
export function messageAt(
  root: MessageView,
  path: readonly number[],
): { message: MessageView; around: string[]; path: number[] } {
  let message = root;
  const around: string[] = [];
  const walked: number[] = [];
  for (const step of path) {
    const next = message.nested.find((nested) => nested.attachment === step);
    if (!next) break;
    around.push(message.subject);
    walked.push(step);
    message = next.message;
  }
  return { message, around, path: walked };
}

/** Makes what the page shows. Pure, and fast enough for every pause in typing. */
export function previewModel(root: MessageView, options: PreviewOptions): PreviewModel {
  return modelWith(root, options, (message) => shownHtml(message, options));
}

/** The HTML of a message, as it is shown. */
export interface ShownHtml {
  readonly model: HtmlModel;
  readonly preheader: string;
}

/** The same, where the HTML is made by `htmlOf`; undefined for a message without. */
export function modelWith(
  root: MessageView,
  options: PreviewOptions,
  htmlOf: (message: MessageView) => ShownHtml | undefined,
): PreviewModel {
  const { message, around, path } = messageAt(root, options.path);
  const nested = new Set(message.nested.map((each) => each.attachment));
  const html = htmlOf(message);
  return {
    inbox: inboxLine(message, html?.preheader),
    ...(message.date === undefined ? {} : { date: message.date }),
    from: message.from,
    to: message.to,
    cc: message.cc,
    replyTo: message.replyTo,
    size: message.size,
    headers: message.headers,
    ...(message.text === undefined ? {} : { text: message.text }),
    ...(html ? { html: html.model } : {}),
    attachments: message.attachments.map((attachment) => attachmentModel(attachment, nested)),
    notices: message.notices,
    around,
    options: { ...options, path },
  };
}

function shownHtml(message: MessageView, options: PreviewOptions): ShownHtml | undefined {
  if (message.html === undefined) return undefined;
  const tree = parseHtml(message.html);
  const preheader = preheaderOf(message, tree);
  return { model: htmlModel(message, tree, options), preheader };
}

/** @param tree that of the message's HTML; of no more use afterwards */
export function htmlModel(
  message: MessageView,
  tree: HtmlTree,
  options: PreviewOptions,
  onText?: SandboxOptions['onText'],
): HtmlModel {
  const resource = resourcesOf(message);
  const result = sandboxDocument(tree, { ...options, numbered: true, resource, ...(onText ? { onText } : {}) });
  return { ...result, size: htmlWeight(tree.source), limit: gmailLimit };
}

function attachmentModel(attachment: AttachmentView, nested: ReadonlySet<number>): AttachmentModel {
  const { index, name, type, size, role, contentId, content } = attachment;
  // SVG is left out: as a picture it is harmless, but a list needs none of it.
  const isPicture = /^image\/(png|jpeg|gif|webp|avif|bmp)$/.test(type) && size > 0 && size <= pictureLimit;
  return {
    index,
    name,
    type,
    size,
    role,
    ...(contentId === undefined ? {} : { contentId }),
    ...(isPicture ? { picture: `data:${type};base64,${Buffer.from(content).toString('base64')}` } : {}),
    message: nested.has(index),
  };
}
