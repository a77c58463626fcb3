import { decodeCharset, isFromTables, loadCharsets } from '../base/decode-charset.ts';
import { decodeQ } from '../base/decode-words.ts';
import { isToken, parseParameters } from '../mime/params.ts';
import { decodeQuotedPrintable } from '../mime/quoted-printable-text.ts';
import { type OutlinePart, outline } from './outline.ts';

/**
 * A message whose texts and encoded-words are in UTF-8 where they were in charsets that no browser knows, and so no reader made for
 * browsers: DOS code pages, UTF-7. Everything else stays as it is; most messages are answered as they are.
 */
export async function recodeMessage(message: Uint8Array): Promise<Uint8Array> {
  const octets = Buffer.from(message.buffer, message.byteOffset, message.length);
  const written = octets.toString('latin1');
  if (!(await loadCharsets(written))) return message;
  const pieces: Uint8Array[] = [];
  let done = 0;
  const replace = (start: number, end: number, by: string): void => {
    pieces.push(octets.subarray(done, start), Buffer.from(by, 'latin1'));
    done = end;
  };
  for (const part of parts(outline(octets))) {
    const inTables = isText(part) && isFromTables(part.charset ?? '');
    const header = written.slice(part.headerStart, part.bodyStart);
    const recoded = recodeWords(inTables ? headerInUtf8(header, part) : header);
    if (recoded !== header) replace(part.headerStart, part.bodyStart, recoded);
    if (inTables) replace(part.bodyStart, part.bodyEnd, bodyInUtf8(octets, part));
  }
  return done === 0 ? message : Buffer.concat([...pieces, octets.subarray(done)]);
}

/** In the order in which they stand. An attached message is a file: what is in it is read by itself. */
function* parts(part: OutlinePart): Generator<OutlinePart> {
  yield part;
  if (part.mediaType.startsWith('multipart/')) for (const child of part.children) yield* parts(child);
}

/** What is shown as the text of the message: a file stays as it is. */
function isText({ mediaType, disposition }: OutlinePart): boolean {
  return /^text\/(?:plain|html)$/.test(mediaType) && disposition !== 'attachment';
}

/** Encoded-words (RFC 2047) of those charsets as such of UTF-8; neighbours of one charset in one, since some writers split characters. */
export function recodeWords(text: string): string {
  const word = String.raw`=\?([^?\s*]{1,40})(?:\*[^?\s]{0,40})?\?[BbQq]\?[^?\s]*\?=`;
  const run = new RegExp(String.raw`${word}(?:[ \t\r\n]+=\?\1(?:\*[^?\s]{0,40})?\?[BbQq]\?[^?\s]*\?=)*`, 'g');
  return text.replace(run, (words, charset: string) => {
    if (!isFromTables(charset)) return words;
    const octets = [...words.matchAll(/\?([BbQq])\?([^?\s]*)\?=/g)].map(([, kind, content = '']) =>
      kind === 'B' || kind === 'b' ? Buffer.from(content, 'base64') : decodeQ(content),
    );
    const decoded = decodeCharset(Buffer.concat(octets), charset);
    return decoded === undefined ? words : `=?utf-8?B?${Buffer.from(decoded).toString('base64')}?=`;
  });
}

/** With other fields for the type, of which only flowed text (RFC 3676) needs more, and for the encoding. */
function headerInUtf8(header: string, { mediaType, fields }: OutlinePart): string {
  const type = fields.find(({ name }) => name.toLowerCase() === 'content-type')?.raw ?? '';
  const flowed = parseParameters(type).parameters.flatMap(({ name, value }) =>
    /^(?:format|delsp)$/i.test(name) && isToken(value) ? [`; ${name}=${value}`] : [],
  );
  const others = header.replace(/^content-(?:type|transfer-encoding)[ \t]*:(?:[^\r\n]|\r?\n[ \t])*(?:\r?\n|$)/gim, '');
  return `Content-Type: ${mediaType}; charset=utf-8${flowed.join('')}\r\nContent-Transfer-Encoding: base64\r\n${others}`;
}

function bodyInUtf8(octets: Buffer, { bodyStart, bodyEnd, encoding, charset }: OutlinePart): string {
  const body = octets.toString('latin1', bodyStart, bodyEnd);
  const content =
    encoding === 'base64'
      ? Buffer.from(body, 'base64')
      : encoding === 'quoted-printable'
        ? decodeQuotedPrintable(body.replace(/[\x80-\xff]/g, escaped)).octets
        : Buffer.from(body, 'latin1');
  const text = decodeCharset(content, charset ?? '') ?? content.toString('latin1');
  return Buffer.from(text).toString('base64');
}

/** An octet that stands there as it is, though quoted-printable has none such. */
function escaped(octet: string): string {
  return `=${octet.charCodeAt(0).toString(16)}`;
}
