/** What a walk over the octets of a message finds out. */
export interface OctetFacts {
  readonly nul: { readonly count: number; readonly first: number };
  /** Lines over 998 octets without their line end (RFC 5322 section 2.1.1). */
  readonly long: { readonly count: number; readonly first: number; readonly longest: number };
  readonly bareLf: number;
  readonly bareCr: number;
  /** The first octet over 127, or -1. */
  readonly high: number;
  /** Whether the last octets are a line end of any kind. */
  readonly ended: boolean;
}

const MAX_LINE = 998;

/** Looks at every octet of [start, end) once. */
export function scanOctets(bytes: Uint8Array, start: number, end: number): OctetFacts {
  let nulCount = 0;
  let nulFirst = -1;
  let longCount = 0;
  let longFirst = -1;
  let longest = 0;
  let bareLf = 0;
  let bareCr = 0;
  let high = -1;
  let lineStart = start;
  for (let i = start; i < end; i++) {
    const octet = bytes[i]!;
    if (octet > 0x0d && octet < 0x80) continue;
    if (octet === 0x0a || octet === 0x0d) {
      if (i - lineStart > MAX_LINE) {
        if (longCount++ === 0) longFirst = lineStart;
        if (i - lineStart > longest) longest = i - lineStart;
      }
      if (octet === 0x0a) bareLf++;
      else if (i + 1 < end && bytes[i + 1] === 0x0a) i++;
      else bareCr++;
      lineStart = i + 1;
    } else if (octet === 0) {
      if (nulCount++ === 0) nulFirst = i;
    } else if (octet >= 0x80 && high < 0) high = i;
  }
  if (end - lineStart > MAX_LINE) {
    if (longCount++ === 0) longFirst = lineStart;
    if (end - lineStart > longest) longest = end - lineStart;
  }
  return {
    nul: { count: nulCount, first: nulFirst },
    long: { count: longCount, first: longFirst, longest },
    bareLf,
    bareCr,
    high,
    ended: end === start || lineStart === end,
  };
}

/** Copies [start, end) with CRLF for every line end, into `to` from `at` on; gives where it stopped. */
export function copyWithCrlf(bytes: Uint8Array, start: number, end: number, to: Uint8Array, at: number): number {
  let from = start;
  for (let i = start; i < end; i++) {
    const octet = bytes[i];
    if (octet !== 0x0a && octet !== 0x0d) continue;
    if (octet === 0x0d && i + 1 < end && bytes[i + 1] === 0x0a) {
      i++;
      continue;
    }
    to.set(bytes.subarray(from, i), at);
    at += i - from;
    to[at++] = 0x0d;
    to[at++] = 0x0a;
    from = i + 1;
  }
  to.set(bytes.subarray(from, end), at);
  return at + end - from;
}
