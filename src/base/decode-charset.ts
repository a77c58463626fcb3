type Iconv = Pick<typeof import('iconv-lite'), 'decode' | 'encodingExists'>;

let tables: Iconv | undefined;

/** Names that the platform takes for another charset than the one that mail means by them, by what iconv-lite calls that one. */
const otherTables = new Map([['big5-hkscs', 'big5hkscs']]);

/** Names of mail that the platform knows by another, of a charset that holds all of theirs. */
const platformNames = new Map([['cp949', 'euc-kr']]);

/** What iconv-lite has beside charsets. */
const noCharsets = new Set(['base64', 'hex', 'binary']);

/**
 * Octets as text in a charset of mail, by its name in any case; what they don't stand for becomes U+FFFD. Undefined where nothing
 * knows the charset, or only tables do that are not loaded: `loadCharsets` sees to that.
 *
 * @param fatal answers undefined, too, where octets stand for nothing
 */
export function decodeCharset(octets: Uint8Array, charset: string, { fatal = false } = {}): string | undefined {
  const name = charset.trim().toLowerCase();
  const table = tableOf(name);
  if (table !== undefined) {
    const text = tables?.decode(octets, table);
    return fatal && text?.includes('\ufffd') ? undefined : text;
  }
  try {
    return new TextDecoder(platformNames.get(name) ?? name, { fatal }).decode(octets);
  } catch {
    return undefined;
  }
}

/** Whether tables are needed for it that the platform doesn't have. Answers for those that are loaded only. */
export function isFromTables(charset: string): boolean {
  return tableOf(charset.trim().toLowerCase()) !== undefined;
}

/**
 * Loads what it takes to decode the charsets that parts and encoded-words of a message name (RFC 2045, RFC 2047).
 *
 * @param message its octets as latin1, or text
 * @returns whether any of them is decoded by tables
 */
export async function loadCharsets(message: string): Promise<boolean> {
  const named = /charset\*?\s{0,9}=\s{0,9}"?([\w.:+-]{1,40})|=\?([\w.:+-]{1,40})(?:\*[^?\s]{0,40})?\?[bq]\?/gi;
  const seen = new Set<string>();
  for (const [, parameter, word] of message.matchAll(named)) seen.add((parameter ?? word ?? '').toLowerCase());
  const foreign = [...seen].filter((name) => otherTables.has(name) || !isOfPlatform(name));
  if (foreign.length > 0 && !tables) ({ default: tables } = await import('iconv-lite'));
  return foreign.some(isFromTables);
}

/** What iconv-lite calls it, where that has to decode it. */
function tableOf(name: string): string | undefined {
  const other = otherTables.get(name);
  if (other !== undefined || isOfPlatform(name) || noCharsets.has(name)) return other;
  // Before they are loaded nobody can tell.
  return tables?.encodingExists(name) ? name : undefined;
}

const ofPlatform = new Map<string, boolean>();

function isOfPlatform(name: string): boolean {
  let known = ofPlatform.get(name);
  if (known === undefined) {
    known = platformNames.has(name) || canDecode(name);
    // A message may name as many as it likes.
    if (ofPlatform.size < 1000) ofPlatform.set(name, known);
  }
  return known;
}

function canDecode(name: string): boolean {
  try {
    new TextDecoder(name);
    return true;
  } catch {
    return false;
  }
}
