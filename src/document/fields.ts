import { suggestionFor } from '../base/suggestion.ts';

/**
 * How a field's value is read and written. `opaque`: as it stands, never encoded and never folded inside a token
 * (List-*, tokens, what other software reads).
 */
export type FieldKind =
  | 'unstructured'
  | 'address-list'
  | 'mailbox-list'
  | 'mailbox'
  | 'message-id'
  | 'message-ids'
  | 'date'
  | 'params'
  | 'phrases'
  | 'opaque';

export interface FieldFacts {
  /** In its customary spelling. */
  readonly name: string;
  readonly kind: FieldKind;
  /** Whether it may stand only once (RFC 5322 section 3.6, and the RFC that defines it). */
  readonly once: boolean;
  /** Where it is defined. */
  readonly source: string;
  /** What it is for, as a sentence. */
  readonly purpose: string;
  /** The same in a finished message, where it is for something else there. */
  readonly finishedPurpose?: string;
  /** The values that are lawful, where they are a closed list, without regard to case. */
  readonly values?: readonly string[];
  /** Whether its value is a list of `<URI>`s. */
  readonly uris?: true;
  /** Written by servers on the way, or by the builder: not offered where a message is written. */
  readonly notWritten?: true;
}

type Row = readonly [
  name: string,
  kind: FieldKind,
  once: 0 | 1,
  source: string,
  purpose: string,
  more?: Partial<FieldFacts>,
];

const LEVELS: Partial<FieldFacts> = { values: ['high', 'normal', 'low'] };
const URIS: Partial<FieldFacts> = { uris: true };
const TRACE: Partial<FieldFacts> = { notWritten: true };

