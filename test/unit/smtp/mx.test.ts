import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Resolver } from '../../../src/net/resolver.ts';
import { Transcript } from '../../../src/net/transcript.ts';
import { deliverByMx, mailHosts } from '../../../src/smtp/mx.ts';
import { failureOf } from '../../support/smtp-connect.ts';
import { messageOf, testClock } from '../../support/smtp-message.ts';
import { scriptedServer } from '../../support/smtp-server.ts';

type Records = Record<string, [number, string][] | string>;

/** MX records, or the code that asking for them fails with; hosts by the address they have. */
function resolver(mx: Records, hosts: Record<string, string> = {}): Resolver {
  const fail = (code: string) => Promise.reject(Object.assign(new Error(code), { code }));
  return {
    addresses: (host) => {
      const address = hosts[host];
      return address === undefined ? fail('ENOTFOUND') : Promise.resolve([{ address, family: 4 as const }]);
    },
    mx: (domain) => {
      const found = mx[domain];
      if (typeof found === 'string') return fail(found);
      return Promise.resolve((found ?? []).map(([preference, exchange]) => ({ preference, exchange })));
    },
  };
}

const take = (name: string, recipients: string[], ends = true) => `
  S: 220 ${name}
  C: EHLO client.example
  S: 250-${name}
  S: 250 PIPELINING
  C: MAIL FROM:<ann@a.example>
  ${recipients.map((one) => `C: RCPT TO:<${one}>`).join('\n')}
  C: DATA
  S: 250 Ok
  ${recipients.map(() => 'S: 250 Ok').join('\n')}
  S: 354 Go
  C: x
  C: .
  S: 250 Queued
  ${ends ? 'C: QUIT\nS: 221 Bye\n!close' : ''}`;

