import { type Mailbox, parseAddressList } from '../base/address.ts';
import { formatAddress, formatMailbox, formatPhrase } from '../base/address-write.ts';
import type { DataValue } from './data.ts';
import { type Filled, type Placeholders, plainText } from './placeholders.ts';

/** What a value in an address field should have been. */
export type Wanted = 'address' | 'name' | 'local-part' | 'domain';

type Place = 'plain' | 'quote' | 'comment' | 'angle' | 'literal';

interface Piece {
  readonly text: string;
  readonly place: Place;
  readonly filled?: Filled;
}

/** Characters of a dot-atom, UTF-8 allowed (RFC 5322 section 3.2.3, RFC 6531 section 3.3). */
const DOT_ATOM = /^[^\s\x00-\x1f\x7f-\x9f()<>[\]:;@\\,"]*$/;
const DOMAIN = /^[\p{L}\p{M}\p{N}.-]*$/u;

/**
 * Puts values into an address field (DOCUMENT.md, "Templates"): each stands for one display name or one address, quoted
 * as it needs, never for a list, unless it is an array that stands by itself. What can't be is told by `refuse`.
 */
export function fillAddresses(
  text: string,
  placeholders: Placeholders,
  refuse: (filled: Filled, wanted: Wanted) => void,
): string {
  return elements(pieces(text, placeholders))
    .map((element) => fillElement(element, refuse))
    .join('');
}

/** The text between stand-ins, each with what it stands in. */
function pieces(text: string, placeholders: Placeholders): readonly Piece[] {
  const out: Piece[] = [];
  let place: Place = 'plain';
  let depth = 0;
  let from = 0;
  const walk = (until: number): void => {
    let start = from;
    for (let i = from; i < until; i++) {
      const sign = text[i]!;
      const before: Place = place;
      if (sign === '\\' && (place === 'quote' || place === 'comment')) i++;
      else if (place === 'quote') {
        if (sign === '"') place = 'plain';
      } else if (place === 'comment') {
        if (sign === '(') depth++;
        else if (sign === ')' && --depth === 0) place = 'plain';
      } else if (place === 'literal') {
        if (sign === ']') place = 'plain';
      } else if (sign === '"') place = 'quote';
      else if (sign === '(') {
        place = 'comment';
        depth = 1;
      } else if (sign === '<') place = 'angle';
      else if (sign === '>') place = 'plain';
      else if (sign === '[') place = 'literal';
      if (place === before) continue;
      // A sign that opens or closes belongs to what is inside of it, angle brackets apart.
      const cut = before === 'plain' ? i : i + 1;
      if (cut > start) out.push({ text: text.slice(start, cut), place: before });
      start = cut;
    }
    if (until > start) out.push({ text: text.slice(start, until), place });
  };
  for (const match of text.matchAll(placeholders.pattern)) {
    walk(match.index);
    from = match.index + match[0].length;
    const filled = placeholders.get(match[1]!);
    if (filled) out.push({ text: '', place, filled });
  }
  walk(text.length);
  return out;
}

/** Cuts at the commas, semicolons and colons that part addresses; each goes with what stands before it. */
function elements(all: readonly Piece[]): readonly (readonly Piece[])[] {
  const out: Piece[][] = [];
  let current: Piece[] = [];
  for (const piece of all) {
    if (piece.place !== 'plain' || piece.filled) {
      current.push(piece);
      continue;
    }
    let from = 0;
    for (const match of piece.text.matchAll(/[,;:]/g)) {
      current.push({ text: piece.text.slice(from, match.index + 1), place: 'plain' });
      out.push(current);
      current = [];
      from = match.index + 1;
    }
    if (from < piece.text.length) current.push({ text: piece.text.slice(from), place: 'plain' });
  }
  out.push(current);
  return out;
}

function fillElement(element: readonly Piece[], refuse: (filled: Filled, wanted: Wanted) => void): string {
  const written = element.filter((piece) => !piece.filled);
  const hasAngle = written.some((piece) => piece.place === 'angle');
  const groupName = /:$/.test(written[written.length - 1]?.text ?? '');
  const alone = (piece: Piece): boolean =>
    element.every(
      (other) => other === piece || other.place !== piece.place || (!other.filled && /^[\s<>,;]*$/.test(other.text)),
    );
  const atBefore = (index: number, place: Place): boolean =>
    element.slice(0, index).some((piece) => !piece.filled && piece.place === place && piece.text.includes('@'));
  const hasAt = (place: Place): boolean => written.some((piece) => piece.place === place && piece.text.includes('@'));
  return element
    .map((piece, index) => {
      const { filled, place } = piece;
      if (!filled) return piece.text;
      const text = plainText(filled.value);
      if (place === 'quote') return text.replace(/["\\]/g, '\\$&');
      if (place === 'comment') return text.replace(/[()\\]/g, '\\$&');
      if (place === 'literal') return /^[^\s[\]\\<>]*$/.test(text) ? text : refused(filled, 'domain', refuse);
      if (text === '') return '';
      if (place === 'plain' && (hasAngle || groupName)) return phrase(filled, refuse);
      if (alone(piece) && !(place === 'plain' && element.some((other) => other.place === 'quote'))) {
        return place === 'plain' ? addresses(filled, refuse) : bareAddress(filled, refuse);
      }
      if (!hasAt(place)) return place === 'plain' ? phrase(filled, refuse) : refused(filled, 'address', refuse);
      if (Array.isArray(filled.value)) return refused(filled, 'address', refuse);
      if (atBefore(index, place)) return DOMAIN.test(text) ? text : refused(filled, 'domain', refuse);
      return DOT_ATOM.test(text) ? text : refused(filled, 'local-part', refuse);
    })
    .join('');
}

function refused(filled: Filled, wanted: Wanted, refuse: (filled: Filled, wanted: Wanted) => void): string {
  refuse(filled, wanted);
  return '';
}

function phrase(filled: Filled, refuse: (filled: Filled, wanted: Wanted) => void): string {
  return Array.isArray(filled.value) ? refused(filled, 'name', refuse) : formatPhrase(plainText(filled.value).trim());
}

/** A value by itself: one mailbox, with a name or without; an array is a list of them. */
function addresses(filled: Filled, refuse: (filled: Filled, wanted: Wanted) => void): string {
  const values: readonly DataValue[] = Array.isArray(filled.value) ? filled.value : [filled.value ?? ''];
  const mailboxes = values.map((value) => oneMailbox(plainText(value)));
  if (mailboxes.some((mailbox) => mailbox === undefined)) return refused(filled, 'address', refuse);
  return mailboxes.map((mailbox) => formatMailbox(mailbox!)).join(', ');
}

/** A value between angle brackets: an address without a name. */
function bareAddress(filled: Filled, refuse: (filled: Filled, wanted: Wanted) => void): string {
  const mailbox = Array.isArray(filled.value) ? undefined : oneMailbox(plainText(filled.value));
  if (!mailbox || mailbox.name) return refused(filled, 'address', refuse);
  return formatAddress(mailbox.local, mailbox.domain);
}

function oneMailbox(text: string): Mailbox | undefined {
  const { addresses: found, problems } = parseAddressList(text);
  const [only] = found;
  if (found.length !== 1 || only?.type !== 'mailbox') return undefined;
  return problems.some((problem) => problem.severity === 'error') ? undefined : only;
}
