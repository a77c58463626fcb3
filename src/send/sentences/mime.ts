import type { DocumentProblem } from '../../document/problems.ts';
import type { MimeProblem, PathFault } from '../../mime/problems.ts';
import type { SentencesFor } from './table.ts';
import { count, list, meant, quoted, stopped } from './words.ts';

/** Codes that the document's own problems have too are told where those are. */
type Own = Exclude<MimeProblem, { readonly code: DocumentProblem['code'] }>;

export const mimeSentences: SentencesFor<Own> = {
  'reserved-attribute': (p) =>
    `${quoted(p.name)} is written by Mailbench, or is no name of a field: take it out, or use the attribute for it.`,
  'unsafe-value': (p) => `${p.where} holds ${p.character}, which would break the header: take it out.`,
  'multipart-type-here': (p) =>
    `${quoted(p.value)} can’t be the type of one part: write <#multipart type=…> around the parts.`,
  'content-fields-unused': (p) =>
    `${list(p.names)} ${p.names.length === 1 ? 'belongs' : 'belong'} to the text before the first part, and there is none: write it on the <#part>.`,
  'text-after-attachment': (p) =>
    p.after === 'attach'
      ? 'Text after an attachment becomes a part of its own, which some readers show as an attachment: move it before the first <#attach>.'
      : 'Text after <#/multipart> becomes a part of its own, which some readers show as an attachment: move it into the <#multipart>, or before it.',
  'alternatives-order': (p) =>
    `${p.later} should come before ${p.earlier}: readers show the last form they know, so the richest goes last.`,
  'alternative-twice': (p) => `Two alternatives are ${p.mediaType}: only the last of them is ever shown.`,
  'multipart-empty': () => 'There is nothing in this <#multipart>: it is left out.',
  'text-for-binary-type': (p) => `Typed text can’t be ${p.mediaType}: use <#attach> for a file, or a text type.`,
  'unused-cid': (p) =>
    `Nothing in the message shows ${quoted(`cid:${p.id}`)}: write <img src="cid:${p.id}"> in the HTML, or ${p.attached ? 'take id= out' : 'use <#attach>'}.`,
  'unused-inline': (p) =>
    `The HTML does not show ${quoted(p.path)}: give it id=… and write <img src="cid:…">, or use <#attach>.`,
  'dangling-cid': (p) => `No part has the id ${quoted(p.id)}${meant(p.suggestion)}: add <#inline ./file id=${p.id}>.`,
  'duplicate-cid': (p) => `Two parts have the id ${quoted(p.id)}: give one of them another.`,
  'unknown-file-type': (p) =>
    `What kind of file ${quoted(p.path)} is can’t be told from its name: it goes as application/octet-stream. Write type=… if it is something else.`,
  'encoding-not-for-message': (p) =>
    `A message in a message is never ${p.encoding} (RFC 2046 section 5.2): take "encoding" out.`,
  'encoding-needs-setting': (p) => `encoding=${p.encoding} needs @encoding: ${p.encoding} in the header.`,
  'text-auto-without-html': () => '@text: auto makes a text from the HTML, and there is no HTML.',
  'bad-path': (p) => `${quoted(p.path)} can’t be used: ${PATHS[p.fault]}`,
  'field-not-ascii': (p) => `${p.name} takes ASCII only, and ${quoted(p.character)} stands in it.`,
  'field-too-long': (p) =>
    `${p.name} holds something of ${count(p.length, 'octet')} that can’t be broken into lines of 998: shorten it.`,
  'lone-surrogate': () => 'Half of a character stands here: type it again.',
  'unknown-charset': (p) => `There is no charset ${quoted(p.charset)} here${meant(p.suggestion)}. utf-8 always works.`,
  'unmappable-character': (p) =>
    `${p.charset} has no ${quoted(p.character)}${p.count > 1 ? ` (one of ${p.count} such characters here)` : ''}: take it out, or use another charset (utf-8 has all).`,
  'file-not-utf8': (p) =>
    `${quoted(p.path)} is not UTF-8 (at byte ${p.offset}), and its text has to be read: save it as UTF-8, or attach it with <#attach>.`,
  'charset-label': (p) =>
    `${quoted(p.path)} is not ${p.charset}, as its label says: readers will show it wrongly. Correct "charset", or save the file so.`,
  'file-missing': (p) => `There is no file ${quoted(p.path)}: check the path, which counts from the document’s folder.`,
  'file-unreadable': (p) => `${quoted(p.path)} can’t be read (${p.reason}): check its permissions.`,
  'file-is-directory': (p) => `${quoted(p.path)} is a folder: name a file in it.`,
  'file-not-regular': (p) => `${quoted(p.path)} is a device, pipe or socket: name a file.`,
  'file-outside': (p) =>
    `${quoted(p.path)} is outside of the workspace (links followed), and nothing there is read: copy the file into the workspace.`,
  'path-without-document': (p) =>
    `${quoted(p.path)} counts from the document’s folder, and the document was never saved: save it first.`,
  'file-changed': (p) => `${quoted(p.path)} changed while the message was being built: try again.`,
  'message-as-octets': (p) =>
    `${quoted(p.path)} ${OCTETS[p.reason]}, and a message can’t be encoded inside another: it goes as application/octet-stream, so readers won’t open it as a message.`,
  'encoding-unfit': (p) => `The content can’t go as ${p.encoding}: ${UNFIT[p.reason]}. Take "encoding" out.`,
  'calendar-method': (p) =>
    p.found === undefined
      ? `method=${p.method} needs METHOD:${p.method} in the calendar, which has none: readers would not show the invitation.`
      : `method=${p.method}, and the calendar says METHOD:${p.found}: make them the same.`,
  'not-a-calendar': () => 'This is no calendar: it does not begin with BEGIN:VCALENDAR.',
  'boundary-in-content': (p) =>
    `The boundary ${quoted(p.boundary)} occurs in the content: choose another, or take @boundary out.`,
  mjml: (p) => `MJML: ${stopped(p.reason)}`,
  markdown: (p) => `Markdown: ${stopped(p.reason)}`,
  'text-auto': (p) =>
    `The text of the HTML could not be made: ${stopped(p.reason)} Write one before it, and take @text: auto out.`,
  'css-inline': (p) => `Some styles could not be brought inline: ${stopped(p.reason)}`,
  'dkim-key-missing': (p) =>
    `There is no private key for ${p.selector}._domainkey.${p.domain}: name its PEM file in mailbench.dkim.keys as "${p.selector}@${p.domain}", put the key into the environment variable MAILBENCH_DKIM_KEY, or take @dkim out.`,
  'dkim-key-unusable': (p) => `The private key can’t be used for DKIM: ${stopped(p.reason)}`,
  'dkim-not-aligned': (p) => `The signature is by ${p.domain} and From is ${quoted(p.from)}: DMARC does not count it.`,
};

const PATHS: Readonly<Record<PathFault, string>> = {
  empty: 'it is empty.',
  absolute: 'paths count from the document’s folder, as ./picture.png.',
  home: '"~" is no folder here: write a path that counts from the document’s folder.',
  variable: 'variables of the shell are not put in: write the path itself.',
  url: 'nothing is fetched from the network: save the file beside the document.',
  outside: 'it leads out of the workspace, and nothing there is read: copy the file into the workspace.',
  control: 'a control character stands in it.',
};

const OCTETS: Readonly<Record<Extract<MimeProblem, { code: 'message-as-octets' }>['reason'], string>> = {
  '8bit': 'holds 8-bit text',
  'long-line': 'has lines over 998 octets',
  nul: 'holds NUL bytes',
  'no-header': 'does not begin with a header',
};

const UNFIT: Readonly<Record<Extract<MimeProblem, { code: 'encoding-unfit' }>['reason'], string>> = {
  '8bit': 'it holds 8-bit text',
  'long-line': 'it has lines over 998 octets',
  nul: 'it holds NUL bytes',
  'line-ends': 'its line ends are not CRLF',
};
