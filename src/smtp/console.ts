import { isDeliveryFailure, type Step } from '../base/errors.ts';
import type { ByteSource } from '../base/source.ts';
import { mechanismNames } from '../net/sasl/mechanism.ts';
import { capabilitiesOf, noCapabilities } from './capabilities.ts';
import { replyCode } from './codes.ts';
import { reply, type Session } from './effect.ts';
import { ending, inDoubt, localFailure, refusal } from './failure.ts';
import type { Reply } from './reply.ts';
import type { SessionState } from './state.ts';
import { typedAuth, typedSecrets } from './typed-auth.ts';

/** Verbs that change how octets are read, so that a bare line can't do them, and what does. */
const notAsLines = new Set(['STARTTLS', 'BDAT']);

/** Where a session stands with a typed command; any other is a command by itself. */
const steps: ReadonlyMap<string, Step> = new Map([
  ['EHLO', 'ehlo'],
  ['HELO', 'ehlo'],
  ['LHLO', 'ehlo'],
  ['AUTH', 'auth'],
  ['MAIL', 'mail'],
  ['RCPT', 'rcpt'],
  ['DATA', 'data'],
  ['QUIT', 'quit'],
]);

/**
 * One line as a person typed it, and its reply (smtplib's `docmd`). After `DATA` and its 354, `message` carries on;
 * after `AUTH` and its 334, further lines do.
 */
export function* command(state: SessionState, line: string): Session<Reply> {
  const verb = /^\s*(\S*)/.exec(line)![1]!.toUpperCase();
  if (notAsLines.has(verb)) throw localFailure('command', 'unsafe-argument', { field: verb, fault: 'not-as-line' });
  const under = state.typedAuth;
  state.typedAuth = undefined;
  for (const secret of typedSecrets(line, under)) state.secrets.add(secret);
  const step = under === undefined ? (steps.get(verb) ?? 'command') : 'auth';
  yield { do: 'line', line, step };
  const said = yield* reply(step, 'command', '23');
  const exchange = typedAuth(line, under);
  if (said.code === replyCode.continueAuthentication) state.typedAuth = exchange;
  else if (said.code === replyCode.authenticated && exchange !== undefined) {
    state.authenticated = mechanismNames.find((name) => name === exchange.mechanism) ?? state.authenticated;
  }
  if (verb === 'HELO' && said.code === replyCode.ok) state.capabilities = noCapabilities;
  if ((verb === 'EHLO' || verb === 'LHLO') && said.code === replyCode.ok) state.capabilities = capabilitiesOf(said);
  if (said.code === replyCode.unavailable || said.code === replyCode.closing) state.spent = true;
  return said;
}

/** The message after a 354 that a raw DATA got. */
export function* message(state: SessionState, source: ByteSource, replies: number): Session<readonly Reply[]> {
  yield { do: 'message', source };
  const said: Reply[] = [];
  try {
    for (let i = 0; i < replies && !state.spent; i++) {
      const next = yield* reply('data', 'final', '2');
      said.push(next);
      if (next.code === replyCode.unavailable) state.spent = true;
    }
  } catch (error) {
    throw isDeliveryFailure(error) ? inDoubt(error) : error;
  }
  return said;
}

/**
 * What the server said, unasked, before it closed an idle connection: mostly `421 … timeout`. Nothing of the message
 * at hand was sent, so that another connection can take it.
 */
export function* lastWords(state: SessionState): Session<never> {
  const said = yield* reply('mail', 'command', '2');
  throw ending(refusal('mail', said, state.details), { reason: 'not-connected', retryable: true });
}
