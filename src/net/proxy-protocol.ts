import { isIPv4, isIPv6 } from 'node:net';

export interface ProxiedEnds {
  readonly version: 1 | 2;
  readonly source?: { readonly address: string; readonly port: number };
  readonly destination?: { readonly address: string; readonly port: number };
}

/** The ends of the connection itself. */
interface Ends {
  readonly localAddress: string | undefined;
  readonly localPort: number | undefined;
  readonly remoteAddress: string;
  readonly remotePort: number | undefined;
}

const signature = Buffer.from('0d0a0d0a000d0a515549540a', 'hex');

/**
 * The header of the PROXY protocol (HAProxy's proxy-protocol.txt, sections 2.1 and 2.2): whom the server is to take
 * for its client. Ends that are no addresses of one family are `UNKNOWN`, or `LOCAL` in version 2.
 */
export function proxyProtocolHeader(given: ProxiedEnds, ends: Ends): { octets: Uint8Array; shown: string } {
  const source = given.source ?? { address: unmapped(ends.localAddress), port: ends.localPort ?? 0 };
  const destination = given.destination ?? { address: unmapped(ends.remoteAddress), port: ends.remotePort ?? 0 };
  const family = familyOf(source.address, destination.address);
  const shown =
    family === undefined
      ? 'PROXY UNKNOWN'
      : `PROXY TCP${family} ${source.address} ${destination.address} ${source.port} ${destination.port}`;
  if (given.version === 1) return { octets: Buffer.from(`${shown}\r\n`), shown };
  const addresses =
    family === undefined
      ? Buffer.alloc(0)
      : Buffer.concat([octetsOf(source.address), octetsOf(destination.address), ports(source.port, destination.port)]);
  const head = Buffer.from([
    family === undefined ? 0x20 : 0x21,
    family === undefined ? 0x00 : family === 4 ? 0x11 : 0x21,
    0,
    0,
  ]);
  head.writeUInt16BE(addresses.length, 2);
  return { octets: Buffer.concat([signature, head, addresses]), shown: `${shown}, version 2` };
}

function unmapped(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:(?=[\d.]+$)/i, '').replace(/%.*$/, '');
}

function familyOf(source: string, destination: string): 4 | 6 | undefined {
  if (isIPv4(source) && isIPv4(destination)) return 4;
  return isIPv6(source) && isIPv6(destination) ? 6 : undefined;
}

function ports(source: number, destination: number): Buffer {
  const octets = Buffer.alloc(4);
  octets.writeUInt16BE(source & 0xffff, 0);
  octets.writeUInt16BE(destination & 0xffff, 2);
  return octets;
}

/** An address in network order. */
function octetsOf(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  // The last 32 bits may be written as an IPv4 address (RFC 4291 section 2.2).
  const text = address.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, a, b, c, d) =>
    [Number(a) * 256 + Number(b), Number(c) * 256 + Number(d)].map((group) => group.toString(16)).join(':'),
  );
  const [head = '', tail] = text.split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':'));
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const middle = tail === undefined ? [] : new Array<string>(8 - before.length - after.length).fill('0');
  const octets = Buffer.alloc(16);
  for (const [index, group] of [...before, ...middle, ...after].entries()) {
    octets.writeUInt16BE(Number.parseInt(group, 16), index * 2);
  }
  return octets;
}
