import { isUtf8 } from 'node:buffer';
import { loadCharsets } from '../base/decode-charset.ts';
import { decodeWords } from '../base/decode-words.ts';
import { ownText } from '../base/own-text.ts';
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
    // A list holds thousands of them, and not their headers.
    summary[key] = ownText(text.replace(/[\0-\x1f\x7f]/g, ' ').trim());
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
