import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import { isDeliveryFailure } from '../../../src/base/errors.ts';
import { connect } from '../../../src/smtp/client.ts';
import type { ConnectOptions, StopPoint } from '../../../src/smtp/options.ts';
import { certificate, type Pair } from '../../support/smtp-certificates.ts';
import { optionsFor } from '../../support/smtp-connect.ts';
import { envelope, messageOf } from '../../support/smtp-message.ts';
import { script, scriptedServer } from '../../support/smtp-server.ts';

/** A whole session: what each phase sends, and what it hears. */
const session: readonly (readonly [StopPoint['at'], string | undefined, string | undefined])[] = [
  ['connect', undefined, undefined],
  ['greeting', undefined, 'S: 220 x'],
  ['ehlo', 'C: EHLO client.example', 'S: 250-x\nS: 250 STARTTLS'],
  ['starttls', 'C: STARTTLS', 'S: 220 Go'],
  ['tls', undefined, '!tls'],
  ['auth', 'C: EHLO client.example\nS: 250-x\nS: 250 AUTH PLAIN\nC: AUTH PLAIN AHUAcGFzcw==', 'S: 235 Ok'],
  ['mail', 'C: MAIL FROM:<ann@a.example>', 'S: 250 1'],
  ['rcpt', 'C: RCPT TO:<bob@b.example>', 'S: 250 2'],
  ['data', 'C: DATA', 'S: 354 Go'],
  ['message', 'C: x\nC: .', 'S: 250 Queued'],
];

/** The conversation up to a stop point, and whether QUIT can still be said there; undefined where there is no such point. */
function upTo({ at, before }: StopPoint): { readonly lines: string[]; readonly hears: boolean } | undefined {
  const index = session.findIndex(([phase]) => phase === at);
  const lines = session.slice(0, index).flatMap(([, sent, heard]) => [sent, heard]);
  const [, sent, heard] = session[index]!;
  const hears = !((at === 'data' || at === 'starttls') && before !== 'command');
  const found = (more: readonly (string | undefined)[], quits = hears) => ({
    lines: [...lines, ...more].filter((line) => line !== undefined),
    hears: quits,
  });
  if (before === 'next') return found(at === 'tls' ? [sent, heard, greetedAgain] : [sent, heard]);
  if (at === 'connect' || at === 'tls') return undefined;
  if (before === 'reply') return found([sent]);
  if (at === 'greeting') return undefined;
  // What a phase begins with that is not its own command: EHLO under TLS, the text of the message.
  const own = sent!.split('\n');
  return found(own.slice(0, -1), at !== 'message');
}

// The stop comes right after the handshake, before EHLO.
const greetedAgain = undefined;

describe('smtp stop points of a whole session', () => {
  let authority: Pair;
  let pair: Pair;
  before(async () => {
    authority = await certificate({ name: 'Authority', authority: true });
    pair = await certificate({ name: 'localhost', hosts: ['localhost'] }, authority);
  });

  async function stopAt(stop: StopPoint, text: string, more: Partial<ConnectOptions> = {}) {
    const server = await scriptedServer(text === '' ? '!silence' : text, { ...pair });
    const options = optionsFor(server.port, {
      host: 'localhost',
      security: 'starttls',
      tls: { ca: authority.cert },
      credentials: { user: 'u', password: 'pass' },
      stop,
      ...more,
    });
    const ended = await connect(options).then(
      async (client) => ({ client, delivery: await client.send(envelope, messageOf('x\r\n'), { stop }) }),
      (error: unknown) => error,
    );
    const said = await server.said;
    await server.close();
    return { ended, said };
  }

  for (const [at] of session) {
    for (const before of ['command', 'reply', 'next'] as const) {
      for (const how of ['quit', 'drop'] as const) {
        const stop = { at, before, how };
        const point = upTo(stop);
        if (point === undefined) continue;
        it(`${how} at ${at}, before ${before}`, async () => {
          const quits = how === 'quit' && point.hears;
          const replies = before === 'reply' ? ['S: 250 x', 'S: 221 Bye'] : ['S: 221 Bye'];
          const text = [...point.lines, ...(quits ? ['C: QUIT', ...replies] : [])].join('\n');
          const { ended, said } = await stopAt(stop, text);
          assert.equal(said, script(text === '' ? '!silence' : text));
          if (isDeliveryFailure(ended)) {
            assert.deepEqual([ended.reason, ended.sessionSurvives], ['stopped', false]);
          } else {
            const { client, delivery } = ended as { client: { usable: boolean }; delivery: { stopped?: boolean } };
            assert.deepEqual([delivery.stopped, client.usable], [true, false]);
          }
        });
      }
    }
  }

  for (const at of ['starttls', 'tls', 'auth'] as const) {
    it(`delivers nothing where ${at} was to be the end, and never came`, async () => {
      const text = 'S: 220 x\nC: EHLO client.example\nS: 250-x\nS: 250 STARTTLS\nC: QUIT\nS: 221 Bye';
      const connecting = { security: 'none' } as const;
      const server = await scriptedServer(text);
      const client = await connect(optionsFor(server.port, connecting));
      const stop = { at, before: 'next', how: 'quit' } as const;
      const delivery = await client.send(envelope, messageOf('x\r\n'), { stop });
      assert.deepEqual([delivery.outcome, delivery.stopped, delivery.sent], ['unsent', true, 0]);
      assert.equal(await server.said, text);
      await server.close();
    });
  }
});
