import assert from 'node:assert/strict';
import { it } from 'mocha';
import type { Envelope } from '../../../src/base/envelope.ts';
import { systemClock } from '../../../src/base/system-clock.ts';
import { Transcript } from '../../../src/net/transcript.ts';
import { connect, type SmtpClient } from '../../../src/smtp/client.ts';
import type { Delivery } from '../../../src/smtp/delivery.ts';
import type { ConnectOptions } from '../../../src/smtp/options.ts';
import { failureOf } from '../../support/smtp-connect.ts';
import { messageOf } from '../../support/smtp-message.ts';
import type { Arrived, Hop } from './next-hop.ts';

/** What the shared tests need to know of a server. */
export interface ServerUnderTest {
  readonly options: ConnectOptions;
  readonly hop: Hop;
  /** Recipients that it takes, as many as asked for. */
  readonly recipients: (count: number) => readonly string[];
  /** One that it refuses at RCPT, and the code that it does so with. */
  readonly refused: { readonly address: string; readonly code: number } | undefined;
  /** Whether it hands on the octets as they came, its own header fields before them. Default true. */
  readonly transparent?: boolean;
}

let marks = 0;
/** A text that is in one message only. */
export function newMark(): string {
  return `mark-${process.pid}-${++marks}-x`;
}

/** A complete message, so that no server needs to add a field that is missing. */
export function textOf(mark: string, body: string, fields = ''): string {
  return (
    `From: Ann <ann@a.example>\r\nTo: bob@b.example\r\nDate: Wed, 29 Jul 2026 14:02:11 +0000\r\nMessage-ID: <${mark}@a.example>\r\n` +
    `Subject: Test\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n${fields}\r\n${body}`
  );
}

/** Lines that a careless client or server would change. */
export const nastyBody =
  `.\r\n..\r\n.x\r\n\r\n trailing \r\n\t\r\nFrom here\r\n${'long '.repeat(199)}\r\n.\r\n..\r\nQUIT\r\n` +
  `${'=?utf-8?Q?x?='}\r\nlast line with a dot.\r\n.\r\n`;

export async function withClient<T>(options: ConnectOptions, use: (client: SmtpClient) => Promise<T>): Promise<T> {
  const client = await connect(options);
  try {
    return await use(client);
  } finally {
    await client.quit();
  }
}

/** A session's transcript, as lines. */
export function recording(): { transcript: Transcript; lines: string[] } {
  const lines: string[] = [];
  return { lines, transcript: new Transcript({ sink: (line) => lines.push(line), clock: systemClock }) };
}

export function statuses(delivery: Delivery): (readonly [string, string, number | undefined])[] {
  return delivery.recipients.map(({ address, status, reply }) => [address, status, reply?.code] as const);
}

function assertTransparent(arrived: Arrived, text: string): void {
  assert.equal(arrived.text.slice(-text.length), text);
}

/** What a server is known not to have, so that there is nothing to test. */
export interface Lacks {
  /** SIZE (RFC 1870). */
  readonly size?: boolean;
  /** A recipient that it refuses. */
  readonly refusal?: boolean;
}

