/** One mailbox as a reader is shown it: decoded name, address as it stands. */
export interface MailboxView {
  /** Empty where there is none. */
  readonly name: string;
  /** Empty where the field held a name only. */
  readonly address: string;
}

/** One header field, in the order of the message. */
export interface HeaderView {
  /** As written. */
  readonly name: string;
  /** Unfolded, encoded-words decoded (RFC 2047). */
  readonly value: string;
  /** Unfolded, as it travels; equal to `value` where nothing was encoded. */
  readonly raw: string;
}

/** A part that is neither the HTML nor the text that is shown. */
export interface AttachmentView {
  /** Position among the attachments of this message, from 0. */
  readonly index: number;
  /** Decoded; empty where the part has no name. Never fit to be used as a path as it is. */
  readonly name: string;
  /** Lower case, without parameters. */
  readonly type: string;
  /** Octets, decoded. */
  readonly size: number;
  /**
   * `inline`: shown by the HTML through its Content-ID. `alternative`: another form of the text itself (a calendar, AMP), without
   * name or disposition. `attached`: everything else.
   */
  readonly role: 'inline' | 'alternative' | 'attached';
  /** Without angle brackets. */
  readonly contentId?: string;
  readonly content: Uint8Array;
}

/** Something that keeps a message from being shown as it stands. */
export type MessageNotice =
  | { readonly code: 'empty' }
  | { readonly code: 'unreadable'; readonly reason: string }
  | { readonly code: 'truncated'; readonly shown: number; readonly size: number }
  | { readonly code: 'nested-too-deep' }
  | { readonly code: 'no-body' };

/** A finished message as a reader meets it. Made by `readMessage`, of any bytes whatever. */
export interface MessageView {
  /** Octets of the whole message. */
  readonly size: number;
  readonly from: readonly MailboxView[];
  readonly sender?: MailboxView;
  readonly replyTo: readonly MailboxView[];
  readonly to: readonly MailboxView[];
  readonly cc: readonly MailboxView[];
  /** Decoded; empty where there is none. */
  readonly subject: string;
  /** Milliseconds since the epoch, where the Date field can be read. */
  readonly date?: number;
  readonly headers: readonly HeaderView[];
  /** What a client that shows HTML shows; several HTML parts stand one after the other. */
  readonly html?: string;
  /** What a client that shows text shows. Undefined where the message has no text of its own. */
  readonly text?: string;
  readonly attachments: readonly AttachmentView[];
  /** The attached messages (`message/rfc822`) among the attachments, read in their turn. */
  readonly nested: readonly { readonly attachment: number; readonly message: MessageView }[];
  readonly notices: readonly MessageNotice[];
}
