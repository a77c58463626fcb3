import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { connect } from '../../../src/smtp/client.ts';
import { deliveryOf } from '../../../src/smtp/delivery.ts';
import { failureOf, optionsFor } from '../../support/smtp-connect.ts';
import { conversation } from '../../support/smtp-conversation.ts';
import { envelope, messageOf } from '../../support/smtp-message.ts';
import { scriptedServer } from '../../support/smtp-server.ts';
import { turnsUntil } from '../../support/turns.ts';

const hello = `
  S: 220 mx.example ESMTP
  C: EHLO client.example
  S: 250-mx.example
  S: 250 PIPELINING`;
const bye = `
  C: QUIT
  S: 221 Bye
  !close`;

describe('smtp/client', () => {
  it(
    'sends a message and says goodbye',
    conversation(
      `${hello}
  C: MAIL FROM:<ann@a.example>
  C: RCPT TO:<bob@b.example>
  C: DATA
  S: 250 2.1.0 Ok
  S: 250 2.1.5 Ok
  S: 354 Go ahead
  C: Subject: x
  C> "\\r\\n"
  C: ..
  C: .
  S: 250 2.0.0 Queued
  ${bye}`,
      async (port) => {
        const client = await connect(optionsFor(port));
        const delivery = await client.send(envelope, messageOf('Subject: x\r\n\r\n.'));
        assert.equal(delivery.outcome, 'accepted');
        assert.equal(delivery.roundTrips, 2);
        await client.quit();
        assert.equal(client.usable, false);
      },
    ),
  );

  it(
    'shares round trips between messages handed in together',
    conversation(
      `${hello}
  C: MAIL FROM:<ann@a.example>
  C: RCPT TO:<bob@b.example>
  C: DATA
  S: 250 Ok
  S: 250 Ok
  S: 354 Go ahead
  C: a
  C: .
  C: MAIL FROM:<ann@a.example>
  C: RCPT TO:<bob@b.example>
  C: DATA
  S: 250 Queued 1
  S: 250 Ok
  S: 250 Ok
  S: 354 Go ahead
  C: b
  C: .
  S: 250 Queued 2
  C: NOOP
  S: 250 Ok
  ${bye}`,
      async (port) => {
        const client = await connect(optionsFor(port));
        const [first, second, noop] = await Promise.all([
          client.send(envelope, messageOf('a\r\n')),
          client.send(envelope, messageOf('b\r\n')),
          client.noop(),
        ]);
        assert.deepEqual(
          [first.reply?.full, second.reply?.full, noop.full],
          [['250 Queued 1'], ['250 Queued 2'], ['250 Ok']],
        );
        await client.quit();
      },
    ),
  );

  it(
    'goes on with the next message where one was refused',
    conversation(
      `${hello}
  C: MAIL FROM:<ann@a.example>
  C: RCPT TO:<bob@b.example>
  C: DATA
  S: 250 Ok
  S: 550 No
  S: 503 No
  C: RSET
  S: 250 Ok
  C: MAIL FROM:<>
  C: RCPT TO:<carl@b.example>
  C: DATA
  S: 250 Ok
  S: 250 Ok
  S: 354 Go ahead
  C: .
  S: 250 Ok
  ${bye}`,
      async (port) => {
        const client = await connect(optionsFor(port));
        const refused = client.send(envelope, messageOf('a\r\n'));
        const accepted = client.send({ sender: '', recipients: ['carl@b.example'] }, messageOf(''));
        assert.equal((await refused).outcome, 'refused');
        assert.equal((await accepted).outcome, 'accepted');
        await client.quit();
      },
    ),
  );

  it(
    'refuses what is unlawful before MAIL and keeps the session',
    conversation(
      `${hello}
  C: NOOP
  S: 250 Ok
  ${bye}`,
      async (port) => {
        const client = await connect(optionsFor(port));
        const cases: [Promise<unknown>, string][] = [
          [client.send({ ...envelope, recipients: [] }, messageOf('x')), 'no-recipients'],
          [client.send({ ...envelope, recipients: ['a b@c.example'] }, messageOf('x')), 'bad-address'],
          [client.send({ ...envelope, recipients: ['a@b.example>\r\nDATA'] }, messageOf('x')), 'bad-address'],
          [client.send({ ...envelope, sender: 'zoë@a.example' }, messageOf('x')), 'needs-smtputf8'],
          [client.send(envelope, messageOf('x', { utf8Header: true })), 'needs-smtputf8'],
          [client.send(envelope, messageOf('x', { transparency: '8bit' })), 'needs-8bitmime'],
          [client.send(envelope, messageOf('x', { transparency: 'binary' })), 'needs-binarymime'],
          [client.send(envelope, messageOf('x'), { chunking: true }), 'extension-missing'],
          [client.send(envelope, messageOf('x'), { dsn: {} }), 'extension-missing'],
          [client.send(envelope, messageOf('x'), { mailParameters: ['A=b c'] }), 'unsafe-argument'],
          [client.command('NOOP\r\nMAIL FROM:<>'), 'unsafe-argument'],
          [client.verify('a\nb'), 'unsafe-argument'],
          [client.command('STARTTLS'), 'unsafe-argument'],
        ];
        for (const [promise, reason] of cases) {
          const failure = await failureOf(promise);
          assert.equal(failure.reason, reason);
          assert.equal(failure.failure, 'local');
          assert.equal(failure.sessionSurvives, true);
        }
        await client.noop();
        await client.quit();
      },
    ),
  );

  it(
    'falls back to HELO',
    conversation(
      `
  S: 220 old.example
  C: EHLO client.example
  S: 500 What?
  C: HELO client.example
  S: 250 old.example
  C: MAIL FROM:<ann@a.example>
  S: 250 Ok
  C: RCPT TO:<bob@b.example>
  S: 250 Ok
  C: DATA
  S: 354 Ok
  C: x
  C: .
  S: 250 Ok
  ${bye}`,
      async (port) => {
        const client = await connect(optionsFor(port));
        assert.equal((await client.send(envelope, messageOf('x\r\n'))).outcome, 'accepted');
        await client.quit();
      },
    ),
  );

  it(
    'tells that nobody knows, once the dot was sent',
    conversation(
      `${hello}
  C: MAIL FROM:<ann@a.example>
  C: RCPT TO:<bob@b.example>
  C: RCPT TO:<carl@b.example>
  C: DATA
  S: 250 Ok
  S: 250 Ok
  S: 550 No
  S: 354 Go ahead
  C: x
  C: .
  C: MAIL FROM:<ann@a.example>
  C: RCPT TO:<bob@b.example>
  C: DATA
  !close`,
      async (port) => {
        const client = await connect(optionsFor(port));
        const first = client.send({ ...envelope, recipients: ['bob@b.example', 'carl@b.example'] }, messageOf('x\r\n'));
        const second = client.send(envelope, messageOf('y\r\n'));
        const third = client.noop();
        const failures = await Promise.all([failureOf(first), failureOf(second), failureOf(third)]);
        assert.deepEqual(
          failures.map((one) => [one.failure, one.reason, one.retryable]),
          [
            ['closed', 'fate-unknown', false],
            ['closed', 'not-connected', true],
            ['closed', 'not-connected', true],
          ],
        );
        assert.deepEqual(
          deliveryOf(failures[0])?.recipients.map((one) => one.status),
          ['unknown', 'refused'],
        );
        await client.quit();
      },
    ),
  );

  it(
    'drops the connection where the message fails mid-way, before the dot',
    conversation(
      `${hello}
  C: MAIL FROM:<ann@a.example>
  C: RCPT TO:<bob@b.example>
  C: DATA
  S: 250 Ok
  S: 250 Ok
  S: 354 Go ahead
  C: one
  C: two`,
      async (port) => {
        const client = await connect(optionsFor(port));
        const broken = {
          ...messageOf('one\r\ntwo\r\nthree\r\n', { split: 5 }),
          async *read() {
            yield Buffer.from('one\r\n');
            yield Buffer.from('two\r\n');
            throw new Error('disk on fire');
          },
        };
        const failure = await failureOf(client.send(envelope, broken));
        assert.equal(failure.failure, 'source');
        assert.equal(failure.reason, 'source-failed');
        assert.equal((failure.cause as Error).message, 'disk on fire');
        assert.deepEqual(
          deliveryOf(failure)?.recipients.map((one) => one.status),
          ['unsent'],
        );
        assert.equal(client.usable, false);
      },
    ),
  );

  for (const [name, message] of [
    ['shorter', messageOf('one\r\n', { split: 5, size: 6 })],
    ['longer', messageOf('one\r\n\r\n', { split: 5, size: 5 })],
    ['shorter and whole', messageOf('one\r\n', { size: 6 })],
  ] as const) {
    it(`drops the connection where the message is ${name} than it said`, async () => {
      const server = await scriptedServer(`${hello}
  C: MAIL FROM:<ann@a.example>
  C: RCPT TO:<bob@b.example>
  C: DATA
  S: 250 Ok
  S: 250 Ok
  S: 354 Go ahead`);
      const client = await connect(optionsFor(server.port));
      const failure = await failureOf(client.send(envelope, message));
      assert.equal(failure.reason, 'source-changed');
      assert.ok(!(await server.said).includes('C: .'));
      await server.close();
    });
  }

  it('hears a refusal in the middle of a message', async () => {
    const server = await scriptedServer(`${hello}
  C: MAIL FROM:<ann@a.example>
  C: RCPT TO:<bob@b.example>
  C: DATA
  S: 250 Ok
  S: 250 Ok
  S: 354 Go ahead
  C: 0123456789
  S: 552 5.3.4 Too much
  !silence`);
    const client = await connect(optionsFor(server.port));
    const endless = {
      ...messageOf('', { split: 1, size: 1e9 }),
      async *read() {
        yield Buffer.from('0123456789\r\n');
        for (;;) {
          await new Promise((resolve) => setImmediate(resolve));
          yield Buffer.from('x\r\n');
        }
      },
    };
    const failure = await failureOf(client.send(envelope, endless));
    assert.deepEqual([failure.failure, failure.code, failure.sessionSurvives], ['refused', 552, false]);
    await server.close();
  });

  it(
    'offers the commands of a console',
    conversation(
      `
  S: 220 mx.example
  C: EHLO client.example
  S: 250-mx.example
  S: 250 VRFY
  C: VRFY bob
  S: 252 Maybe
  C: EXPN staff
  S: 550 No
  C: HELP
  S: 214-One
  S: 214 Two
  C: HELP DATA
  S: 214 Three
  C: RSET
  S: 250 Ok
  C: AUTH LOGIN
  S: 334 VXNlcm5hbWU6
  C: *
  S: 501 Cancelled
  C: MAIL FROM:<>
  S: 250 Ok
  C: RCPT TO:<bob>
  S: 250 Ok
  C: DATA
  S: 354 Go
  C: x
  C: .
  S: 250 Queued
  ${bye}`,
      async (port) => {
        const client = await connect(optionsFor(port, { upTo: 'greeting' }));
        await client.hello();
        assert.equal((await client.verify('bob')).code, 252);
        assert.equal((await client.expand('staff')).code, 550);
        assert.deepEqual((await client.help()).lines, ['One', 'Two']);
        await client.help('DATA');
        await client.reset();
        assert.equal((await client.command('AUTH LOGIN')).code, 334);
        await client.command('*');
        await client.command('MAIL FROM:<>');
        await client.command('RCPT TO:<bob>');
        assert.equal((await client.command('DATA')).code, 354);
        assert.equal((await client.message(messageOf('x\r\n')))[0]?.code, 250);
        await client.quit();
      },
    ),
  );

  it('knows what a server said while nobody asked', async () => {
    const server = await scriptedServer(`${hello}
  C: NOOP
  S: 250 Ok
  S: 421 4.4.2 Timeout
  !close`);
    const client = await connect(optionsFor(server.port));
    await client.noop();
    await turnsUntil(() => !client.usable);
    const failure = await failureOf(client.send(envelope, messageOf('x')));
    assert.deepEqual([failure.reason, failure.code, failure.retryable], ['not-connected', 421, true]);
    await server.close();
  });

  it('trouble at QUIT is no failure', async () => {
    for (const end of ['!close', '!reset', 'S: garbage', '!silence']) {
      const server = await scriptedServer(`${hello}\n  C: QUIT\n  ${end}`);
      const client = await connect(optionsFor(server.port, { timeouts: { quit: 20 } }));
      await client.quit();
      await server.said;
      await server.close();
    }
  });
});
