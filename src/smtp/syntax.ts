/**
 * What may stand in an SMTP command or reply line (RFC 5321 sections 4.1.2 and 4.1.3, RFC 6531 section 3.3, RFC 3461
 * section 4). Both sides use it: the client before it writes, the capture server when it reads. This is the one place
 * where CR, LF and NUL are refused.
 */

const printableAscii = /^[\x20-\x7e]*$/;

export type LineFault = 'line-break' | 'nul' | 'control' | 'unpaired-surrogate';

/**
 * Why `text` can't be part of a command line, if it can't. CR or LF would begin a command of its own; NUL is cut by
 * servers written in C; the other controls have no place in any argument; half a surrogate pair would silently become
 * U+FFFD.
 */
export function lineFault(text: string): LineFault | undefined {
  // Nearly every line is this, and one test of all of it costs a tenth of a walk.
  if (printableAscii.test(text)) return undefined;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 0x0d || unit === 0x0a) return 'line-break';
    if (unit === 0) return 'nul';
    if (unit < 0x20 || unit === 0x7f) return 'control';
    if (unit >= 0xd800 && unit <= 0xdfff && !isPair(text, i)) return 'unpaired-surrogate';
    if (unit >= 0xd800 && unit <= 0xdbff) i++;
  }
  return undefined;
}

function isPair(text: string, index: number): boolean {
  const low = text.charCodeAt(index + 1);
  return text.charCodeAt(index) <= 0xdbff && low >= 0xdc00 && low <= 0xdfff;
}

export function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

export type AddressFault = LineFault | 'empty' | 'local-part' | 'domain' | 'too-long';

/** atext of RFC 5322 section 3.2.3, with any character beyond ASCII (RFC 6531 section 3.3). */
const dotString =
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-\u0080-\u{10ffff}]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-\u0080-\u{10ffff}]+)*$/u;
const quotedString = /^"(?:[\x20\x21\x23-\x5b\x5d-\x7e\u0080-\u{10ffff}]|\\[\x20-\x7e])*"$/u;
/** Underscores are no part of a host name, yet stand in names that test servers have. */
const domainName =
  /^[A-Za-z0-9_\u0080-\u{10ffff}](?:[A-Za-z0-9_\-\u0080-\u{10ffff}]*[A-Za-z0-9_\u0080-\u{10ffff}])?(?:\.[A-Za-z0-9_\u0080-\u{10ffff}](?:[A-Za-z0-9_\-\u0080-\u{10ffff}]*[A-Za-z0-9_\u0080-\u{10ffff}])?)*$/u;
const addressLiteral = /^\[(?:[\d.]+|IPv6:[0-9A-Fa-f:.]+|[A-Za-z0-9-]*[A-Za-z0-9]:[\x21-\x5a\x5e-\x7e]+)\]$/;

/** What nearly every address is, told by one test: ASCII atoms, and a domain of letters, digits and hyphens within its labels. */
const plainAddress =
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[A-Za-z0-9_]+(?:-+[A-Za-z0-9_]+)*(?:\.[A-Za-z0-9_]+(?:-+[A-Za-z0-9_]+)*)*$/;

/**
 * Why `address` (without angle brackets) can't be a forward-path, or a reverse-path other than `<>`, if it can't.
 * A local part alone is let through: RFC 5321 section 4.5.1 has `Postmaster`, and LMTP servers take user names.
 */
export function addressFault(address: string): AddressFault | undefined {
  if (address.length <= 254 && plainAddress.test(address)) return undefined;
  if (address === '') return 'empty';
  const fault = lineFault(address);
  if (fault !== undefined) return fault;
  if (Buffer.byteLength(address) > 320) return 'too-long';
  const at = splitAt(address);
  const local = at === -1 ? address : address.slice(0, at);
  if (!dotString.test(local) && !quotedString.test(local)) return 'local-part';
  if (at !== -1 && !isDomain(address.slice(at + 1))) return 'domain';
  return undefined;
}

