import type { Range } from '../base/problem.ts';
import type { OutlinePart } from '../inspect/outline.ts';
import { decodedBody } from '../mime/decoded-body.ts';
import type { DecodedText } from '../mime/decoded-text.ts';
import { decodeQuotedPrintableText } from '../mime/quoted-printable-text.ts';
import type { Analysis } from './analysis.ts';

/** A text part of a finished message as it is read, with the way back into the document. */
export interface FinishedText {
  readonly part: OutlinePart;
  /** Where the header of the message begins that the part belongs to: an attached message is one of its own. */
  readonly message: number;
  readonly text: string;
  readonly encoded: boolean;
  /** Where a stretch of the text stands in the document. */
  place(range: Range): Range;
}

/** Why the text of a part can't be read where it stands. */
export type Unreadable = {
  readonly part: OutlinePart;
  readonly message: number;
  readonly why: 'base64' | 'charset' | 'length';
};

export interface FinishedTexts {
  readonly texts: readonly FinishedText[];
  readonly unreadable: readonly Unreadable[];
}

/** Charsets in which an octet below 0x80 need not be the ASCII character. */
const notAscii = /^(?:utf-?(?:7|16|32)|iso-2022-|hz-gb|ucs-|shift_?jis|sjis|ms_kanji|cp037|ebcdic)/i;

export interface FinishedTextOptions {
  /** Characters of an encoded part that is read. */
  readonly longest?: number;
  /** Whether they are only to be read, in base64 and in any charset: nothing can be written into such a part. */
  readonly reading?: true;
}

/** The parts of a media type in a finished message, those that are attached as files apart. In order of place. */
export function finishedTexts(
  analysis: Analysis,
  mediaType: string,
  { longest = Number.POSITIVE_INFINITY, reading }: FinishedTextOptions = {},
): FinishedTexts {
  const texts: FinishedText[] = [];
  const unreadable: Unreadable[] = [];
  const visit = (part: OutlinePart, message: number): void => {
    const wraps = part.mediaType.startsWith('message/');
    for (const child of part.children) visit(child, wraps ? child.headerStart : message);
    if (part.mediaType !== mediaType || part.disposition === 'attachment' || part.children.length > 0) return;
    const { bodyStart, bodyEnd, encoding, charset } = part;
    if (reading && encoding === 'base64' && bodyEnd - bodyStart > longest) {
      unreadable.push({ part, message, why: 'length' });
      return;
    }
    const decoded =
      reading && bodyEnd - bodyStart <= longest
        ? decodedBody(analysis.text.slice(bodyStart, bodyEnd), encoding, charset)
        : undefined;
    if (decoded)
      texts.push({ part, message, text: decoded.text, encoded: true, place: placeBehind(bodyStart, decoded) });
    else if (charset !== undefined && notAscii.test(charset)) unreadable.push({ part, message, why: 'charset' });
    else if (encoding === 'quoted-printable' && bodyEnd - bodyStart > longest)
      unreadable.push({ part, message, why: 'length' });
    else if (encoding === 'quoted-printable') {
      const read = decodeQuotedPrintableText(analysis.text.slice(bodyStart, bodyEnd), charset);
      texts.push({ part, message, text: read.text, encoded: true, place: placeBehind(bodyStart, read) });
    } else if (/^(?:7bit|8bit|binary)$/.test(encoding)) {
      const placed = ({ start, end }: Range): Range => ({ start: bodyStart + start, end: bodyStart + end });
      texts.push({ part, message, text: analysis.text.slice(bodyStart, bodyEnd), encoded: false, place: placed });
    } else unreadable.push({ part, message, why: 'base64' });
  };
  if (analysis.outline) visit(analysis.outline, analysis.outline.headerStart);
  return { texts, unreadable };
}

function placeBehind(bodyStart: number, { place }: DecodedText): FinishedText['place'] {
  return ({ start, end }) => {
    const range = place(start, end);
    return { start: bodyStart + range.start, end: bodyStart + range.end };
  };
}
