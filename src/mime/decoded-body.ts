import { decodeBase64 } from './base64-text.ts';
import { type DecodedText, decodedText, octetsAsWritten } from './decoded-text.ts';
import { decodeQuotedPrintable } from './quoted-printable-text.ts';

/**
 * A text body as it is read, from how it stands in a message that an editor holds as text; undefined where it stands as it is read.
 * `encoding` in lower case.
 */
export function decodedBody(body: string, encoding: string, charset: string | undefined): DecodedText | undefined {
  if (encoding === 'quoted-printable') return decodedText(decodeQuotedPrintable(body), charset);
  if (encoding === 'base64') return decodedText(decodeBase64(body), charset);
  // Written in ASCII, and not what it says.
  return charset !== undefined && /^iso-2022-/i.test(charset) && !/[^\x00-\x7f]/.test(body)
    ? decodedText(octetsAsWritten(body), charset)
    : undefined;
}
