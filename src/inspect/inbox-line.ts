import type { MessageView } from './message.ts';
import { preheaderOf } from './preheader.ts';

/**
 * How much of subject and preheader a client's list shows, in characters. Lists are as wide as their window and their
 * letters differ in width, so these are the round figures that guides for authors give, for a window of usual size.
 */
export interface InboxClient {
  readonly id: string;
  readonly name: string;
  readonly subject: number;
  readonly preheader: number;
}

const inboxClients: readonly InboxClient[] = [
  { id: 'gmail-web', name: 'Gmail (web)', subject: 70, preheader: 97 },
  { id: 'gmail-app', name: 'Gmail (phone)', subject: 40, preheader: 50 },
  { id: 'apple-mail-iphone', name: 'Apple Mail (iPhone)', subject: 41, preheader: 81 },
  { id: 'apple-mail-mac', name: 'Apple Mail (Mac)', subject: 64, preheader: 140 },
  { id: 'outlook-windows', name: 'Outlook (Windows)', subject: 54, preheader: 35 },
  { id: 'outlook-com', name: 'Outlook.com', subject: 60, preheader: 55 },
  { id: 'yahoo-web', name: 'Yahoo Mail (web)', subject: 46, preheader: 50 },
];

/** How a message stands in a list of messages. */
export interface InboxLine {
  /** The display name, else the address; empty where the message has no sender. */
  readonly sender: string;
  readonly subject: string;
  /** The beginning of the text, as much of it as the most generous client shows and a little more. */
  readonly preheader: string;
  readonly clients: readonly ClientLine[];
}

export interface ClientLine {
  readonly client: InboxClient;
  readonly subject: string;
  readonly subjectCut: boolean;
  readonly preheader: string;
  readonly preheaderCut: boolean;
}

/** `preheader`: that of the message, where it is known. */
export function inboxLine(
  message: Pick<MessageView, 'from' | 'sender' | 'subject' | 'html' | 'text'>,
  preheader = preheaderOf(message),
): InboxLine {
  const author = message.from[0] ?? message.sender;
  const subject = message.subject.replace(/\s+/g, ' ').trim();
  return {
    sender: author ? author.name || author.address : '',
    subject,
    preheader,
    clients: inboxClients.map((client) => {
      const [shownSubject, subjectCut] = cut(subject, client.subject);
      const [shownPreheader, preheaderCut] = cut(preheader, client.preheader);
      return { client, subject: shownSubject, subjectCut, preheader: shownPreheader, preheaderCut };
    }),
  };
}

/** Made once: it takes longer than most of what it is asked. */
let graphemes: Intl.Segmenter | undefined;

/** The first `length` characters as a reader counts them (an emoji with its modifiers is one), with an ellipsis if cut. */
export function cut(text: string, length: number): [text: string, isCut: boolean] {
  if (text.length <= length) return [text, false];
  graphemes ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  let count = 0;
  for (const { index } of graphemes.segment(text)) {
    if (count++ === length) return [`${text.slice(0, index).trimEnd()}…`, true];
  }
  return [text, false];
}
