import { createHash } from 'node:crypto';
import { domainToASCII } from 'node:url';
import { simpleParser } from 'mailparser';
import PostalMime from 'postal-mime';
import type { BuiltMessage, BuiltPart } from '../../src/mime/built.ts';
import { flow } from '../../src/mime/flowed.ts';
import { textOf } from '../../src/mime/mapped.ts';
import { applyEdits } from '../../src/mime/text-content.ts';
import type { Meant } from './generate.ts';
import type { PythonNode, PythonReader } from './python.ts';

/** One thing that readers can differ in: what was meant, and what each reader says. */
export interface Finding {
  readonly what: string;
  readonly meant: string;
  readonly readers: Readonly<Record<string, string>>;
}

const sha = (octets: Uint8Array | string): string => createHash('sha256').update(octets).digest('hex');
const trimmed = (text: string): string => text.replaceAll('\r\n', '\n').replace(/\n+$/, '');

/** Where at least two readers agree on something that was not meant. A reader alone may be wrong. */
export function isDifference({ meant, readers }: Finding): boolean {
  const others = Object.values(readers).filter((said) => said !== meant);
  return others.some((said, index) => others.indexOf(said) !== index);
}

/** Everything that a built message says, as it was meant and as independent readers take it. */
export async function compare(
  generated: Meant,
  message: BuiltMessage,
  python: PythonReader | undefined,
): Promise<Finding[]> {
  const octets = message.whole!;
  const [py, postal, parser] = await Promise.all([
    python?.read(octets, 'x-extra'),
    PostalMime.parse(octets, { forceRfc822Attachments: true }),
    simpleParser(Buffer.from(octets), {
      skipImageLinks: true,
      skipTextLinks: true,
      skipHtmlToText: true,
      skipTextToHtml: true,
    }),
  ]);
  if (py?.error) throw new Error(py.error);
  const findings: Finding[] = [];
  const say = (what: string, meant: unknown, python_: unknown, postal_: unknown, parser_: unknown): void => {
    const readers: Record<string, string> = {};
    if (py) readers.python = text(python_);
    if (postal_ !== undefined) readers['postal-mime'] = text(postal_);
    if (parser_ !== undefined) readers.mailparser = text(parser_);
    findings.push({ what, meant: text(meant), readers });
  };
  say('subject', generated.subject, py?.subject, postal.subject ?? '', parser.subject ?? '');
  // mailparser leaves fields that it does not know encoded.
  say('extra', generated.extra, py?.extra ?? '', decodedHeader(postal, 'x-extra'), undefined);
  say('message-id', `<${message.messageId}>`, py?.messageId, postal.messageId, parser.messageId);
  const references = generated.references.join(' ');
  // Python keeps the space of a fold straight after the colon.
  say(
    'references',
    references,
    py?.references?.trim() ?? '',
    postal.references ?? '',
    [parser.references ?? []].flat().join(' '),
  );
  for (const field of ['from', 'to', 'cc'] as const) {
    const postalList = (field === 'from' ? [postal.from] : (postal[field] ?? [])).flatMap(
      (each) => each?.group ?? [each],
    );
    const parsed = [parser[field] ?? []]
      .flat()
      .flatMap((list) => list.value)
      .flatMap((each) => each.group ?? [each]);
    say(
      field,
      generated[field],
      py?.[field],
      postalList.map((address) => [address?.name ?? '', address?.address ?? '']),
      // mailparser shows domains as people read them.
      parsed.map(({ name, address }) => [name, asciiAddress(address ?? '')]),
    );
  }
  const leaves = leavesOf(message.root);
  if (py) say('tree', shapeOf(message.root), pythonShape(py.tree), undefined, undefined);
  if (py) say('defects', '', py.defects.join(' '), undefined, undefined);

  const named = leaves.filter(
    ({ part }) => part.kind === 'leaf' && part.name !== undefined && part.mediaType !== 'message/rfc822',
  );
  const meantNames = named.map(({ part }) => {
    const name = part.kind === 'leaf' ? part.name : '';
    return [name, part.kind === 'leaf' ? sha(meantOctets(part.content, generated)) : ''];
  });
  const sorted = (list: readonly (readonly unknown[])[]): string =>
    list
      .map((entry) => JSON.stringify(entry))
      .sort()
      .join('\n');
  say(
    'names',
    sorted(meantNames),
    py &&
      sorted(
        pythonLeaves(py.tree)
          .filter((leaf) => leaf.name != null && leaf.type !== 'message/rfc822')
          .map((leaf) => [leaf.name, leaf.sha]),
      ),
    sorted(
      postal.attachments
        .filter(({ filename, mimeType }) => filename !== null && mimeType !== 'message/rfc822')
        .map(({ filename, content }) => [filename, sha(new Uint8Array(content as ArrayBuffer))]),
    ),
    sorted(
      parser.attachments
        .filter(({ filename, contentType }) => filename !== undefined && contentType !== 'message/rfc822')
        .map(({ filename, content }) => [filename, sha(content)]),
    ),
  );
  const texts = leaves.filter(
    ({ part }) => part.mediaType.startsWith('text/') && part.kind === 'leaf' && part.name === undefined,
  );
  const meantText = texts.map(({ part }) => (part.kind === 'leaf' ? sha(typedText(part)) : ''));
  // What is made of another part has no text of its own to be compared with.
  const isTyped = ({ part }: BuiltPart): boolean => part.kind === 'leaf' && part.content.from === 'text';
  if (py && texts.every(isTyped))
    say(
      'texts',
      meantText.join('\n'),
      pythonLeaves(py.tree)
        .filter((leaf) => leaf.type.startsWith('text/') && leaf.name == null)
        .map((leaf) => leaf.text)
        .join('\n'),
      undefined,
      undefined,
    );
  for (const kind of ['plain', 'html'] as const) {
    const only = texts.filter(({ part }) => part.mediaType === `text/${kind}`);
    // Readers that give one text for all of a message put several together each in their way.
    if (only.length !== 1 || (texts.length > 1 && !isAlternative(message.root, texts))) continue;
    const part = only[0]!.part;
    if (part.kind !== 'leaf' || part.flowed || !isTyped(only[0]!)) continue;
    const meant = typedText(part);
    const pythonText =
      py && pythonLeaves(py.tree).find((leaf) => leaf.type === part.mediaType && leaf.name == null)?.text;
    const fromPostal = kind === 'plain' ? postal.text : postal.html;
    const fromParser = kind === 'plain' ? parser.text : parser.html || '';
    say(kind, sha(meant), pythonText, sha(trimmed(fromPostal ?? '')), sha(trimmed(fromParser ?? '')));
  }
  return findings;
}

