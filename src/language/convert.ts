import { mailboxesOf, parseAddressList } from '../base/address.ts';
import { formatMailbox, formatPhrase } from '../base/address-write.ts';
import { decodeWords } from '../base/decode-words.ts';
import { escapeText, formatValue } from '../document/escape.ts';
import { fieldFacts, fieldKind } from '../document/fields.ts';
import { fileNameOf } from '../inspect/file-name.ts';
import type { AttachmentView, MessageView } from '../inspect/message.ts';
import { outline } from '../inspect/outline.ts';
import { readMessage } from '../inspect/read.ts';
import { contentIdOf } from '../mime/attributes.ts';
import { charsetRule } from '../mime/charset-names.ts';
import { fileType } from '../mime/file-type.ts';
import { charsetLabels, exactContents } from './exact-content.ts';

/** A file to be written beside the composed document. */
export interface ConvertedFile {
  /** A name without separators, another one for each file. */
  readonly name: string;
  readonly content: Uint8Array;
}

export interface Converted {
  readonly files: readonly ConvertedFile[];
  /** The composed document, its files in `folder` (relative to it, no slash at the end). */
  text(folder: string): string;
}

/** What the builder writes anew, or what belongs to the way that the message took. */
const LEFT_OUT =
  /^(?:mime-version|content-.*|received|return-path|delivered-to|x-original-to|x-received|received-spf|dkim-signature|domainkey-signature|authentication-results|arc-.*|x-google-.*|x-gm-.*|x-ms-exchange-.*|x-microsoft-.*|x-forefront-.*|x-spam-.*|x-mozilla-.*|status|x-status|x-uid)$/i;
/** Told in a comment: a new message has its own. */
const NOTED = /^(?:date|message-id)$/i;

/**
 * A finished message as a composed document (DOCUMENT.md): fields decoded, texts as parts, everything else as files. Total;
 * what can't be read gives an empty document.
 */
export async function convertMessage(bytes: Uint8Array): Promise<Converted> {
  const octets = withoutSettings(bytes);
  const message = await readMessage(octets);
  const whole = outline(octets);
  const labels = charsetLabels(whole, message.attachments);
  const files = namedFiles(message.attachments, exactContents(octets, whole, message.attachments), labels);
  return {
    files: [...files.values()].map(({ name, content }) => ({ name, content })),
    text: (folder) => documentText(message, files, folder),
  };
}

/** Settings of Mailbench before the first field are no part of the message. */
function withoutSettings(bytes: Uint8Array): Uint8Array {
  let at = 0;
  while (bytes[at] === 0x40) {
    do {
      const feed = bytes.indexOf(0x0a, at);
      at = feed < 0 ? bytes.length : feed + 1;
    } while (bytes[at] === 0x20 || bytes[at] === 0x09);
  }
  return at === 0 ? bytes : bytes.subarray(at);
}

interface NamedFile extends ConvertedFile {
  readonly attachment: AttachmentView;
  /** What its charset was said to be. */
  readonly charset?: string;
}

function namedFiles(
  attachments: readonly AttachmentView[],
  exact: ReadonlyMap<number, Uint8Array>,
  labels: ReadonlyMap<number, string>,
): ReadonlyMap<number, NamedFile> {
  const files = new Map<number, NamedFile>();
  const taken = new Set<string>();
  for (const attachment of attachments) {
    const wanted = fileNameOf(attachment);
    const dot = wanted.lastIndexOf('.');
    const [stem, ending] = dot > 0 ? [wanted.slice(0, dot), wanted.slice(dot)] : [wanted, ''];
    let name = wanted;
    // Some file systems know no upper and lower case.
    for (let count = 2; taken.has(name.toLowerCase()); count++) name = `${stem}-${count}${ending}`;
    taken.add(name.toLowerCase());
    const content = exact.get(attachment.index) ?? attachment.content;
    const charset = labels.get(attachment.index);
    files.set(attachment.index, { name, content, attachment, ...(charset !== undefined && { charset }) });
  }
  return files;
}

function documentText(message: MessageView, files: ReadonlyMap<number, NamedFile>, folder: string): string {
  const lines = headerLines(message);
  const text = message.text === undefined ? '' : bodyText(message.text);
  const html = message.html === undefined ? '' : bodyText(message.html);
  const onlyHtml = html !== '' && text.trim() === '';
  if (onlyHtml) lines.push('Content-Type: text/html');
  let out = `${lines.join('\n')}\n\n${onlyHtml ? html : text}`;
  if (html !== '' && !onlyHtml) out += `<#part type=text/html>\n${html}<#/part>\n`;
  const directives: string[] = [];
  for (const role of ['alternative', 'inline', 'attached'] as const) {
    for (const file of files.values()) if (file.attachment.role === role) directives.push(directive(file, folder));
  }
  return out + directives.map((line) => `${line}\n`).join('');
}

