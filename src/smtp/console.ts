import type { ByteSource } from '../base/source.ts';
import { capabilitiesOf } from './capabilities.ts';
import { replyCode } from './codes.ts';
import { reply, type Session } from './effect.ts';
import { ending, localFailure, refusal } from './failure.ts';
import type { Reply } from './reply.ts';
import type { SessionState } from './state.ts';

/** Verbs that change how octets are read, so that a bare line can't do them, and what does. */
const notAsLines = new Set(['STARTTLS', 'BDAT']);

/**
 * One line as a person typed it, and its reply (smtplib's `docmd`). After `DATA` and its 354, `message` carries on;
 * after `AUTH` and its 334, further lines do.
 */
export function* command(state: SessionState, line: string): Session<Reply> {
  const verb = /^\s*(\S*)/.exec(line)![1]!.toUpperCase();
  if (notAsLines.has(verb)) throw localFailure('ehlo', 'unsafe-argument', { field: verb, fault: 'not-as-line' });
  yield { do: 'line', line, step: 'ehlo' };
  const said = yield* reply('ehlo', 'command', '23');
  if ((verb === 'EHLO' || verb === 'LHLO') && said.code === replyCode.ok) state.capabilities = capabilitiesOf(said);
  if (said.code === replyCode.unavailable || said.code === replyCode.closing) state.spent = true;
  return said;
}

/** The message after a 354 that a raw DATA got. */
export function* message(source: ByteSource, replies: number): Session<readonly Reply[]> {
  yield { do: 'message', source };
  const said: Reply[] = [];
  for (let i = 0; i < replies; i++) said.push(yield* reply('data', 'final', '2'));
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
