import { isIPv4, isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';

export interface ParsedEndpoint {
  /** A name as A-labels in lower case, or an IP address without brackets. */
  readonly host: string;
  readonly port?: number;
  /** Whether the host is an IP address. */
  readonly literal: boolean;
}

/** `host`, `host:port`, `[::1]:port`, `::1`; undefined for anything else. */
export function parseEndpoint(text: string): ParsedEndpoint | undefined {
  const written = text.trim();
  if (isIPv6(written)) return { host: written, literal: true };
  const match = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(\d{1,5}))?$/.exec(written);
  if (!match) return undefined;
  const port = match[3] === undefined ? undefined : Number(match[3]);
  if (port !== undefined && (port < 1 || port > 65535)) return undefined;
  const host = match[1] === undefined ? hostName(match[2] ?? '') : isIPv6(match[1]) ? match[1] : undefined;
  if (host === undefined) return undefined;
  return { host, literal: match[1] !== undefined || isIPv4(host), ...(port === undefined ? {} : { port }) };
}

/**
 * A host's name as A-labels (RFC 5890), or an IPv4 address. Underscores are let through: names of containers have
 * them. Undefined where it can't be a name.
 */
function hostName(text: string): string | undefined {
  if (isIPv4(text)) return text;
  // domainToASCII would take "a%62c" and "1.2" for what a browser makes of them.
  if (text === '' || /[\0-\x20%/?#@\\:<>[\]^|"'`{}()]/.test(text)) return undefined;
  const ascii = /[^\0-\x7f]/.test(text) ? domainToASCII(text) : text.toLowerCase();
  const labels = ascii.replace(/\.$/, '').split('.');
  if (ascii.length > 253 || labels.some((label) => !/^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label))) {
    return undefined;
  }
  // RFC 1123 section 2.1: all digits at the end is an address, and this one is none.
  return /^\d+$/.test(labels.at(-1) ?? '') ? undefined : ascii;
}

/** One bare addr-spec as an envelope takes it, its domain as A-labels; undefined where it is not exactly that. */
export function checkMailbox(text: string): string | undefined {
  const at = text.lastIndexOf('@');
  const local = text.slice(0, at);
  const domain = parseEndpoint(text.slice(at + 1));
  if (at < 1 || !domain || domain.literal || domain.port !== undefined) return undefined;
  return /^[^\0-\x20\x7f()<>[\]:;@\\,"]+$/.test(local) ? `${local}@${domain.host}` : undefined;
}
