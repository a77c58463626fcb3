import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Envelope } from '../../../src/base/envelope.ts';
import { connect } from '../../../src/smtp/client.ts';
import { deliveryOf } from '../../../src/smtp/delivery.ts';
import { deliverByMx } from '../../../src/smtp/mx.ts';
import { partsOf } from '../../../src/smtp/parts.ts';
import { createPool } from '../../../src/smtp/pool.ts';
import { failureOf, optionsFor } from '../../support/smtp-connect.ts';
import { messageOf } from '../../support/smtp-message.ts';
import { script, scriptedServer } from '../../support/smtp-server.ts';
import { stateWith } from '../../support/smtp-session.ts';

const hello = (...keywords: string[]) =>
  `S: 220 x\nC: EHLO client.example\nS: 250-x\n${keywords.map((word, index) => `S: 250${index === keywords.length - 1 ? ' ' : '-'}${word}`).join('\n')}`;
const bye = 'C: QUIT\nS: 221 Bye\n!close';
const to = (...names: string[]): Envelope => ({
  sender: 'ann@a.example',
  recipients: names.map((name) => (name.includes('@') ? name : `${name}@b.example`)),
});
const group = (...names: string[]) =>
  `C: MAIL FROM:<ann@a.example>\n${names.map((name) => `C: RCPT TO:<${name}@b.example>`).join('\n')}\nC: DATA`;
const go = (...codes: number[]) => `S: 250 Ok\n${codes.map((code) => `S: ${code} x`).join('\n')}\nS: 354 Go`;
const hi = messageOf('Hi\r\n', {});
// Held in memory, so that the next envelope may share its write.
const whole = { ...hi, whole: Buffer.from('Hi\r\n') };

