import { decodeCharset } from '../base/decode-charset.ts';
import { decodeWords } from '../base/decode-words.ts';
import { type ParsedParameter, parseParameters } from '../mime/params.ts';

/** A header field where it stands. */
export interface OutlineField {
  /** As written. */
  readonly name: string;
  /** Unfolded, as it travels; octets above 0x7F as latin1. */
  readonly raw: string;
  readonly start: number;
  /** The line end of its last line apart. */
  readonly end: number;
}

/** What the header of a part says. */
export interface HeaderFacts {
  /** `type/subtype`, lower case; what RFC 2045 section 5.2 and RFC 2046 section 5.1.5 say where there is none. */
  readonly mediaType: string;
  readonly encoding: string;
  readonly charset?: string;
  readonly disposition?: string;
  /** The file name, decoded: of Content-Disposition, else of Content-Type. */
  readonly name?: string;
  /** Without angle brackets. */
  readonly contentId?: string;
  readonly boundary?: string;
  /** The Subject field, decoded: what a message in a message is called. */
  readonly subject?: string;
}

/** The field in octets `start` to `end`, line ends included; undefined where there is no name and colon. */
export function readField(octets: Buffer, start: number, end: number): OutlineField | undefined {
  let last = end;
  while (last > start && (octets[last - 1] === 0x0a || octets[last - 1] === 0x0d)) last--;
  // Within the field: a search to the end of the message, for each line, would be quadratic.
  const length = octets.subarray(start, last).indexOf(0x3a);
  if (length < 1 || length > 1000) return undefined;
  const colon = start + length;
  const name = octets.toString('latin1', start, colon).trimEnd();
  if (!/^[!-9;-~]+$/.test(name)) return undefined;
  const raw = octets
    .toString('latin1', colon + 1, last)
    .replace(/\r?\n(?=[ \t])/g, '')
    .trim();
  return { name, raw, start, end: last };
}

/** What the fields say. `parent`: the type of the multipart that the part is in. */
export function headerFacts(fields: readonly OutlineField[], parent: string | undefined): HeaderFacts {
  const found: { -readonly [Key in keyof HeaderFacts]: HeaderFacts[Key] } = {
    mediaType: parent === 'multipart/digest' ? 'message/rfc822' : 'text/plain',
    encoding: '7bit',
  };
  let typeName: string | undefined;
  const seen = new Set<string>();
  for (const { name, raw } of fields) {
    const lower = name.toLowerCase();
    // A repeated field: the first one counts, as most readers have it.
    if (seen.has(lower)) continue;
    seen.add(lower);
    switch (lower) {
      case 'content-type': {
        const { value, parameters } = parseParameters(raw);
        if (/^[^\s/]+\/[^\s/]+$/.test(value)) found.mediaType = value.toLowerCase();
        const charset = parameterOf(parameters, 'charset');
        if (charset !== undefined) found.charset = charset.toLowerCase();
        const boundary = parameterOf(parameters, 'boundary');
        if (boundary !== undefined && boundary !== '') found.boundary = boundary.trimEnd();
        typeName = parameterOf(parameters, 'name');
        break;
      }
      case 'content-transfer-encoding':
        found.encoding = raw.toLowerCase().replace(/[;\s].*$/s, '') || '7bit';
        break;
      case 'content-disposition': {
        const { value, parameters } = parseParameters(raw);
        if (value !== '') found.disposition = value.toLowerCase();
        const fileName = parameterOf(parameters, 'filename');
        if (fileName !== undefined) found.name = fileName;
        break;
      }
      case 'content-id':
        found.contentId = raw.replace(/^<|>$/g, '');
        break;
      case 'subject':
        found.subject = decodeWords(raw);
        break;
    }
  }
  if (found.name === undefined && typeName !== undefined) found.name = typeName;
  return found;
}

/** A parameter's value by RFC 2231: whole, extended, or in segments; encoded-words in quotes, as many write them, are decoded. */
function parameterOf(parameters: readonly ParsedParameter[], name: string): string | undefined {
  const segments: { number: number; extended: boolean; value: string }[] = [];
  let plain: string | undefined;
  for (const parameter of parameters) {
    const written = parameter.name.toLowerCase();
    if (written === name && parameter.extended) return parameter.value;
    if (written === name) plain ??= parameter.value;
    else if (written === `${name}*`) return decodeExtended([{ extended: true, value: parameter.value }]);
    else if (written.startsWith(`${name}*`)) {
      const match = /^\*(\d{1,4})(\*?)$/.exec(written.slice(name.length));
      if (match) segments.push({ number: Number(match[1]), extended: match[2] === '*', value: parameter.value });
    }
  }
  if (segments.length > 0) return decodeExtended(segments.sort((a, b) => a.number - b.number));
  return plain === undefined ? undefined : decodeWords(plain);
}

function decodeExtended(segments: readonly { extended: boolean; value: string }[]): string {
  const head = segments[0]!.extended ? /^([^']*)'[^']*'(.*)$/s.exec(segments[0]!.value) : null;
  const octets = segments.map(({ extended, value }, index) => {
    const text = index === 0 && head ? head[2]! : value;
    return Buffer.from(
      extended
        ? text.replace(/%([0-9A-Fa-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
        : text,
      'latin1',
    );
  });
  const joined = Buffer.concat(octets);
  return decodeCharset(joined, head?.[1] || 'utf-8') ?? joined.toString('latin1');
}
