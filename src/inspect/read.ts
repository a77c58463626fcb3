import type { Address, Attachment, Email } from 'postal-mime';
import { mailboxesOf, parseAddressList } from '../base/address.ts';
import { formatLocalPart } from '../base/address-write.ts';
import type { AttachmentView, HeaderView, MailboxView, MessageNotice, MessageView } from './message.ts';
import { outline } from './outline.ts';
import { recodeMessage, recodeWords } from './recode.ts';

export interface ReadOptions {
  /** Octets read of the message; what lies beyond is not looked at, and a notice says so. 32 MiB where left out. */
  readonly limit?: number;
  /** How deep attached messages are read. Five where left out. */
  readonly depth?: number;
  /** Octets of the whole message, where `bytes` is only its beginning. */
  readonly size?: number;
}

const defaultLimit = 32 * 1024 * 1024;

/**
 * Reads a finished message (built, captured, or any `.eml`) as a mail client does: total on any bytes. A message that
 * can't be read gives an empty view with a notice.
 */
export async function readMessage(bytes: Uint8Array, options: ReadOptions = {}): Promise<MessageView> {
  const limit = options.limit ?? defaultLimit;
  const size = options.size ?? bytes.length;
  const read = bytes.length > limit ? bytes.subarray(0, limit) : bytes;
  const notices: MessageNotice[] = [];
  if (bytes.length === 0) notices.push({ code: 'empty' });
  if (size > read.length) notices.push({ code: 'truncated', shown: read.length, size });
  const { default: PostalMime, addressParser, decodeWords } = await import('postal-mime');
  let email: Email;
  /** As they are on their way, not as this reader needs them. */
  let fields: Email['headers'];
  try {
    const recoded = await recodeMessage(read);
    // Attached messages are read one by one below: merged into the text, they could not be told from it.
    email = await PostalMime.parse(recoded, { forceRfc822Attachments: true });
    fields = recoded === read ? email.headers : (await PostalMime.parse(headerOf(read))).headers;
  } catch (error) {
    // Header or nesting beyond the reader's limits; what the header says can still be told from its beginning.
    notices.push({ code: 'unreadable', reason: error instanceof Error ? error.message : String(error) });
    email = { headers: [], headerLines: [], attachments: [] };
    fields = [];
  }
  const mailboxes = (value: string): MailboxView[] => {
    const read = addressParser(value).flatMap(flattened);
    return withoutComments(value, decodeWords, read) ?? read;
  };
  const all = (name: string): MailboxView[] =>
    email.headers.filter((header) => header.key === name).flatMap((header) => mailboxes(header.value));
  const headers = fields.map((header): HeaderView => {
    const raw = header.value.trim();
    return { name: header.originalKey, raw, value: decodeWords(recodeWords(raw)) };
  });
  const sender = all('sender')[0];
  const date = epochOf(email.headers.find((header) => header.key === 'date')?.value);
  const attachments = email.attachments.map((attachment, index) => attachmentView(attachment, index));
  if (bytes.length > 0 && email.html === undefined && email.text === undefined && attachments.length === 0) {
    notices.push({ code: 'no-body' });
  }
  const depth = options.depth ?? 5;
  const nested: { attachment: number; message: MessageView }[] = [];
  for (const attachment of attachments) {
    if (attachment.type !== 'message/rfc822' && attachment.type !== 'message/global') continue;
    if (depth <= 0) {
      notices.push({ code: 'nested-too-deep' });
      break;
    }
    nested.push({
      attachment: attachment.index,
      message: await readMessage(attachment.content, { limit, depth: depth - 1 }),
    });
  }
  return {
    size,
    from: all('from'),
    ...(sender ? { sender } : {}),
    replyTo: all('reply-to'),
    to: all('to'),
    cc: all('cc'),
    subject: headers.find((header) => header.name.toLowerCase() === 'subject')?.value ?? '',
    ...(date === undefined ? {} : { date }),
    headers,
    ...(email.html === undefined ? {} : { html: email.html }),
    ...(email.text === undefined ? {} : { text: email.text }),
    attachments,
    nested,
    notices,
  };
}

/** The octets up to the blank line, for a reader that would take a body of it for what it can't be. */
function headerOf(message: Uint8Array): Uint8Array {
  return message.subarray(0, outline(message).bodyStart);
}

function flattened(address: Address): MailboxView[] {
  if (address.group) return address.group.flatMap(flattened);
  return [{ name: address.name, address: address.address ?? '' }];
}

/**
 * What an address list means in which comments stand, wherever RFC 5322 has them (appendix A.5): the reader takes some of them for
 * parts of addresses. Undefined where there are none, or where it is no list by that RFC.
 *
 * @param read what the reader made of it: a comment behind an address without a name is taken for one
 */
function withoutComments(
  value: string,
  decodeWords: (text: string) => string,
  read: readonly MailboxView[],
): MailboxView[] | undefined {
  if (!value.includes('(')) return undefined;
  const { addresses, problems } = parseAddressList(value);
  if (problems.length > 0) return undefined;
  return mailboxesOf(addresses).map(({ name, local, domain }) => {
    const address = `${formatLocalPart(local)}@${domain}`;
    return {
      name: name ? decodeWords(name.text) : (read.find((each) => each.address === address)?.name ?? ''),
      address,
    };
  });
}

/** Milliseconds since the epoch of a Date field (RFC 5322 section 3.3); undefined where it is none. */
function epochOf(field: string | undefined): number | undefined {
  // A comment such as "(CET)" is lawful and unknown to Date.parse in some engines.
  const epoch = field === undefined ? Number.NaN : Date.parse(field.replace(/\([^()]*\)/g, '').trim());
  return Number.isNaN(epoch) ? undefined : epoch;
}

function attachmentView(attachment: Attachment, index: number): AttachmentView {
  const content = attachment.content;
  const bytes =
    typeof content === 'string'
      ? new TextEncoder().encode(content)
      : content instanceof Uint8Array
        ? content
        : new Uint8Array(content);
  const contentId = attachment.contentId?.trim().replace(/^<|>$/g, '');
  return {
    index,
    name: attachment.filename ?? '',
    type: attachment.mimeType || 'application/octet-stream',
    size: bytes.length,
    role: roleOf(attachment),
    ...(contentId ? { contentId } : {}),
    content: bytes,
  };
}

function roleOf(attachment: Attachment): AttachmentView['role'] {
  if (attachment.related) return 'inline';
  const otherForm = /^text\/(calendar|x-amp-html|markdown|enriched|watch-html)$/.test(attachment.mimeType);
  if (otherForm && !attachment.filename && !attachment.disposition) return 'alternative';
  return 'attached';
}

/** Answers what the HTML of a message names by `cid:`, as the sandbox asks for it (RFC 2392). */
export function resourcesOf(message: MessageView): (key: string) => AttachmentView | undefined {
  const byId = new Map<string, AttachmentView>();
  for (const attachment of message.attachments) {
    if (attachment.contentId && !byId.has(attachment.contentId)) byId.set(attachment.contentId, attachment);
  }
  return (key) => byId.get(key);
}
