import { saslFault } from './mechanism.ts';

/**
 * SASLprep (RFC 4013): other spaces become a space, what is mapped to nothing goes, then NFKC; controls and the like
 * are refused. Of the prohibited characters (section 2.3) those that can be typed are looked for; unassigned code
 * points are let through, as for a query.
 */
export function saslprep(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  const mapped = text
    // RFC 3454 table C.1.2 but U+200B, which B.1 maps to nothing.
    .replace(/[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g, ' ')
    .replace(/\u034f|[\u00ad\u1806\u200b\u2060\ufeff]|[\u180b-\u180d]|\u200c|\u200d|[\ufe00-\ufe0f]/g, '')
    .normalize('NFKC');
  if (prohibited.test(mapped)) throw saslFault('credential', 'a character that SASLprep forbids');
  const rtl = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/u;
  // RFC 3454 section 6: where there is any, the first and the last are right-to-left.
  if (rtl.test(mapped) && !(rtl.test(mapped[0]!) && rtl.test(mapped.at(-1)!)))
    throw saslFault('credential', 'mixed directions');
  return mapped;
}

/** Tables C.2.1 to C.9. The marks U+0340 and U+0341 are gone after NFKC. */
const prohibited =
  /[\x00-\x1f\x7f-\x9f\u06dd\u070f\u180e\u2028\u2029\u2061-\u2063\u206a-\u206f\ufff9-\uffff\u200e\u200f\u202a-\u202e\u2ff0-\u2ffb\ue000-\uf8ff\u{1d173}-\u{1d17a}\u{e0001}\u{e0020}-\u{e007f}\u{f0000}-\u{10ffff}\ud800-\udfff]/u;
