import type { Envelope } from '../base/envelope.ts';

/** A parameter of MAIL or RCPT as it was given (RFC 5321 section 4.1.2, esmtp-param), the keyword in capitals. */
export interface CapturedParameter {
  readonly keyword: string;
  readonly value?: string;
}

/** An accepted RCPT command. The same address can come more than once; the envelope holds it once. */
export interface CapturedRecipient {
  readonly address: string;
  readonly parameters: readonly CapturedParameter[];
}

export interface CapturedEnvelope extends Envelope {
  readonly mailParameters?: readonly CapturedParameter[];
  /** Every accepted RCPT in order, where one of them had parameters or an address came twice. */
  readonly accepted?: readonly CapturedRecipient[];
}

/** What a client did that RFC 5321 or 5322 does not allow, and that this server let pass so that it can be seen. */
export type Irregularity =
  /** CR not followed by LF in the text (RFC 5321 section 2.3.8). */
  | 'bare-cr'
  /** LF not preceded by CR in the text (RFC 5321 section 2.3.8). */
  | 'bare-lf'
  /** A line of more than 998 octets without its CRLF (RFC 5321 section 4.5.3.1.6). */
  | 'long-line'
  | 'nul'
  /** Octets above 127 without BODY=8BITMIME, BODY=BINARYMIME or SMTPUTF8 (RFC 6152 section 3). */
  | 'unannounced-8bit'
  /** The last line has no CRLF: can be so only after BDAT. */
  | 'no-final-newline';

/** How the session went that brought the message. */
export interface CapturedSession {
  readonly address: string;
  readonly port: number;
  /** The argument of EHLO, HELO or LHLO. */
  readonly hello: string;
  /** A "with" protocol type of RFC 3848: SMTP, ESMTP, ESMTPS, ESMTPSA, LMTPS, UTF8SMTPA … */
  readonly protocol: string;
  readonly tls?: { readonly version: string; readonly cipher: string };
  /** The authentication identity, where there was an AUTH. The password is never kept. */
  readonly user?: string;
}

/** A whole message as the session hands it on. */
export interface ReceivedMessage {
  readonly envelope: CapturedEnvelope;
  readonly session: CapturedSession;
  /** The message in order, without stuffed dots and the final one. */
  readonly pieces: readonly Uint8Array[];
  /** Octets of all the pieces. */
  readonly size: number;
  readonly irregularities: readonly Irregularity[];
}

/** A few decoded header fields, for lists. Missing fields are missing; nothing here is checked or trusted. */
export interface MessageSummary {
  readonly subject?: string;
  readonly from?: string;
  readonly to?: string;
  /** The Date field as it was written. */
  readonly date?: string;
  /** The Message-ID with its angle brackets. */
  readonly messageId?: string;
}

/** What the `.json` beside a kept `.eml` holds. */
export interface MessageRecord {
  /** Names the files and sorts by time of arrival. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly received: number;
  /** Octets of the `.eml`. */
  readonly size: number;
  readonly summary: MessageSummary;
  /** The three that follow are missing where a `.eml` was put into the folder by other means. */
  readonly envelope?: CapturedEnvelope;
  readonly session?: CapturedSession;
  readonly irregularities?: readonly Irregularity[];
}
