import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import { resolverAt } from '../../src/net/system-resolver.ts';
import { deliverByMx, type MxOptions } from '../../src/smtp/mx.ts';
import { messageOf } from '../support/smtp-message.ts';
import { newMark, recording, textOf } from './harness/exchange.ts';
import { NextHop } from './harness/next-hop.ts';
import { freePorts } from './harness/places.ts';
import { Program } from './harness/program.ts';

/** Straight to the recipients' servers, their addresses asked of dnsmasq. */
describe('dnsmasq', () => {
  let dnsmasq: Program;
  let first: NextHop;
  let second: NextHop;
  let options: MxOptions;

  before(async () => {
    // One port on two addresses, since MX records know no ports.
    first = await NextHop.start({ host: '127.0.0.1', hostname: 'first.test' });
    second = await NextHop.start({ host: '127.0.0.2', hostname: 'second.test', port: first.port });
    const { dns } = await freePorts('dns');
    dnsmasq = new Program('dnsmasq', {
      command: 'dnsmasq',
      args: [
        ...['--keep-in-foreground', '--conf-file=/dev/null', '--no-resolv', '--no-hosts', '--pid-file', '--user=root'],
        ...[`--port=${dns}`, '--listen-address=127.0.0.1', '--bind-interfaces', '--local=/test/', '--log-facility=-'],
        ...['--host-record=first.test,127.0.0.1', '--host-record=second.test,127.0.0.2'],
        // Nobody listens there.
        ...['--host-record=dead.test,127.0.0.9', '--host-record=both.test,127.0.0.2,::9'],
        ...['--mx-host=one.test,first.test,10', '--mx-host=two.test,second.test,10'],
        ...['--mx-host=fallback.test,dead.test,5', '--mx-host=fallback.test,missing.test,6'],
        ...['--mx-host=fallback.test,second.test,20', '--mx-host=fallback.test,first.test,30'],
        ...['--mx-host=down.test,dead.test,5', '--mx-host=gone.test,missing.test,5'],
        // RFC 7505: preference 0 and the root as its host.
        '--dns-rr=null.test,15,000000',
      ],
    });
    await dnsmasq.ready({ output: /started/ });
    const resolver = resolverAt([`127.0.0.1:${dns}`]);
    options = {
      port: first.port,
      security: 'opportunistic',
      tls: { verify: false },
      clientName: 'client.example',
      dns: resolver,
    };
  });
  after(async () => {
    await dnsmasq?.end();
    await Promise.all([first?.close(), second?.close()]);
  });

  const deliver = (mark: string, ...recipients: string[]) =>
    deliverByMx({ sender: 'ann@a.example', recipients }, messageOf(textOf(mark, 'x\r\n')), options);

  it('says where each domain takes its mail', async () => {
    const mark = newMark();
    const { transcript, lines } = recording();
    const { delivery, domains } = await deliverByMx(
      { sender: 'ann@a.example', recipients: ['a@one.test', 'b@two.test', 'c@one.test'] },
      messageOf(textOf(mark, 'x\r\n')),
      { ...options, transcript },
    );
    assert.equal(delivery.outcome, 'accepted');
    assert.deepEqual(
      domains.map(({ domain }) => domain),
      ['one.test', 'two.test'],
    );
    assert.deepEqual((await first.message(mark)).envelope.recipients, ['a@one.test', 'c@one.test']);
    assert.deepEqual((await second.message(mark)).envelope.recipients, ['b@two.test']);
    assert.ok(
      lines.some((line) => line.includes('Mail for two.test goes to second.test (10)')),
      lines.join('\n'),
    );
  });

  it('gives the next host where one is down or does not exist, in order of preference', async () => {
    const mark = newMark();
    const { delivery, domains } = await deliver(mark, 'a@fallback.test');
    assert.equal(delivery.outcome, 'accepted');
    assert.deepEqual(
      domains[0]?.attempts.map(({ host, failure }) => [host, failure?.reason]),
      [
        ['dead.test', 'connection-refused'],
        ['missing.test', 'no-such-host'],
        ['second.test', undefined],
      ],
    );
    await second.message(mark);
  });

  it('has an address where there is no MX, and another where the first is dead', async () => {
    for (const domain of ['second.test', 'both.test']) {
      const mark = newMark();
      assert.equal((await deliver(mark, `a@${domain}`)).delivery.outcome, 'accepted', domain);
      await second.message(mark);
    }
  });

  it('tells a domain without mail from one that does not exist, and one whose servers are down', async () => {
    for (const [domain, reason] of [
      ['null.test', 'null-mx'],
      ['nowhere.test', 'no-such-host'],
      ['down.test', 'connection-refused'],
      ['gone.test', 'no-such-host'],
    ] as const) {
      const { delivery, domains } = await deliver(newMark(), `a@${domain}`);
      assert.equal(delivery.outcome, 'unsent', domain);
      assert.equal(domains[0]?.failure?.reason, reason, domain);
    }
  });

  it('leaves the other domains alone where one can not be reached', async () => {
    const mark = newMark();
    const { delivery } = await deliver(mark, 'a@null.test', 'b@one.test');
    assert.notEqual(delivery.outcome, 'accepted');
    assert.deepEqual(
      delivery.recipients.map(({ status }) => status),
      ['unsent', 'accepted'],
    );
    assert.deepEqual((await first.message(mark)).envelope.recipients, ['b@one.test']);
  });

  it('is not asked about address literals', async () => {
    const mark = newMark();
    const { delivery } = await deliver(mark, 'a@[127.0.0.2]');
    assert.equal(delivery.outcome, 'accepted');
    await second.message(mark);
  });
});