const ROWS: readonly Row[] = [
  ['From', 'mailbox-list', 1, 'RFC 5322 section 3.6.2', 'Who wrote the message.'],
  ['Sender', 'mailbox', 1, 'RFC 5322 section 3.6.2', 'Who sent the message, where that is not its one author.'],
  ['Reply-To', 'address-list', 1, 'RFC 5322 section 3.6.2', 'Where answers go.'],
  ['To', 'address-list', 1, 'RFC 5322 section 3.6.3', 'Who the message is for.'],
  ['Cc', 'address-list', 1, 'RFC 5322 section 3.6.3', 'Who gets a copy.'],
  [
    'Bcc',
    'address-list',
    1,
    'RFC 5322 section 3.6.3',
    'Who gets a copy that the others do not see. It is never written into the message.',
  ],
  ['Subject', 'unstructured', 1, 'RFC 5322 section 3.6.5', 'What the message is about.'],
  ['Date', 'date', 1, 'RFC 5322 section 3.6.1', 'When the message was completed. Added where it is left out.'],
  [
    'Message-ID',
    'message-id',
    1,
    'RFC 5322 section 3.6.4',
    'The unique identifier of the message. Added where it is left out.',
  ],
  ['In-Reply-To', 'message-ids', 1, 'RFC 5322 section 3.6.4', 'The message that this one answers.'],
  ['References', 'message-ids', 1, 'RFC 5322 section 3.6.4', 'The messages of the thread, oldest first.'],
  ['Comments', 'unstructured', 0, 'RFC 5322 section 3.6.5', 'Remarks about the text of the message.'],
  ['Keywords', 'phrases', 0, 'RFC 5322 section 3.6.5', 'Words to find the message by, separated by commas.'],
  ['Resent-From', 'mailbox-list', 0, 'RFC 5322 section 3.6.6', 'Who sent the message on.'],
  ['Resent-Sender', 'mailbox', 0, 'RFC 5322 section 3.6.6', 'Who sent the message on for somebody else.'],
  ['Resent-To', 'address-list', 0, 'RFC 5322 section 3.6.6', 'Who the message is sent on to. It gives the envelope.'],
  [
    'Resent-Cc',
    'address-list',
    0,
    'RFC 5322 section 3.6.6',
    'Who gets a copy of what is sent on. It gives the envelope.',
  ],
  [
    'Resent-Bcc',
    'address-list',
    0,
    'RFC 5322 section 3.6.6',
    'Who gets a hidden copy of what is sent on. It is never written into the message.',
  ],
  ['Resent-Reply-To', 'address-list', 0, 'RFC 5322 section 4.5.6', 'Obsolete.', TRACE],
  ['Resent-Date', 'date', 0, 'RFC 5322 section 3.6.6', 'When the message was sent on.'],
  ['Resent-Message-ID', 'message-id', 0, 'RFC 5322 section 3.6.6', 'The identifier of the sending on.'],
  ['Return-Path', 'opaque', 0, 'RFC 5322 section 3.6.7', 'The envelope sender, as the last server writes it.', TRACE],
  ['Received', 'opaque', 0, 'RFC 5322 section 3.6.7', 'A server on the way.', TRACE],
  ['Delivered-To', 'opaque', 0, 'RFC 9228', 'The mailbox that the message was put in.', TRACE],
  [
    'MIME-Version',
    'opaque',
    1,
    'RFC 2045 section 4',
    'Makes the document a finished message, which is sent as it stands.',
    { values: ['1.0'] },
  ],
  [
    'Content-Type',
    'params',
    1,
    'RFC 2045 section 5',
    'The type and charset of the leading text.',
    { finishedPurpose: 'The type of the message or the part that it stands in, with its charset or its boundary.' },
  ],
  [
    'Content-Transfer-Encoding',
    'opaque',
    1,
    'RFC 2045 section 6',
    'How the octets of a part are written.',
    { values: ['7bit', '8bit', 'binary', 'quoted-printable', 'base64'], ...TRACE },
  ],
  ['Content-ID', 'message-id', 1, 'RFC 2045 section 7', 'The name by which HTML shows a part: cid:…'],
  ['Content-Description', 'unstructured', 1, 'RFC 2045 section 8', 'What a part holds, in words.'],
  ['Content-Disposition', 'params', 1, 'RFC 2183', 'Whether a part is shown or offered as a file, and its name.'],
  ['Content-Language', 'opaque', 1, 'RFC 3282', 'The language of the text, such as en-GB or zh-Hans.'],
  ['Content-Location', 'opaque', 1, 'RFC 2557 section 4', 'A URI that stands for a part.'],
  ['Content-Base', 'opaque', 1, 'RFC 2110', 'Obsolete base of relative URIs.'],
  ['Content-Duration', 'opaque', 1, 'RFC 3803', 'How many seconds a recording lasts.'],
  ['Content-MD5', 'opaque', 1, 'RFC 1864', 'A checksum of the content.'],
  ['Content-Features', 'opaque', 1, 'RFC 2912', 'What showing a part takes.'],
  ['Content-Alternative', 'opaque', 0, 'RFC 3297', 'Other forms that there are of the content.'],
  [
    'List-Unsubscribe',
    'opaque',
    1,
    'RFC 2369',
    'How to leave the list: URIs in angle brackets, separated by commas.',
    URIS,
  ],
  [
    'List-Unsubscribe-Post',
    'opaque',
    1,
    'RFC 8058',
    'Lets readers leave the list with one click.',
    { values: ['List-Unsubscribe=One-Click'] },
  ],
  ['List-Subscribe', 'opaque', 1, 'RFC 2369', 'How to join the list.', URIS],
  ['List-Help', 'opaque', 1, 'RFC 2369', 'Where the list is explained.', URIS],
  ['List-Post', 'opaque', 1, 'RFC 2369', 'Where to write to the list, or NO.', URIS],
  ['List-Owner', 'opaque', 1, 'RFC 2369', 'Who runs the list.', URIS],
  ['List-Archive', 'opaque', 1, 'RFC 2369', 'Where the archive of the list is.', URIS],
  ['List-ID', 'opaque', 1, 'RFC 2919', 'The name of the list, its identifier in angle brackets.'],
  ['Archived-At', 'opaque', 0, 'RFC 5064', 'Where this message is in the archive.', URIS],
  [
    'Auto-Submitted',
    'opaque',
    1,
    'RFC 3834 section 5',
    'Says that a program sent the message, so that no program answers it.',
    { values: ['no', 'auto-generated', 'auto-replied', 'auto-notified'] },
  ],
  [
    'X-Auto-Response-Suppress',
    'opaque',
    1,
    'MS-OXCMAIL',
    'Which automatic answers Exchange shall not give (All, OOF, DR, RN, NRN, AutoReply).',
  ],
  [
    'Precedence',
    'opaque',
    1,
    'RFC 2076 section 3.9',
    'Marks mail to many; automatic answers leave it alone.',
    { values: ['bulk', 'list', 'junk', 'first-class', 'special-delivery'] },
  ],
  ['Importance', 'opaque', 1, 'RFC 2156', 'How important the sender finds it.', LEVELS],
  ['Priority', 'opaque', 1, 'RFC 2156', 'How urgent it is.', { values: ['normal', 'urgent', 'non-urgent'] }],
  ['X-Priority', 'opaque', 1, 'RFC 2076 section 3.9', 'From 1 (highest) to 5 (lowest).'],
  ['X-MSMail-Priority', 'opaque', 1, 'RFC 2076 section 3.9', 'Outlook’s older word for the priority.', LEVELS],
  [
    'Sensitivity',
    'opaque',
    1,
    'RFC 2156',
    'How private it is.',
    { values: ['Personal', 'Private', 'Company-Confidential'] },
  ],
  [
    'Disposition-Notification-To',
    'mailbox-list',
    1,
    'RFC 8098 section 2.1',
    'Asks for a receipt when the message has been read.',
  ],
  ['Disposition-Notification-Options', 'opaque', 1, 'RFC 8098 section 2.2', 'What the receipt has to be like.'],
  ['Original-Recipient', 'opaque', 1, 'RFC 8098 section 2.3', 'The recipient that the sender gave.', TRACE],
  ['Return-Receipt-To', 'address-list', 1, 'RFC 2076 section 3.8', 'An older way to ask for a receipt.'],
  ['Read-Receipt-To', 'address-list', 1, 'RFC 2076 section 3.8', 'Another older way to ask for a receipt.'],
  ['X-Confirm-Reading-To', 'address-list', 1, 'RFC 2076 section 3.8', 'Pegasus Mail’s way to ask for a receipt.'],
  ['Errors-To', 'address-list', 1, 'RFC 2076 section 3.5', 'Obsolete: the envelope sender says where bounces go.'],
  ['Organization', 'unstructured', 1, 'RFC 5536 section 3.2.9', 'Where the author belongs.'],
  ['User-Agent', 'unstructured', 1, 'RFC 5536 section 3.2.13', 'The program that wrote the message.'],
  ['X-Mailer', 'unstructured', 1, 'RFC 2076 section 3.4', 'The program that wrote the message.'],
  ['X-Originating-IP', 'opaque', 1, 'common practice', 'The address of the client that handed the message in.'],
  ['Expires', 'date', 1, 'RFC 4021 section 2.1.50', 'When the message loses its meaning.'],
  ['Expiry-Date', 'date', 1, 'RFC 4021 section 2.1.51', 'When the message loses its meaning.'],
  ['Reply-By', 'date', 1, 'RFC 2156', 'Until when an answer is asked for.'],
  ['Supersedes', 'message-id', 1, 'RFC 2156', 'The message that this one takes the place of.'],
  ['Obsoletes', 'message-ids', 1, 'RFC 2156', 'Messages that this one takes the place of.'],
  ['Newsgroups', 'opaque', 1, 'RFC 5536 section 3.1.4', 'The newsgroups that it was posted to.'],
  ['Followup-To', 'opaque', 1, 'RFC 5536 section 3.2.6', 'The newsgroups where answers go.'],
  ['Thread-Topic', 'unstructured', 1, 'MS-OXOMSG', 'Outlook’s subject of the thread.'],
  ['Thread-Index', 'opaque', 1, 'MS-OXOMSG', 'Outlook’s place in the thread.'],
  ['Autocrypt', 'opaque', 0, 'Autocrypt Level 1', 'The author’s key.'],
  ['DKIM-Signature', 'opaque', 0, 'RFC 6376 section 3.5', 'A signature by a domain. @dkim makes one.', TRACE],
  ['Authentication-Results', 'opaque', 0, 'RFC 8601', 'What a receiving server found out about the sender.', TRACE],
  ['Received-SPF', 'opaque', 0, 'RFC 7208 section 9.1', 'What a receiving server found out about the sender.', TRACE],
  ['ARC-Seal', 'opaque', 0, 'RFC 8617', 'A link of the chain of forwarders.', TRACE],
  ['ARC-Message-Signature', 'opaque', 0, 'RFC 8617', 'A link of the chain of forwarders.', TRACE],
  ['ARC-Authentication-Results', 'opaque', 0, 'RFC 8617', 'A link of the chain of forwarders.', TRACE],
  [
    'BIMI-Selector',
    'opaque',
    1,
    'draft-brand-indicators-for-message-identification',
    'Which logo of the domain is shown.',
  ],
  ['TLS-Required', 'opaque', 1, 'RFC 8689 section 5', 'No: delivery matters more than encryption.', { values: ['No'] }],
  [
    'Message-Context',
    'opaque',
    1,
    'RFC 3458',
    'The kind of message.',
    { values: ['voice-message', 'fax-message', 'pager-message', 'multimedia-message', 'text-message', 'none'] },
  ],
  ['Feedback-ID', 'opaque', 1, 'Gmail postmaster guidelines', 'Names a campaign in Gmail’s reports of complaints.'],
  ['X-Entity-Ref-ID', 'opaque', 1, 'common practice', 'Keeps Gmail from putting like messages into one thread.'],
  ['X-Campaign-ID', 'opaque', 1, 'common practice', 'The campaign that it belongs to.'],
  ['X-SES-CONFIGURATION-SET', 'opaque', 1, 'Amazon SES developer guide', 'The configuration set of Amazon SES to use.'],
  ['X-SES-MESSAGE-TAGS', 'opaque', 1, 'Amazon SES developer guide', 'Tags for Amazon SES, as name=value.'],
  ['X-SMTPAPI', 'opaque', 1, 'SendGrid SMTP API', 'JSON that steers SendGrid.'],
  ['X-PM-Tag', 'opaque', 1, 'Postmark developer documentation', 'Postmark’s tag.'],
  ['X-PM-Message-Stream', 'opaque', 1, 'Postmark developer documentation', 'Postmark’s stream.'],
  ['X-Mailgun-Tag', 'opaque', 0, 'Mailgun documentation', 'Mailgun’s tag.'],
  ['X-Mailgun-Variables', 'opaque', 0, 'Mailgun documentation', 'JSON that Mailgun keeps with the message.'],
  ['X-MT-Category', 'opaque', 1, 'Mailtrap documentation', 'Mailtrap’s category.'],
];

/** Every field that is known, those for writing a message first. */
export const FIELDS: readonly FieldFacts[] = ROWS.map(([name, kind, once, source, purpose, more]) => ({
  name,
  kind,
  once: once === 1,
  source,
  purpose,
  ...more,
}));

const BY_NAME = new Map(FIELDS.map((field) => [field.name.toLowerCase(), field]));

/** What is known of a field, by its name in any case. */
export function fieldFacts(name: string): FieldFacts | undefined {
  return BY_NAME.get(name.toLowerCase());
}

/** How to read a field's value; an unknown field is unstructured (RFC 5322 section 3.6.8), an unknown List-* opaque. */
export function fieldKind(name: string): FieldKind {
  return fieldFacts(name)?.kind ?? (/^(?:list|arc|dkim)-/i.test(name) ? 'opaque' : 'unstructured');
}

const WRITABLE = FIELDS.filter((field) => !field.notWritten).map((field) => field.name);

/** A known field's name that an unknown one comes near to. */
export function nearestField(name: string): string | undefined {
  return /^x-/i.test(name) ? undefined : suggestionFor(name, WRITABLE);
}