/** LIMITS (RFC 9422): what a server takes at a time is no reason to refuse what it takes in several. */
describe('smtp/limits', () => {
  const divisions: [string, string[], string[][]][] = [
    ['RCPTMAX=2', ['a@x', 'b@x', 'c@x'], [['a@x', 'b@x'], ['c@x']]],
    ['RCPTMAX=3', ['a@x', 'b@x', 'c@x'], [['a@x', 'b@x', 'c@x']]],
    ['RCPTDOMAINMAX=1', ['a@x', 'b@X', 'c@y', 'd@x'], [['a@x', 'b@X'], ['c@y'], ['d@x']]],
    ['RCPTMAX=2 RCPTDOMAINMAX=2', ['a@x', 'b@y', 'c@z'], [['a@x', 'b@y'], ['c@z']]],
    ['MAILMAX=1', ['a@x', 'b@y'], [['a@x', 'b@y']]],
  ];
  for (const [limits, recipients, parts] of divisions)
    it(`${limits} divides ${recipients.join(' ')}`, () =>
      assert.deepEqual(partsOf(recipients, stateWith([`LIMITS ${limits}`]).capabilities), parts));

  it('sends to as many at a time as the server takes, and tells one result', async () => {
    const text = `${hello('PIPELINING', 'LIMITS RCPTMAX=2')}
      ${group('bob', 'carl')}
      ${go(250, 550)}
      C: Hi
      C: .
      ${group('dora')}
      S: 250 2.0.0 First
      ${go(250)}
      C: Hi
      C: .
      S: 250 2.0.0 Second
      ${bye}`;
    const server = await scriptedServer(text);
    const client = await connect(optionsFor(server.port));
    const delivery = await client.send(to('bob', 'carl', 'dora'), whole);
    assert.equal(delivery.outcome, 'partial');
    assert.deepEqual(
      delivery.recipients.map((one) => [one.address, one.status, one.reply?.code]),
      [
        ['bob@b.example', 'accepted', 250],
        ['carl@b.example', 'refused', 550],
        ['dora@b.example', 'accepted', 250],
      ],
    );
    assert.equal(delivery.reply?.full[0], '250 2.0.0 Second');
    await client.quit();
    assert.equal(await server.said, script(text));
    await server.close();
  });

  it('sends to nobody where one of the later ones can not be sent to', async () => {
    const server = await scriptedServer(`${hello('LIMITS RCPTMAX=1')}\n${bye}`);
    const client = await connect(optionsFor(server.port));
    const failure = await failureOf(client.send(to('bob', 'nobody at all@b.example'), hi));
    assert.deepEqual([failure.failure, failure.reason], ['local', 'bad-address']);
    await client.quit();
    await server.close();
  });

  it('never lets what some have be sent again as a whole', async () => {
    const server = await scriptedServer(`${hello('PIPELINING', 'LIMITS RCPTMAX=1')}
      ${group('bob')}
      ${go(250)}
      C: Hi
      C: .
      ${group('carl')}
      S: 250 Queued
      S: 421 Closing
      !close`);
    const client = await connect(optionsFor(server.port));
    const failure = await failureOf(client.send(to('bob', 'carl', 'dora'), whole));
    assert.deepEqual([failure.failure, failure.reason, failure.retryable], ['closed', 'closed', false]);
    assert.deepEqual(
      deliveryOf(failure)?.recipients.map((one) => [one.status, one.failure?.reason]),
      [
        ['accepted', undefined],
        ['refused', undefined],
        ['unsent', 'not-connected'],
      ],
    );
    await client.quit();
    await server.close();
  });

  it('goes to no other MX host once some have it', async () => {
    const server = await scriptedServer(`${hello('PIPELINING', 'LIMITS RCPTMAX=1')}
      ${group('bob')}
      ${go(250)}
      C: Hi
      C: .
      ${group('carl')}
      S: 250 Queued
      !close`);
    const {
      protocol: _,
      host: __,
      ...options
    } = optionsFor(server.port, {
      dns: {
        addresses: async () => [{ address: '127.0.0.1', family: 4 }],
        mx: async () => ['one', 'two'].map((exchange, preference) => ({ exchange, preference })),
      },
    });
    const { delivery, domains } = await deliverByMx(to('bob', 'carl'), whole, options);
    assert.deepEqual(
      delivery.recipients.map((one) => one.status),
      ['accepted', 'unsent'],
    );
    assert.equal(domains[0]!.attempts.length, 1);
    await server.close();
  });

  it('begins no transaction past MAILMAX', async () => {
    const server = await scriptedServer(`${hello('PIPELINING', 'LIMITS MAILMAX=1')}
      ${group('bob')}
      ${go(250)}
      C: Hi
      C: .
      S: 250 Queued
      ${bye}`);
    const client = await connect(optionsFor(server.port));
    const [first, second] = await Promise.allSettled([client.send(to('bob'), whole), client.send(to('carl'), whole)]);
    assert.equal(first.status, 'fulfilled');
    assert.equal(second.status === 'rejected' && second.reason.reason, 'not-connected');
    assert.equal(client.usable, false);
    await client.quit();
    await server.close();
  });

  it('a pool divides one message over transactions, and these over sessions', async () => {
    const session = (name: string) => `${hello('PIPELINING', 'LIMITS RCPTMAX=1 MAILMAX=1')}
      ${group(name)}
      ${go(250)}
      C: Hi
      C: .
      S: 250 Queued
      ${bye}`;
    const conversation = ['bob', 'carl', 'dora'].map(session);
    const server = await scriptedServer(conversation);
    const pool = createPool({ connect: optionsFor(server.port) });
    const delivery = await pool.send(to('bob', 'carl', 'dora'), whole);
    assert.equal(delivery.outcome, 'accepted');
    assert.deepEqual(
      delivery.recipients.map((one) => one.address),
      ['bob@b.example', 'carl@b.example', 'dora@b.example'],
    );
    await pool.close();
    assert.equal(await server.said, script(conversation.join('\n')));
    await server.close();
  });

  it('a pool outlasts a server that hangs up after each message', async () => {
    const count = 6;
    const session = (last: boolean) => `${hello('PIPELINING')}
      ${group('bob')}
      ${go(250)}
      C: Hi
      C: .
      ${last ? '' : group('bob')}
      S: 250 Queued
      ${last ? bye : '!close'}`;
    const server = await scriptedServer(Array.from({ length: count }, (_, index) => session(index === count - 1)));
    const pool = createPool({ connect: optionsFor(server.port) });
    const done = await Promise.allSettled(Array.from({ length: count }, () => pool.send(to('bob'), whole)));
    assert.deepEqual(
      done.map((one) => one.status),
      Array.from({ length: count }, () => 'fulfilled'),
    );
    await pool.close();
    await server.close();
  });
});
