import { createHash, createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { parseAddressList } from '../base/address.ts';
import { asciiDomain } from '../base/domain.ts';
import type { BuildOptions } from './build.ts';
import type { BuiltField, BuiltMessage, BuiltPart } from './built.ts';
import { BodyHash, relaxedField } from './dkim-canonical.ts';
import { FieldLine } from './fold.ts';
import { messageOf, readWhole } from './message.ts';
import { type Piece, readPiece } from './pieces.ts';
import type { MimeProblem } from './problems.ts';
import type { BuildSettings } from './settings.ts';

/**
 * Fields that are signed once more than they occur, so that none can be added later without breaking the signature
 * (RFC 6376 section 8.15). Those that occur are signed whatever they are.
 */
const oversigned = [
  'From',
  'Sender',
  'Reply-To',
  'To',
  'Cc',
  'Subject',
  'Date',
  'Message-ID',
  'In-Reply-To',
  'References',
  'MIME-Version',
  'Content-Type',
  'Content-Transfer-Encoding',
  'Content-Disposition',
  'Content-ID',
  'Content-Description',
  'List-Id',
  'List-Help',
  'List-Unsubscribe',
  'List-Unsubscribe-Post',
  'List-Subscribe',
  'List-Post',
  'List-Owner',
  'List-Archive',
];

/** Fields that relays write or change (RFC 6376 section 5.4.1). */
const unsigned = new Set([
  'return-path',
  'received',
  'comments',
  'keywords',
  'dkim-signature',
  'authentication-results',
]);

type Dkim = NonNullable<BuildSettings['dkim']>;

/**
 * The message with a DKIM-Signature on top (RFC 6376, RFC 8463): rsa-sha256 or ed25519-sha256 by the kind of the key,
 * relaxed/relaxed. The message itself comes back, with a problem told, where there is no key to sign with.
 */
export async function signMessage(
  message: BuiltMessage,
  pieces: readonly Piece[],
  dkim: Dkim,
  options: Pick<BuildOptions, 'files' | 'clock' | 'date' | 'dkimKeys' | 'signal'>,
  problems: MimeProblem[],
): Promise<BuiltMessage> {
  const range = dkim.setting.value.range;
  const { selector } = dkim;
  const domain = asciiDomain(dkim.domain).ascii;
  if (domain === undefined) {
    const value = dkim.setting.value.text;
    problems.push({
      code: 'setting-value-invalid',
      severity: 'error',
      range,
      name: 'dkim',
      value,
      expected: ['selector@domain'],
    });
    return message;
  }
  let pem: string | undefined;
  try {
    pem = await options.dkimKeys?.key(selector, domain);
  } catch (error) {
    problems.push({ code: 'dkim-key-unusable', severity: 'error', range, reason: messageOfError(error) });
    return message;
  }
  if (pem === undefined) {
    problems.push({ code: 'dkim-key-missing', severity: 'error', range, selector, domain });
    return message;
  }
  const key = readKey(pem);
  if (typeof key === 'string') {
    problems.push({ code: 'dkim-key-unusable', severity: 'error', range, reason: key });
    return message;
  }
  const header = headerText(pieces, message.root.bodyStart);
  const fields = splitFields(header);
  checkAlignment(fields, domain, range, problems);
  const hash = new BodyHash();
  let skip = message.root.bodyStart;
  for (const piece of pieces) {
    if (piece instanceof Uint8Array) {
      hash.update(skip === 0 ? piece : piece.subarray(Math.min(skip, piece.length)));
      skip -= Math.min(skip, piece.length);
    } else for await (const chunk of readPiece(piece, options.files, options.signal)) hash.update(chunk);
  }
  const time = Math.floor((options.date ?? options.clock.now()) / 1000);
  const written = signatureField(fields, key, { selector, domain, time, bodyHash: hash.digest() });
  const octets = Buffer.from(written, 'latin1');
  const shifted: Piece[] = [octets, ...pieces];
  const size = message.size + octets.length;
  const facts = {
    size,
    transparency: message.transparency,
    utf8Header: message.utf8Header,
    root: { ...shiftPart(message.root, octets.length), headerStart: 0 },
    fields: [
      { name: 'DKIM-Signature', start: 0, end: octets.length, range: dkim.setting.range } satisfies BuiltField,
      ...message.fields.map((field) => ({
        ...field,
        start: field.start + octets.length,
        end: field.end + octets.length,
      })),
    ],
    messageId: message.messageId,
  };
  return messageOf(facts, message.whole ? [await readWhole(shifted, size, options.files)] : shifted, options.files);
}

function messageOfError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function readKey(pem: string): KeyObject | string {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (error) {
    return messageOfError(error);
  }
  if (key.asymmetricKeyType === 'ed25519') return key;
  if (key.asymmetricKeyType !== 'rsa') return `a key of type ${key.asymmetricKeyType}`;
  // RFC 8301 section 3.2.
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  return bits < 1024 ? `an RSA key of ${bits} bits` : key;
}

function headerText(pieces: readonly Piece[], bodyStart: number): string {
  const first = pieces[0];
  return first instanceof Uint8Array ? Buffer.from(first.buffer, first.byteOffset, bodyStart).toString('utf8') : '';
}

interface SignedField {
  readonly name: string;
  readonly text: string;
}

function splitFields(header: string): SignedField[] {
  const fields: SignedField[] = [];
  for (const text of header.split(/\r\n(?![ \t])/)) {
    const colon = text.indexOf(':');
    if (colon > 0) fields.push({ name: text.slice(0, colon), text });
  }
  return fields;
}

function checkAlignment(
  fields: readonly SignedField[],
  domain: string,
  range: MimeProblem['range'],
  problems: MimeProblem[],
): void {
  const from = fields.find(({ name }) => name.toLowerCase() === 'from');
  const first = from && parseAddressList(from.text.slice(5).replace(/\r\n/g, '')).addresses[0];
  if (first?.type !== 'mailbox') return;
  const author = (asciiDomain(first.domain).ascii ?? first.domain).toLowerCase();
  const signer = domain.toLowerCase();
  if (author !== signer && !author.endsWith(`.${signer}`) && !signer.endsWith(`.${author}`))
    problems.push({ code: 'dkim-not-aligned', severity: 'warning', range, domain, from: author });
}

function signatureField(
  fields: readonly SignedField[],
  key: KeyObject,
  facts: { selector: string; domain: string; time: number; bodyHash: string },
): string {
  // RFC 6376 section 5.4.2: of fields that occur more than once, the last one first.
  const names: string[] = [];
  const texts: string[] = [];
  const last = new Map<string, number>();
  const byName = new Map<string, SignedField[]>();
  for (const field of fields) {
    const lower = field.name.toLowerCase();
    if (unsigned.has(lower)) continue;
    names.push(lower);
    const same = byName.get(lower) ?? [];
    same.push(field);
    byName.set(lower, same);
    last.set(lower, same.length);
  }
  for (const name of names) {
    const left = last.get(name)! - 1;
    last.set(name, left);
    texts.push(relaxedField(byName.get(name)![left]!.text));
  }
  const signed = [...names, ...oversigned.map((name) => name.toLowerCase())];
  const algorithm = key.asymmetricKeyType === 'rsa' ? 'rsa-sha256' : 'ed25519-sha256';
  const line = new FieldLine('DKIM-Signature');
  const tags = [
    'v=1;',
    `a=${algorithm};`,
    'c=relaxed/relaxed;',
    `d=${facts.domain};`,
    `s=${facts.selector};`,
    `t=${facts.time};`,
    ...signed.map((name, i) => `${i === 0 ? 'h=' : ''}${name}${i === signed.length - 1 ? ';' : ':'}`),
    `bh=${facts.bodyHash};`,
  ];
  for (const tag of tags) line.token(tag);
  const unsignedText = `${line.finish().slice(0, -2)}\r\n b=`;
  const data = Buffer.from(`${texts.map((text) => `${text}\r\n`).join('')}${relaxedField(unsignedText)}`, 'utf8');
  // RFC 8463 section 3: Ed25519 signs the SHA-256 of the data.
  const signature =
    algorithm === 'rsa-sha256'
      ? sign('sha256', data, key)
      : sign(null, createHash('sha256').update(data).digest(), key);
  const folded = signature.toString('base64').replace(/.{72}(?=.)/g, '$&\r\n ');
  return `${unsignedText}${folded}\r\n`;
}

function shiftPart(part: BuiltPart, by: number): BuiltPart {
  return {
    ...part,
    headerStart: part.headerStart + by,
    bodyStart: part.bodyStart + by,
    bodyEnd: part.bodyEnd + by,
    children: part.children.map((child) => shiftPart(child, by)),
  };
}