/** Whether texts are forms of one another. */
function isAlternative(root: BuiltPart, texts: readonly BuiltPart[]): boolean {
  if (root.mediaType === 'multipart/alternative') return texts.every((leaf) => leavesOf(root).includes(leaf));
  return root.children.some((child) => isAlternative(child, texts));
}

function asciiAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return at < 0 ? address : `${address.slice(0, at + 1)}${domainToASCII(address.slice(at + 1))}`;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

function decodedHeader(postal: Awaited<ReturnType<typeof PostalMime.parse>>, name: string): string | undefined {
  const found = postal.headers.find(({ key }) => key === name) as { value?: string } | undefined;
  // postal-mime leaves fields that it does not know encoded; its subject shows how it decodes.
  return found?.value?.includes('=?') ? undefined : found?.value;
}

function typedText(part: Extract<BuiltPart['part'], { kind: 'leaf' }>): string {
  const { content } = part;
  if (content.from !== 'text') return '';
  const typed = applyEdits(textOf(content.pieces), content.edits);
  return trimmed(part.flowed ? flow(typed) : typed);
}

function meantOctets(content: Extract<BuiltPart['part'], { kind: 'leaf' }>['content'], generated: Meant): Uint8Array {
  return content.from === 'file'
    ? (generated.files[content.path.replace(/^\.\//, '')] ?? Buffer.alloc(0))
    : Buffer.alloc(0);
}

function leavesOf(part: BuiltPart): BuiltPart[] {
  return part.children.length === 0 ? [part] : part.children.flatMap(leavesOf);
}

function pythonLeaves(node: PythonNode): PythonNode[] {
  return node.children ? node.children.flatMap(pythonLeaves) : [node];
}

function shapeOf(part: BuiltPart): string {
  return part.children.length > 0 || part.mediaType.startsWith('multipart/')
    ? `${part.mediaType}(${part.children.map(shapeOf).join(' ')})`
    : part.mediaType;
}

function pythonShape(node: PythonNode): string {
  return node.children ? `${node.type}(${node.children.map(pythonShape).join(' ')})` : node.type;
}
