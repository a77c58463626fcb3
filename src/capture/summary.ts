import { isUtf8 } from 'node:buffer';
import { decodeCharset, loadCharsets } from '../base/decode-charset.ts';
import type { MessageSummary } from './message.ts';

/** Octets of a header that are looked at: a list needs no more. */
const MOST_HEADER = 65_536;
/** Characters of a field that are kept. */
const LONGEST_FIELD = 1000;

const keys = { subject: 'subject', from: 'from', to: 'to', date: 'date', 'message-id': 'messageId' } as const;

/** Reads a few header fields from a message's octets, decoded for a list. Total, linear; the first of each field counts. */
export async function summarise(pieces: readonly Uint8Array[]): Promise<MessageSummary> {
  const header = headerText(pieces);
  await loadCharsets(header);
  const summary: { -readonly [Key in keyof MessageSummary]: MessageSummary[Key] } = {};
  for (const [, name = '', body = ''] of header.matchAll(
    /^(subject|from|to|date|message-id)[ \t]*:(.*(?:\r?\n[ \t].*)*)/gim,
  )) {
    const key = keys[name.toLowerCase() as keyof typeof keys];
    if (summary[key] !== undefined) continue;
    const text = decodeWords(recoded(body.replace(/\r?\n(?=[ \t])/g, '').slice(0, LONGEST_FIELD)));
    summary[key] = text.replace(/[\0-\x1f\x7f]/g, ' ').trim();
  }
  return summary;
}

/** The header as characters U+0000 to U+00FF, one for each octet. */
function headerText(pieces: readonly Uint8Array[]): string {
  let start = pieces[0];
  if (start === undefined) return '';
  if (pieces.length > 1 && start.length < MOST_HEADER) {
    let have = 0;
    const first: Uint8Array[] = [];
    for (const piece of pieces) {
      if (have >= MOST_HEADER) break;
      first.push(piece);
      have += piece.length;
    }
    start = Buffer.concat(first);
  }
  const octets = Buffer.from(start.buffer, start.byteOffset, Math.min(start.length, MOST_HEADER));
  if (octets[0] === 10 || (octets[0] === 13 && octets[1] === 10)) return '';
  // An empty line ends it, whichever line ends the sender used.
  const ends = [octets.indexOf('\n\r\n'), octets.indexOf('\n\n')].filter((end) => end !== -1);
  return octets.toString('latin1', 0, Math.min(octets.length, ...ends));
}

/** Octets that were meant as UTF-8 (RFC 6532) as such; others are taken for windows-1252. */
function recoded(text: string): string {
  if (/^[\0-\x7f]*$/.test(text)) return text;
  const octets = Buffer.from(text, 'latin1');
  return isUtf8(octets) ? octets.toString('utf8') : new TextDecoder('windows-1252').decode(octets);
}

const encodedWord = /=\?([^?*\s]+)(?:\*[^?\s]*)?\?([bq])\?([^?\s]*)\?=/gi;

/**
 * Decodes the encoded-words of a field (RFC 2047), where they stand. White space between two of them is dropped
 * (section 6.2), and neighbours of one charset are decoded as one, since many senders split characters.
 */
function decodeWords(text: string): string {
  if (!text.includes('=?')) return text;
  let out = '';
  let at = 0;
  let run: { charset: string; octets: Buffer[] } | undefined;
  const flush = () => {
    if (run !== undefined) out += decoded(run.charset, Buffer.concat(run.octets));
    run = undefined;
  };
  for (const match of text.matchAll(encodedWord)) {
    const [word, charset = '', kind = '', content = ''] = match;
    const between = text.slice(at, match.index);
    if (run === undefined || !/^[ \t]*$/.test(between)) {
      flush();
      out += between;
    }
    const name = charset.toLowerCase();
    if (run !== undefined && run.charset !== name) flush();
    run ??= { charset: name, octets: [] };
    run.octets.push(kind.toLowerCase() === 'b' ? Buffer.from(content, 'base64') : fromQ(content));
    at = match.index + word.length;
  }
  flush();
  return out + text.slice(at);
}

function fromQ(content: string): Buffer {
  const binary = content
    .replace(/_/g, ' ')
    .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(binary, 'latin1');
}

/** As they are, where nothing knows the charset. */
function decoded(charset: string, octets: Buffer): string {
  return decodeCharset(octets, charset) ?? octets.toString('latin1');
}