/** What every server has to take from this client. `server` is asked once it runs. */
export function takesMail(server: () => ServerUnderTest, lacks: Lacks = {}): void {
  const envelopeTo = (count: number): Envelope => ({ sender: 'ann@a.example', recipients: server().recipients(count) });

  it('takes a message, octet for octet', async () => {
    const { options, hop, transparent = true } = server();
    const mark = newMark();
    const text = textOf(mark, nastyBody);
    const delivery = await withClient(options, (client) => client.send(envelopeTo(1), messageOf(text)));
    assert.equal(delivery.outcome, 'accepted');
    assert.equal(delivery.sent, text.length);
    const arrived = await hop.message(mark);
    if (transparent) assertTransparent(arrived, text);
    assert.deepEqual(arrived.envelope, { ...arrived.envelope, ...envelopeTo(1) });
  });

  it('takes the same message in pieces of any size', async () => {
    const { options, hop, transparent = true } = server();
    await withClient(options, async (client) => {
      for (const split of [1, 2, 3, 1000]) {
        const mark = newMark();
        const text = textOf(mark, nastyBody);
        const delivery = await client.send(envelopeTo(1), messageOf(text, { split }));
        assert.equal(delivery.outcome, 'accepted');
        const arrived = await hop.message(mark);
        if (transparent) assertTransparent(arrived, text);
      }
    });
  });

  it('takes many messages over one session, handed in at once, and one command at a time', async () => {
    const { options, hop, transparent = true } = server();
    for (const pipelining of [true, false]) {
      await withClient({ ...options, pipelining }, async (client) => {
        const sent = Array.from({ length: 12 }, () => newMark());
        const deliveries = await Promise.all(
          sent.map((mark) => client.send(envelopeTo(2), messageOf(textOf(mark, `${mark}\r\n`)))),
        );
        assert.deepEqual([...new Set(deliveries.map(({ outcome }) => outcome))], ['accepted']);
        for (const mark of sent) {
          const arrived = await hop.message(mark);
          if (transparent) assertTransparent(arrived, textOf(mark, `${mark}\r\n`));
        }
      });
    }
  });

  if (!lacks.refusal)
    it('tells the recipients apart that it takes and does not take, and goes on', async () => {
      const { options, hop, refused } = server();
      assert.ok(refused);
      await withClient(options, async (client) => {
        const [good] = server().recipients(1);
        const mark = newMark();
        const mixed = await client.send(
          { sender: 'ann@a.example', recipients: [refused.address, good!] },
          messageOf(textOf(mark, 'x\r\n')),
        );
        assert.equal(mixed.outcome, 'partial');
        assert.equal(mixed.recipients[0]?.status, 'refused');
        assert.equal(mixed.recipients[0]?.reply?.code, refused.code);
        assert.equal(mixed.recipients[1]?.status, 'accepted');
        assert.deepEqual((await hop.message(mark)).envelope.recipients, [good]);
        const none = await client.send(
          { sender: '', recipients: [refused.address] },
          messageOf(textOf(newMark(), 'x\r\n')),
        );
        assert.equal(none.outcome, 'refused');
        assert.equal(none.failure?.sessionSurvives, true);
        const last = newMark();
        assert.equal((await client.send(envelopeTo(1), messageOf(textOf(last, 'x\r\n')))).outcome, 'accepted');
        await hop.message(last);
      });
    });

  it('takes the null sender', async () => {
    const { options, hop } = server();
    const mark = newMark();
    const envelope = { ...envelopeTo(1), sender: '' };
    const delivery = await withClient(options, (client) => client.send(envelope, messageOf(textOf(mark, 'x\r\n'))));
    assert.equal(delivery.outcome, 'accepted');
    assert.equal((await hop.message(mark)).envelope.sender, '');
  });

  it('takes a message of two megabytes from a stream', async () => {
    const { options, hop, transparent = true } = server();
    const mark = newMark();
    const text = textOf(mark, `.${'0123456789'.repeat(7)}\r\n`.repeat(27_000));
    const delivery = await withClient(options, (client) =>
      client.send(envelopeTo(1), messageOf(text, { split: 10_000 })),
    );
    assert.equal(delivery.outcome, 'accepted');
    const arrived = await hop.message(mark);
    if (transparent) assertTransparent(arrived, text);
  });

  it('answers VRFY, NOOP, RSET and what it does not know, within one session', async () => {
    const { options } = server();
    await withClient(options, async (client) => {
      assert.match(String((await client.verify('postmaster')).code), /^[25]/);
      assert.equal((await client.noop()).code, 250);
      assert.equal((await client.reset()).code, 250);
      assert.match(String((await client.command('XYZZY')).code), /^50/);
      assert.equal(client.usable, true);
    });
  });

  it('is checked without sending', async () => {
    const { options, hop } = server();
    const mark = newMark();
    await withClient(options, async (client) => {
      const delivery = await client.send(envelopeTo(2), messageOf(textOf(mark, 'x\r\n')), { dryRun: true });
      assert.deepEqual(
        delivery.recipients.map(({ step }) => step),
        ['rcpt', 'rcpt'],
      );
      assert.equal(delivery.sent, 0);
      assert.equal((await client.noop()).code, 250);
    });
    assert.equal(
      (await hop.arrived()).some(({ text }) => text.includes(mark)),
      false,
    );
  });

  if (!lacks.size)
    it('is left alone where it would have to take a message that is too large', async () => {
      const { options } = server();
      await withClient(options, async (client) => {
        const limit = client.capabilities.size ?? 0;
        assert.notEqual(limit, 0);
        const huge = {
          size: limit + 1,
          transparency: '7bit',
          utf8Header: false,
          read: () => assert.fail('it was read'),
        } as const;
        const failure = await failureOf(client.send(envelopeTo(1), huge));
        assert.equal(failure.reason, 'too-large');
        assert.equal(failure.sessionSurvives, true);
      });
    });
}

/** What a server with TLS and a certificate that only `ca` vouches for has to show. `server` has security `none`. */
export function speaksTls(
  server: () => { options: ConnectOptions; ca: string },
  security: 'starttls' | 'tls' = 'starttls',
): void {
  it(`is spoken to under TLS (${security}), its certificate verified`, async () => {
    const { options, ca } = server();
    const { transcript, lines } = recording();
    await withClient({ ...options, host: 'localhost', security, tls: { ca }, transcript }, async (client) => {
      assert.match(client.tls?.protocol ?? '', /^TLS 1\.[23]$/);
      assert.equal(client.tls?.verified, true);
      assert.equal((await client.noop()).code, 250);
    });
    assert.ok(
      lines.some((line) => /^=== .*TLS 1\.[23], .*peer/.test(line)),
      lines.join('\n'),
    );
    assert.ok(
      lines.some((line) => /^ ~> (?:EHLO|LHLO) /.test(line)),
      lines.join('\n'),
    );
  });

  it(`is refused (${security}) with a certificate that nobody vouches for, and for another name`, async () => {
    const { options, ca } = server();
    const unknown = await failureOf(connect({ ...options, host: 'localhost', security }));
    assert.deepEqual([unknown.step, unknown.reason], ['tls', 'certificate-self-signed']);
    const wrong = await failureOf(
      connect({ ...options, host: 'localhost', security, tls: { ca, serverName: 'other.example' } }),
    );
    assert.deepEqual([wrong.step, wrong.reason], ['tls', 'certificate-wrong-host']);
    await withClient({ ...options, host: 'localhost', security, tls: { verify: false } }, async (client) => {
      assert.equal(client.tls?.verified, false);
    });
  });

  it(`is refused (${security}) where it has no protocol version that is new enough`, async () => {
    const { options, ca } = server();
    const failure = await failureOf(
      connect({
        ...options,
        host: 'localhost',
        security,
        tls: { ca, maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' },
      }),
    );
    assert.equal(failure.step, 'tls');
  });
}
