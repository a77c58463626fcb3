import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** What a name has: MX hosts with their preference, or an IPv4 address; `'fails'` answers SERVFAIL. */
export type Zone = Readonly<Record<string, { mx?: readonly [number, string][]; a?: string } | 'fails'>>;

const TYPES = { a: 1, mx: 15 };

/** A name server on loopback, over UDP (RFC 1035): `at` is its address and port. */
export async function dnsServer(zone: Zone): Promise<{ readonly at: string; close(): Promise<void> }> {
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => socket.send(answerTo(query, zone), from.port, from.address));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    at: `127.0.0.1:${socket.address().port}`,
    close: () => new Promise((done) => socket.close(() => done())),
  };
}

/** RFC 1035 section 4.1. */
function answerTo(query: Buffer, zone: Zone): Buffer {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at]!; length > 0; length = query[at]!) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const type = query.readUInt16BE(at + 1);
  const question = query.subarray(12, at + 5);
  const found = zone[labels.join('.').toLowerCase()];
  const records: Buffer[] = [];
  if (found !== undefined && found !== 'fails') {
    if (type === TYPES.a && found.a !== undefined) records.push(Buffer.from(found.a.split('.').map(Number)));
    if (type === TYPES.mx) {
      for (const [preference, host] of found.mx ?? []) records.push(Buffer.concat([uint16(preference), nameOf(host)]));
    }
  }
  const code = found === 'fails' ? 2 : found === undefined ? 3 : 0;
  return Buffer.concat([
    query.subarray(0, 2),
    uint16(0x8180 | code),
    ...[1, records.length, 0, 0].map(uint16),
    question,
    // The name is that of the question, by a pointer to it (section 4.1.4); nothing is kept.
    ...records.map((data) =>
      Buffer.concat([uint16(0xc00c), uint16(type), uint16(1), uint16(0), uint16(0), uint16(data.length), data]),
    ),
  ]);
}

function nameOf(host: string): Buffer {
  const labels = host.split('.').map((label) => Buffer.concat([Buffer.of(label.length), Buffer.from(label, 'latin1')]));
  return Buffer.concat([...labels, Buffer.of(0)]);
}

function uint16(value: number): Buffer {
  return Buffer.of(value >> 8, value & 0xff);
}