describe('smtp/mx', () => {
  const random = () => 0;
  const lookups: [string, string, Records, [string, number][] | string][] = [
    [
      'the lower preference first',
      'b.example',
      {
        'b.example': [
          [20, 'two.b.example'],
          [10, 'one.b.example.'],
        ],
      },
      [
        ['one.b.example', 10],
        ['two.b.example', 20],
      ],
    ],
    [
      'equals shuffled',
      'b.example',
      {
        'b.example': [
          [10, 'a'],
          [10, 'b'],
          [10, 'c'],
        ],
      },
      [
        ['b', 10],
        ['c', 10],
        ['a', 10],
      ],
    ],
    ['no MX: the domain itself', 'b.example', { 'b.example': [] }, [['b.example', 0]]],
    ['no such type', 'b.example', { 'b.example': 'ENODATA' }, [['b.example', 0]]],
    ['null MX', 'b.example', { 'b.example': [[0, '']] }, 'null-mx'],
    ['null MX with its dot', 'b.example', { 'b.example': [[0, '.']] }, 'null-mx'],
    ['no such domain', 'b.example', { 'b.example': 'ENOTFOUND' }, 'no-such-host'],
    ['servers that fail', 'b.example', { 'b.example': 'ESERVFAIL' }, 'dns-failed'],
    ['an address literal', '[192.0.2.1]', {}, [['192.0.2.1', 0]]],
    ['an IPv6 literal', '[IPv6:2001:db8::1]', {}, [['2001:db8::1', 0]]],
    ['no literal', '[nonsense]', {}, 'bad-address'],
    ['no domain', '', {}, 'bad-address'],
  ];
  for (const [name, domain, records, expected] of lookups) {
    it(name, async () => {
      const asked = mailHosts(domain, { dns: resolver(records), random });
      if (typeof expected === 'string') assert.equal((await failureOf(asked)).reason, expected);
      else
        assert.deepEqual(
          (await asked).map(({ host, preference }) => [host, preference]),
          expected,
        );
    });
  }

  it('holds one session for each domain, goes past hosts that are down or refuse, and lists every attempt', async () => {
    const server = await scriptedServer([
      'S: 554 5.7.1 Go away\nC: QUIT\nS: 221 Bye\n!close',
      'S: 220 x\nC: EHLO client.example\nS: 250 x\nC: MAIL FROM:<ann@a.example>\nS: 421 4.3.2 Closing\n!close',
      take('three.b.example', ['bob@b.example', 'carl@B.example']),
      take('d.example', ['dora@d.example']),
    ]);
    const dns = resolver(
      {
        'b.example': [
          [1, 'down.b.example'],
          [2, 'one.b.example'],
          [3, 'two.b.example'],
          [4, 'three.b.example'],
          [5, 'never'],
        ],
        'null.example': [[0, '']],
      },
      {
        'one.b.example': '127.0.0.1',
        'two.b.example': '127.0.0.1',
        'three.b.example': '127.0.0.1',
        'd.example': '127.0.0.1',
      },
    );
    const lines: string[] = [];
    const transcript = new Transcript({ sink: (line) => lines.push(line), clock: testClock() });
    const envelope = {
      sender: 'ann@a.example',
      recipients: ['bob@b.example', 'dora@d.example', 'carl@B.example', 'eve@null.example'],
    };
    const options = {
      port: server.port,
      security: 'opportunistic',
      tls: { verify: false },
      clientName: 'client.example',
      dns,
      transcript,
    } as const;
    const { delivery, domains } = await deliverByMx(envelope, messageOf('x\r\n'), options);
    assert.equal(delivery.outcome, 'partial');
    assert.deepEqual(
      delivery.recipients.map((one) => [one.address, one.status, one.failure?.reason]),
      [
        ['bob@b.example', 'accepted', undefined],
        ['dora@d.example', 'accepted', undefined],
        ['carl@B.example', 'accepted', undefined],
        ['eve@null.example', 'unsent', 'null-mx'],
      ],
    );
    assert.deepEqual(
      domains.map((one) => [one.domain, one.attempts.map((attempt) => [attempt.host, attempt.failure?.reason])]),
      [
        [
          'b.example',
          [
            ['down.b.example', 'no-such-host'],
            ['one.b.example', 'refused'],
            ['two.b.example', 'service-closing'],
            ['three.b.example', undefined],
          ],
        ],
        ['d.example', [['d.example', undefined]]],
        ['null.example', []],
      ],
    );
    assert.ok(
      lines.some((line) =>
        line.endsWith(
          'Mail for b.example goes to down.b.example (1), one.b.example (2), two.b.example (3), three.b.example (4), never (5)',
        ),
      ),
    );
    await server.close();
  });

  it('goes without TLS where TLS was only a bonus and failed', async () => {
    const server = await scriptedServer(
      [
        'S: 220 x\nC: EHLO client.example\nS: 250-x\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 Go\n!hold\nS: no TLS here',
        take('b.example', ['bob@b.example']),
      ],
      { onHold: (heard) => heard() },
    );
    const dns = resolver({ 'b.example': [] }, { 'b.example': '127.0.0.1' });
    const envelope = { sender: 'ann@a.example', recipients: ['bob@b.example'] };
    const { delivery, domains } = await deliverByMx(envelope, messageOf('x\r\n'), {
      port: server.port,
      security: 'opportunistic',
      tls: { verify: false },
      clientName: 'client.example',
      dns,
    });
    assert.equal(delivery.outcome, 'accepted');
    assert.deepEqual(
      domains[0]!.attempts.map((one) => [one.plain, one.failure?.step]),
      [
        [false, 'tls'],
        [true, undefined],
      ],
    );
    await server.close();
  });

  it('does not try another host once the dot was sent', async () => {
    const server = await scriptedServer(
      `${take('b.example', ['bob@b.example'], false).replace('S: 250 Queued', '!close')}`,
    );
    const dns = resolver(
      {
        'b.example': [
          [1, 'one.b.example'],
          [2, 'two.b.example'],
        ],
      },
      { 'one.b.example': '127.0.0.1', 'two.b.example': '127.0.0.1' },
    );
    const envelope = { sender: 'ann@a.example', recipients: ['bob@b.example'] };
    const { delivery, domains } = await deliverByMx(envelope, messageOf('x\r\n'), {
      port: server.port,
      security: 'none',
      clientName: 'client.example',
      dns,
    });
    assert.equal(delivery.outcome, 'unknown');
    assert.equal(delivery.failure?.reason, 'fate-unknown');
    assert.equal(domains[0]!.attempts.length, 1);
    await server.close();
  });
});