/** A domain or an address literal, as EHLO, MAIL and RCPT take them. */
export function isDomain(text: string): boolean {
  return text.length <= 255 && (domainName.test(text) || addressLiteral.test(text));
}

/** Index of the `@` that ends the local part, quoted strings respected; -1 where there is none. */
export function splitAt(address: string): number {
  if (!address.startsWith('"')) return address.lastIndexOf('@');
  for (let i = 1; i < address.length; i++) {
    if (address[i] === '\\') i++;
    else if (address[i] === '"') return address[i + 1] === '@' ? i + 1 : -1;
  }
  return -1;
}

/** The domain of an address, in lower case; empty where it has none. */
export function domainOf(address: string): string {
  const at = splitAt(address);
  return at === -1 ? '' : address.slice(at + 1).toLowerCase();
}

/** Text as xtext (RFC 3461 section 4): UTF-8 octets outside `!` to `~`, and `+` and `=`, as `+XX`. */
export function xtext(text: string): string {
  let out = '';
  for (const octet of Buffer.from(text, 'utf8')) {
    const plain = octet >= 0x21 && octet <= 0x7e && octet !== 0x2b && octet !== 0x3d;
    out += plain ? String.fromCharCode(octet) : `+${octet.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return out;
}

/** The text behind xtext, or `undefined` where it is none. */
export function fromXtext(encoded: string): string | undefined {
  if (!/^(?:[\x21-\x2a\x2c-\x3c\x3e-\x7e]|\+[0-9A-F]{2})*$/.test(encoded)) return undefined;
  const binary = encoded.replace(/\+([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(binary, 'latin1').toString('utf8');
}

/** A path as MAIL and RCPT carry it, and what follows. */
export interface ParsedPath {
  /** Without angle brackets and source route; empty for `<>`. */
  readonly address: string;
  /** ESMTP parameters, keywords in upper case; `true` for one without value. */
  readonly parameters: ReadonlyMap<string, string | true>;
}

const parameter = /^([A-Za-z0-9][A-Za-z0-9-]*)(?:=([\x21-\x3c\x3e-\x7e\u0080-\u{10ffff}]+))?$/u;

/**
 * Reads what follows `MAIL FROM:` or `RCPT TO:` (RFC 5321 section 4.1.1.2 and 4.1.1.3). Lenient where real clients
 * are loose: spaces before the path, no angle brackets. A source route is read and dropped (section 4.1.1.3).
 * `undefined` where no path can be made out, or a parameter is malformed or given twice.
 */
export function parsePath(text: string): ParsedPath | undefined {
  const rest = text.replace(/^ +/, '');
  let address: string;
  let tail: string;
  if (rest.startsWith('<')) {
    const end = closingBracket(rest);
    if (end === -1) return undefined;
    address = rest.slice(1, end).replace(/^@[^:"]*:/, '');
    tail = rest.slice(end + 1);
    if (tail !== '' && !tail.startsWith(' ')) return undefined;
  } else {
    const space = rest.startsWith('"') ? rest.indexOf(' ', splitAt(rest) + 1) : rest.indexOf(' ');
    address = space === -1 ? rest : rest.slice(0, space);
    tail = space === -1 ? '' : rest.slice(space);
    if (address === '') return undefined;
  }
  const parameters = new Map<string, string | true>();
  for (const word of tail.split(' ')) {
    if (word === '') continue;
    const match = parameter.exec(word);
    const key = match?.[1]?.toUpperCase();
    if (match === null || key === undefined || parameters.has(key)) return undefined;
    parameters.set(key, match[2] ?? true);
  }
  return { address, parameters };
}

function closingBracket(text: string): number {
  let quoted = false;
  for (let i = 1; i < text.length; i++) {
    const char = text[i];
    if (quoted && char === '\\') i++;
    else if (char === '"') quoted = !quoted;
    else if (char === '>' && !quoted) return i;
  }
  return -1;
}
