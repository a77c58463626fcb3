import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { before, describe, it } from 'mocha';
import type { Resolver } from '../../../src/net/resolver.ts';
import { Transcript, type TranscriptOptions } from '../../../src/net/transcript.ts';
import { connect, type SmtpClient } from '../../../src/smtp/client.ts';
import type { ConnectOptions } from '../../../src/smtp/options.ts';
import { certificate, type Pair } from '../../support/smtp-certificates.ts';
import { optionsFor } from '../../support/smtp-connect.ts';
import { messageOf, testClock } from '../../support/smtp-message.ts';
import { type Feed, feeds, scriptedServer } from '../../support/smtp-server.ts';

interface Told {
  readonly name: string;
  readonly script: string;
  readonly options?: Partial<ConnectOptions>;
  readonly transcript?: Pick<TranscriptOptions, 'data' | 'times'>;
  readonly use?: (client: SmtpClient) => Promise<unknown>;
}

const hello = (...keywords: string[]) =>
  `S: 220 mx.example ESMTP\nC: EHLO client.example\n${['mx.example', ...keywords].map((word, index, all) => `S: 250${index === all.length - 1 ? ' ' : '-'}${word}`).join('\n')}`;
const bye = 'C: QUIT\nS: 221 2.0.0 Bye\n!close';
const to = (...names: string[]) => ({ sender: 'ann@a.example', recipients: names.map((name) => `${name}@b.example`) });
const text = messageOf('Subject: x\r\n\r\n.dot\r\n\tTab and \xe9\r\n', { transparency: '8bit' });

const sessions: readonly Told[] = [
  {
    name: 'STARTTLS, a login, one recipient of two refused',
    script: `${hello('STARTTLS')}\nC: STARTTLS\nS: 220 2.0.0 Go\n!tls\nC: EHLO client.example\nS: 250-mx.example\nS: 250 AUTH PLAIN\nC: AUTH PLAIN AGFubgBjb3JyZWN0IGhvcnNl\nS: 235 2.7.0 Accepted\nC: MAIL FROM:<ann@a.example>\nS: 250 2.1.0 Ok\nC: RCPT TO:<bob@b.example>\nS: 550-5.1.1 No such user\nS: 550 5.1.1 here\nC: RCPT TO:<cy@b.example>\nS: 251 2.1.5 Will forward\nC: DATA\nS: 354 Go\nC: Hi\nC: .\nS: 250 2.0.0 Queued\n${bye}`,
    options: { security: 'starttls', credentials: { user: 'ann', password: 'correct horse' } },
    use: (client) => client.send(to('bob', 'cy'), messageOf('Hi\r\n')),
  },
  {
    name: 'pipelined, the message in full, each line with its time',
    script: `${hello('PIPELINING', '8BITMIME')}\nC: MAIL FROM:<ann@a.example> BODY=8BITMIME\nC: RCPT TO:<bob@b.example>\nC: DATA\nS: 250 Ok\nS: 250 Ok\nS: 354 Go\nC: Subject: x\nC> "\\r\\n"\nC: ..dot\nC> "\\tTab and \xe9\\r\\n"\nC: .\nS: 250 Ok\n${bye}`,
    transcript: { data: 'full', times: 'all' },
    use: (client) => client.send(to('bob'), text),
  },
  {
    name: 'LMTP, a reply for each recipient',
    script: `S: 220 x\nC: LHLO client.example\nS: 250 x\nC: MAIL FROM:<ann@a.example>\nS: 250 Ok\nC: RCPT TO:<bob@b.example>\nS: 250 Ok\nC: RCPT TO:<cy@b.example>\nS: 250 Ok\nC: DATA\nS: 354 Go\nC: Hi\nC: .\nS: 250 Saved for bob\nS: 452 4.2.2 cy is over quota\n${bye}`,
    options: { protocol: 'lmtp' },
    use: (client) => client.send(to('bob', 'cy'), messageOf('Hi\r\n')),
  },
  {
    name: 'chunks',
    script: `${hello('CHUNKING')}\nC: MAIL FROM:<ann@a.example>\nS: 250 Ok\nC: RCPT TO:<bob@b.example>\nS: 250 Ok\nC: BDAT 4 LAST\nC: Hi\nS: 250 Ok\n${bye}`,
    use: (client) => client.send(to('bob'), messageOf('Hi\r\n'), { chunking: true }),
  },
  {
    name: 'nobody wanted, then a reply that makes no sense',
    script: `${hello()}\nC: MAIL FROM:<ann@a.example>\nS: 250 Ok\nC: RCPT TO:<bob@b.example>\nS: 450 4.7.1 \x1b[2J Later\nC: RSET\nS: 250 Ok\nC: MAIL FROM:<ann@a.example>\nS: 354 Go`,
    use: async (client) => {
      await client.send(to('bob'), messageOf('Hi\r\n'));
      await client.send(to('bob'), messageOf('Hi\r\n')).catch(() => {});
    },
  },
  { name: 'turned away, in more lines than one', script: `S: 554-mx.example\nS: 554 5.7.1 Go away\n${bye}` },
];

/** Read the file when it changes: it is what people read. `UPDATE_GOLDEN=1` writes it. */
const golden = new URL('./transcripts.golden.txt', import.meta.url);

describe('smtp transcripts', () => {
  let authority: Pair;
  let pair: Pair;
  before(async () => {
    authority = await certificate({ name: 'Authority', authority: true });
    pair = await certificate({ name: 'localhost', hosts: ['localhost'] }, authority);
  });

  async function recorded({ script, options, transcript: how, use }: Told, feed: Feed): Promise<string[]> {
    const server = await scriptedServer(script, { ...pair, feed });
    const lines: string[] = [];
    const transcript = new Transcript({ sink: (line) => lines.push(line), clock: testClock(), ...how });
    // Wherever else this machine has a "localhost".
    const dns: Resolver = { addresses: async () => [{ address: '127.0.0.1', family: 4 }], mx: async () => [] };
    const tls = { dns, host: 'localhost', tls: { ca: authority.cert, maxVersion: 'TLSv1.3' } } as const;
    const given = { serverName: 'staging', transcript, ...(options?.security ? tls : {}), ...options };
    try {
      const client = await connect(optionsFor(server.port, given));
      await use?.(client);
      await client.quit();
    } catch (error) {
      if (use !== undefined) throw error;
    } finally {
      await server.close();
    }
    return lines.map((line) =>
      line
        .replaceAll(String(server.port), 'PORT')
        .replace(/\+\d+ ms/, '+N ms')
        .replace(/in [\d.]+ ms/, 'in N ms')
        .replace(/valid until [\d-]+/, 'valid until DAY'),
    );
  }

  it('are as they are read, however the server’s octets come', async () => {
    for (const feed of feeds) {
      const told: string[] = [];
      for (const each of sessions) told.push(`# ${each.name}`, ...(await recorded(each, feed)), '');
      const whole = told.join('\n');
      if (process.env.UPDATE_GOLDEN && feed === 'whole') writeFileSync(golden, whole);
      assert.equal(whole, readFileSync(golden, 'utf8'), feed);
    }
  });
});
