import type { Range } from '../base/problem.ts';
import type { ByteSource } from '../base/source.ts';
import type { Part, TransferEncoding } from './part.ts';

/** A message that is ready to be read, any number of times, its size known before the first octet is. */
export interface BuiltMessage extends ByteSource {
  /** The whole message as a part; its header is the message's. */
  readonly root: BuiltPart;
  /** The fields of the message header, in order. */
  readonly fields: readonly BuiltField[];
  /** Without angle brackets. */
  readonly messageId: string;
  /**
   * The octets of a stretch, half-open, cut off at the end of the message. Of a file that goes as base64 no more is read than
   * the stretch needs. Rejects as reading does.
   */
  slice(start: number, end: number, signal?: AbortSignal): Promise<Uint8Array>;
}

/** Offsets are octets from the start of the message, half-open. */
export interface BuiltPart {
  readonly part: Part;
  /** Its header, the blank line after it included. */
  readonly headerStart: number;
  readonly bodyStart: number;
  /** The CRLF that belongs to the boundary after it apart. */
  readonly bodyEnd: number;
  readonly encoding: TransferEncoding;
  /** As written into Content-Type, where there is one. */
  readonly charset?: string;
  /** As sent; differs from the part's where a message could only travel as octets. */
  readonly mediaType: string;
  readonly children: readonly BuiltPart[];
}

export interface BuiltField {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** Where it stands in the document; undefined for one that was added. */
  readonly range?: Range;
}
