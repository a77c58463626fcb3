import type { Reply } from './reply.ts';

/** What a server offers, from its reply to EHLO (RFC 5321 section 4.1.1.1). Replaced whole after STARTTLS. */
export interface Capabilities {
  /** The name it gave itself, and the rest of the first line. */
  readonly greeting: string;
  /** Every keyword in upper case with its parameters as they came. */
  readonly keywords: ReadonlyMap<string, readonly string[]>;
  /** SASL mechanisms in upper case, from `AUTH …` and the old `AUTH=…`. */
  readonly auth: readonly string[];
  /** SIZE (RFC 1870): the limit in octets; `0` where it is offered without one. */
  readonly size?: number;
  /** LIMITS (RFC 9422): RCPTMAX, MAILMAX, RCPTDOMAINMAX. */
  readonly limits: ReadonlyMap<string, number>;
}

export const noCapabilities: Capabilities = { greeting: '', keywords: new Map(), auth: [], limits: new Map() };

/** Reads the reply to EHLO or LHLO. Keywords are case-insensitive; of a keyword said twice both lines count. */
export function capabilitiesOf(reply: Reply): Capabilities {
  const keywords = new Map<string, readonly string[]>();
  for (const line of reply.lines.slice(1)) {
    const words = line.trim().split(/[ \t]+/);
    // "AUTH=PLAIN LOGIN" is how servers of the 1990s said it, for clients of the 1990s.
    if (/^AUTH=/i.test(words[0] ?? '')) words.splice(0, 1, 'AUTH', words[0]!.slice(5));
    const key = words[0]?.toUpperCase();
    if (key === undefined || !/^[A-Z0-9][A-Z0-9-]*$/.test(key)) continue;
    keywords.set(key, [...(keywords.get(key) ?? []), ...words.slice(1).filter((word) => word !== '')]);
  }
  const auth = [...new Set((keywords.get('AUTH') ?? []).map((name) => name.toUpperCase()))];
  const size = keywords.get('SIZE');
  const limits = new Map<string, number>();
  for (const word of keywords.get('LIMITS') ?? []) {
    const match = /^([A-Z0-9]+)=([1-9]\d{0,8})$/i.exec(word);
    if (match !== null) limits.set(match[1]!.toUpperCase(), Number(match[2]));
  }
  const said = size?.[0];
  const limit = said !== undefined && /^\d{1,20}$/.test(said) ? Number(said) : 0;
  return {
    greeting: reply.lines[0] ?? '',
    keywords,
    auth,
    limits,
    ...(size === undefined ? {} : { size: limit }),
  };
}

/** Whether `keyword` (any case) is offered: smtplib's `has_extn`. */
export function offers(capabilities: Capabilities, keyword: string): boolean {
  const { keywords } = capabilities;
  return keywords.has(keyword) || keywords.has(keyword.toUpperCase());
}
