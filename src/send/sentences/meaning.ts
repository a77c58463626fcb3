import type { AddressProblem } from '../../base/address.ts';
import type { DraftProblem, EnvelopeProblem, FinishedProblem, MeaningProblem } from '../../document/problems.ts';
import type { SentencesFor } from './table.ts';
import { count, list, meant, quoted } from './words.ts';

type Own = Exclude<MeaningProblem | EnvelopeProblem | FinishedProblem | DraftProblem, AddressProblem>;

export const meaningSentences: SentencesFor<Own> = {
  'from-missing': () => 'There is no From: write who the message is from, as From: Ann <ann@example.com>.',
  'recipients-missing': () => 'There are no recipients: write To, Cc or Bcc.',
  'bcc-outranked': (p) =>
    `The newest Resent- fields say who gets the message, so the recipients of ${p.name} do not: name them in Resent-Bcc.`,
  'sender-missing': (p) =>
    `${p.name} has ${count(p.authors, 'author')}, so a ${p.sender} is needed: write which of them sends it, as ${quoted(`${p.sender}: ${p.author}`)}.`,
  'sender-redundant': () => 'Sender is the same as From, and is not needed: take it out.',
  'mailbox-not-one': (p) => `${p.name} takes one address, and ${count(p.count, 'address', 'addresses')} stand here.`,
  'field-repeated': (p) => `${p.name} stands twice, and may stand once: take one of them out.`,
  'field-empty': (p) => `${p.name} has no value: write one, or take it out.`,
  'field-misspelt': (p) => `There is no common field ${quoted(p.name)}${meant(p.suggestion)}.`,
  'encoded-word-typed': (p) =>
    `This is sent as it is written. If it should read ${quoted(p.decoded)}, write that: it is encoded by itself.`,
  'transfer-encoding-field': () =>
    'Content-Transfer-Encoding is chosen by Mailbench: take the field out. To allow 8-bit, write @encoding: 8bit.',
  'multipart-not-here': (p) =>
    `${quoted(p.value)} can’t stand in the header: the parts are made from the directives. Take the field out, or write <#multipart type=…> in the body.`,
  'date-invalid': (p) => `${p.name} can’t be ${quoted(p.value)}: write it as Fri, 20 Nov 2026 14:02:11 +0100.`,
  'date-weekday': (p) => `${p.name} says ${p.written}, and that day is a ${p.expected}.`,
  'message-id-invalid': (p) =>
    `${p.name} can’t be ${quoted(p.value)}: write ids in angle brackets, as <unique@example.com>.`,
  'field-value-invalid': (p) =>
    `${p.name} can’t be ${quoted(p.value)}${p.expected.length ? `: write ${list(p.expected, 20, 'or')}` : ''}.`,
  'list-uri-invalid': (p) =>
    `${p.name} takes URIs in angle brackets, parted by commas: <https://example.com/u>, <mailto:u@example.com>.`,
  'unsubscribe-without-https': () =>
    'List-Unsubscribe-Post needs an https address in List-Unsubscribe (RFC 8058): add one.',
  'unsubscribe-post-missing': () =>
    'With an https address, List-Unsubscribe wants "List-Unsubscribe-Post: List-Unsubscribe=One-Click" beside it (RFC 8058): Gmail and Yahoo ask for it.',
  'sender-unknown': () => 'It can’t be told who sends this: write one address in From, or a Sender, or @envelope-from.',
  'envelope-from-invalid': (p) =>
    p.origin === 'server'
      ? `The "envelopeFrom" of the server can’t be ${quoted(p.value)}: write one address there, or <>.`
      : `@envelope-from can’t be ${quoted(p.value)}: write one address, or <>.`,
  'finished-nul': (p) =>
    `${count(p.count, 'NUL byte')} in the message: no server takes them. Take them out, or convert the document to a composed one.`,
  'finished-line-too-long': (p) =>
    `${p.count === 1 ? 'A line has' : `${p.count} lines are too long; the longest has`} ${p.length.toLocaleString('en-US')} octets, and mail allows 998. Convert the document to a composed one: it is encoded then.`,
  'finished-bcc-signed': (p) =>
    `${p.name} has to come out, and a DKIM-Signature covers it: without it the signature is broken, with it everybody sees it. Take the signature out, or sign without ${p.name}.`,
  'not-utf8-edited': () =>
    'The file is not UTF-8, so the editor does not hold its bytes, and a changed one can’t be sent. Undo the changes, or convert the document to a composed one.',
  'finished-header-charset': () =>
    'The header holds bytes that are not UTF-8: readers will guess at them. Encode them (RFC 2047).',
  'when-without-data': (p) => `"when" asks for ${quoted(p.path)}, and the document names no data: add @data or @var.`,
};
