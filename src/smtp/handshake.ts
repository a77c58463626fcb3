import type { TlsFacts } from '../net/tls-options.ts';
import { type Authentication, authenticate } from './authenticate.ts';
import { capabilitiesOf, noCapabilities, offers } from './capabilities.ts';
import { classOf, replyCode } from './codes.ts';
import { hello as helloCommand, startTls as startTlsCommand } from './command.ts';
import { ask, reply, type Session, upgrade } from './effect.ts';
import { localFailure, refusal, unexpected } from './failure.ts';
import type { Security } from './options.ts';
import type { Reply } from './reply.ts';
import type { SessionState } from './state.ts';
import { pauseAt, type StopPlan } from './stop.ts';
import { xclient } from './xclient.ts';

export interface Opening {
  readonly security: Security;
  readonly hello: 'ehlo' | 'helo';
  readonly authentication: Authentication | undefined;
  /** Octets that go ahead of everything, TLS included: a PROXY header. */
  readonly preamble: { readonly octets: Uint8Array; readonly shown: string } | undefined;
  readonly xclient: Readonly<Record<string, string>> | undefined;
  readonly upTo: 'greeting' | 'ready';
  readonly stop: StopPlan | undefined;
}

/** From the open connection to a session that is ready for mail (RFC 5321 section 3.1, RFC 3207, RFC 4954). */
export function* open(state: SessionState, opening: Opening): Session<void> {
  const { security, stop, preamble } = opening;
  if (preamble !== undefined) yield { do: 'octets', octets: preamble.octets, shown: preamble.shown, step: 'greeting' };
  // A server that waits for a handshake hears no QUIT.
  yield* pauseAt(state, stop && security === 'tls' ? { ...stop, how: 'drop' } : stop, 'connect', 'next');
  if (security === 'tls') {
    state.tls = yield* upgrade();
    yield* pauseAt(state, stop, 'tls', 'next');
  }
  yield* greet(state, stop);
  if (opening.upTo === 'greeting') return;
  yield* hello(state, opening.hello, stop);
  if (state.tls === undefined && (security === 'starttls' || security === 'opportunistic')) {
    yield* secure(state, opening);
  }
  if (opening.xclient !== undefined) {
    yield* xclient(state, opening.xclient);
    yield* hello(state, opening.hello, undefined);
  }
  if (opening.authentication !== undefined) yield* authenticate(state, opening.authentication, stop);
}

function* greet(state: SessionState, stop: StopPlan | undefined): Session<void> {
  yield* pauseAt(state, stop, 'greeting', 'reply');
  const said = yield* reply('greeting', 'greeting', '2');
  if (classOf(said.code) === 'intermediate') throw unexpected('greeting', said, state.details);
  if (said.code !== replyCode.ready) throw refusal('greeting', said, state.details);
  state.greeting = said;
  yield* pauseAt(state, stop, 'greeting', 'next');
}

/**
 * EHLO, and HELO where the server has never heard of it (RFC 5321 section 3.2); LHLO for LMTP (RFC 2033 section
 * 4.1). What the server offers is learnt anew.
 */
export function* hello(state: SessionState, verb: 'ehlo' | 'helo', stop?: StopPlan): Session<Reply> {
  const lmtp = state.protocol === 'lmtp';
  state.capabilities = noCapabilities;
  if (lmtp || verb === 'ehlo') {
    yield* pauseAt(state, stop, 'ehlo', 'command');
    yield { do: 'send', command: helloCommand(lmtp ? 'LHLO' : 'EHLO', state.clientName) };
    yield* pauseAt(state, stop, 'ehlo', 'reply');
    const said = yield* reply('ehlo', 'command', '2');
    if (said.code === replyCode.ok) {
      state.capabilities = capabilitiesOf(said);
      yield* pauseAt(state, stop, 'ehlo', 'next');
      return said;
    }
    if (lmtp || classOf(said.code) !== 'permanent') throw failed(said, state);
  }
  const said = yield* ask(helloCommand('HELO', state.clientName));
  if (said.code !== replyCode.ok) throw failed(said, state);
  state.capabilities = { ...noCapabilities, greeting: said.lines[0] ?? '' };
  yield* pauseAt(state, stop, 'ehlo', 'next');
  return said;
}

function failed(said: Reply, state: SessionState) {
  const kind = classOf(said.code);
  return kind === 'transient' || kind === 'permanent'
    ? refusal('ehlo', said, state.details)
    : unexpected('ehlo', said, state.details);
}

function* secure(state: SessionState, opening: Opening): Session<void> {
  const required = opening.security === 'starttls';
  if (!offers(state.capabilities, 'STARTTLS')) {
    if (required) throw localFailure('starttls', 'starttls-missing', state.details);
    yield { do: 'event', text: 'The server does not offer STARTTLS: the session stays in plain text' };
    return;
  }
  const said = yield* startTls(state, opening.hello, opening.stop);
  if (said !== undefined) {
    if (required || said.code === replyCode.unavailable)
      throw refusal('starttls', said, state.details, required ? 'starttls-refused' : undefined);
    yield { do: 'event', text: 'The server refused STARTTLS: the session stays in plain text' };
  }
}

/** STARTTLS (RFC 3207). Gives the reply where it was refused. */
export function* startTls(state: SessionState, verb: 'ehlo' | 'helo', stop?: StopPlan): Session<Reply | undefined> {
  yield* pauseAt(state, stop, 'starttls', 'command');
  yield { do: 'send', command: startTlsCommand };
  yield* pauseAt(state, stop, 'starttls', 'reply');
  const said = yield* reply('starttls', 'command', '2');
  const kind = classOf(said.code);
  if (kind === 'transient' || kind === 'permanent') return said;
  if (said.code !== replyCode.ready) throw unexpected('starttls', said, state.details);
  yield* pauseAt(state, stop, 'starttls', 'next');
  const facts: TlsFacts = yield* upgrade();
  // Section 4.2: everything learnt before is forgotten; whoever sat between could have said it.
  state.capabilities = noCapabilities;
  state.authenticated = undefined;
  state.tls = facts;
  yield* pauseAt(state, stop, 'tls', 'next');
  yield* hello(state, verb);
  return undefined;
}