function directive({ name, attachment, charset }: NamedFile, folder: string): string {
  const path = formatValue(`./${folder === '' ? '' : `${folder}/`}${name}`);
  const type = attachment.type;
  const attributes: string[] = [];
  if (attachment.role === 'alternative') {
    const method = type === 'text/calendar' ? calendarMethod(attachment.content) : undefined;
    return `<#part type=${formatValue(type)}${method ? ` method=${method}` : ''} src=${path}>`;
  }
  const id = attachment.contentId === undefined ? undefined : contentIdOf(attachment.contentId);
  if (attachment.role === 'inline' && id !== undefined) attributes.push(`id=${formatValue(id)}`);
  // A control character in a name would break the directive's line.
  if (attachment.name !== '' && attachment.name !== name && !/[\0-\x1f\x7f]/.test(attachment.name))
    attributes.push(`name=${formatValue(attachment.name)}`);
  if (type !== fileType(name) && /^[\w!#$&+.^-]+\/[\w!#$&+.^-]+$/.test(type)) attributes.push(`type=${type}`);
  // RFC 2046 section 4.1.2: us-ascii is what no label means. One that can't be written is left out.
  const label = charset === undefined ? undefined : charsetRule(charset)?.name;
  if (label !== undefined && label !== 'us-ascii') attributes.push(`charset=${label}`);
  const word = attachment.role === 'inline' && id !== undefined ? 'inline' : 'attach';
  return `<#${word} ${[path, ...attributes].join(' ')}>`;
}

function calendarMethod(content: Uint8Array): string | undefined {
  return /^METHOD:([A-Z]+)/m.exec(Buffer.from(content.subarray(0, 4000)).toString('latin1'))?.[1];
}

/** LF line ends, the last one there, nothing that would be read as a directive. */
function bodyText(text: string): string {
  const lines = text.replace(/\r\n?/g, '\n');
  if (lines === '') return '';
  return escapeText(lines.endsWith('\n') ? lines : `${lines}\n`);
}

function headerLines(message: MessageView): string[] {
  const lines: string[] = [];
  const notes: string[] = [];
  const seen = new Set<string>();
  for (const { name, raw } of message.headers) {
    const lower = name.toLowerCase();
    const flat = raw.replace(/[\r\n]+[ \t]*/g, ' ').replace(/[\0-\x08\x0a-\x1f\x7f]/g, '');
    // A name that begins with "#" or "@" is lawful, and in a document would be a comment or a setting.
    if (LEFT_OUT.test(name) || !/^[!"$-9;-?A-~][!-9;-~]*$/.test(name)) continue;
    if (NOTED.test(name)) {
      notes.push(`# ${name} was: ${flat}`);
      continue;
    }
    if (fieldFacts(name)?.once && seen.has(lower)) continue;
    seen.add(lower);
    lines.push(`${fieldFacts(name)?.name ?? name}: ${valueText(name, flat)}`.trimEnd());
  }
  return [...notes, ...lines];
}

function valueText(name: string, raw: string): string {
  switch (fieldKind(name)) {
    case 'address-list':
    case 'mailbox-list':
    case 'mailbox':
      return addressText(raw);
    case 'unstructured':
    case 'phrases':
      return decodeWords(raw)
        .replace(/[\0-\x1f\x7f]+/g, ' ')
        .trim();
    default:
      return raw;
  }
}

/** A list with its names decoded and quoted as they need; what is no list of addresses stays as it is. */
function addressText(raw: string): string {
  const { addresses, problems } = parseAddressList(raw);
  if (problems.some(({ severity }) => severity === 'error') || mailboxesOf(addresses).length === 0) return raw;
  const named = (name: { readonly text: string }) => ({
    text: decodeWords(name.text)
      .replace(/[\0-\x1f\x7f]+/g, ' ')
      .trim(),
  });
  const written = addresses.map((address) => {
    const members = address.type === 'group' ? address.members : [address];
    const texts = members.map(({ name, local, domain }) =>
      formatMailbox({ local, domain, ...(name && named(name).text !== '' && { name: named(name) }) }),
    );
    return address.type === 'group' ? `${formatPhrase(named(address.name).text)}: ${texts.join(', ')};` : texts[0]!;
  });
  return written.join(', ');
}
