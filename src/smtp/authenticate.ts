import type { DeliveryFailure } from '../base/errors.ts';
import { candidates, exchange, revealsSecret, strengthOf } from '../net/sasl/choose.ts';
import {
  type ChannelBinding,
  type Credentials,
  type Exchange,
  isSaslFault,
  type MechanismChoice,
  type MechanismName,
  type SaslContext,
} from '../net/sasl/mechanism.ts';
import { replyCode } from './codes.ts';
import { auth } from './command.ts';
import { reply, type Session, settle } from './effect.ts';
import { broken, localFailure, refusal, unexpected } from './failure.ts';
import type { Reply } from './reply.ts';
import type { SessionState } from './state.ts';
import { pauseAt, type StopPlan } from './stop.ts';

export interface Authentication {
  readonly credentials: Credentials;
  readonly choice: MechanismChoice;
  readonly allowPlaintextSecrets: boolean;
  readonly allowUnverifiedSecrets: boolean;
  readonly nonce: () => string;
}

/** RFC 5321 section 4.5.3.1.4: a longer command line may be refused, so that a long initial response waits for its 334. */
const longestCommand = 512;

/**
 * AUTH (RFC 4954). Tries the strongest mechanism that both ends have; where the server then says that it does not
 * have it after all, only another of the same strength or more is tried. A wrong password is never tried twice.
 */
export function* authenticate(state: SessionState, given: Authentication, stop?: StopPlan): Session<Reply> {
  const { credentials, choice } = given;
  const offered = state.capabilities.auth;
  const details = { ...state.details, user: credentials.user, offered: offered.join(' ') };
  state.secrets.add(credentials.password);
  if (offered.length === 0) throw localFailure('auth', 'auth-missing', details);
  const isPrivate = confidential(state, given);
  const bindings = state.tls?.channelBindings ?? [];
  const connection = { private: isPrivate, channelBinding: bindings.length > 0 };
  const names = candidates(offered, choice, connection);
  if (choice !== 'auto' && names[0] !== undefined && revealsSecret(names[0]) && !isPrivate)
    throw exposed(state, details);
  if (names.length === 0) {
    const hidden = candidates(offered, choice, { ...connection, private: true }).length > 0;
    throw hidden ? exposed(state, details) : localFailure('auth', 'auth-no-mechanism', { ...details, wanted: choice });
  }
  let refused: { readonly name: MechanismName; readonly reply: Reply } | undefined;
  let fault: string | undefined;
  for (const name of names) {
    if (refused !== undefined && strengthOf(name) < strengthOf(refused.name)) break;
    // Each binds to this channel, so that the second is no step down to one that doesn't.
    for (const binding of name.endsWith('-PLUS') ? bindings : [bindings[0]]) {
      const { said, why } = yield* attempt(state, given, name, binding, stop);
      if (said.code === replyCode.authenticated) {
        state.authenticated = name;
        return said;
      }
      refused = { name, reply: said };
      fault = why;
      // RFC 5802 section 7. No other reason is worth a second try: it might count as a second wrong password.
      if (why !== 'unsupported-channel-binding-type') break;
    }
    if (!mechanismUnknown(refused!.reply) || fault !== undefined) break;
  }
  const { name: mechanism, reply: last } = refused!;
  const reason = fault?.includes('channel-binding') ? 'auth-channel-binding' : 'auth-refused';
  throw refusal('auth', last, { ...details, mechanism, ...(fault === undefined ? {} : { fault }) }, reason);
}

/** Whether a password that is sent as it is reaches nobody but the server, or its owner does not mind. */
function confidential(state: SessionState, given: Authentication): boolean {
  if (state.loopback || given.allowPlaintextSecrets) return true;
  return state.tls !== undefined && (state.tls.verified || given.allowUnverifiedSecrets);
}

function exposed({ tls }: SessionState, details: SessionState['details']): DeliveryFailure {
  if (tls === undefined) return localFailure('auth', 'auth-needs-tls', details);
  return localFailure('auth', 'auth-needs-certificate', { ...details, certificate: tls.verificationProblem ?? '' });
}

/** RFC 4954 section 4: 504 for a mechanism the server does not have; 500 to 503 from servers that say it loosely. */
function mechanismUnknown(said: Reply): boolean {
  return said.code >= 500 && said.code <= 504;
}

/** Gives the last reply, and why the server said no, where it told that in the exchange. */
function* attempt(
  state: SessionState,
  given: Authentication,
  name: MechanismName,
  binding: ChannelBinding | undefined,
  stop?: StopPlan,
): Session<{ readonly said: Reply; readonly why: string | undefined }> {
  const context: SaslContext = {
    credentials: given.credentials,
    host: state.host,
    port: state.port,
    nonce: given.nonce,
    ...(binding === undefined ? {} : { channelBinding: binding }),
  };
  const mechanism = exchange(name, context, state.capabilities.auth);
  const details = { ...state.details, mechanism: name };
  let held: Uint8Array | undefined;
  try {
    held = mechanism.initial?.();
  } catch (error) {
    throw localFailure('auth', 'auth-broken', { ...details, ...faultOf(error) }, error);
  }
  yield* pauseAt(state, stop, 'auth', 'command');
  const initial = held === undefined ? undefined : coded(state, held);
  const inline = initial !== undefined && `AUTH ${name} ${initial}\r\n`.length <= longestCommand;
  yield { do: 'send', command: auth(name, inline ? initial : undefined) };
  yield* pauseAt(state, stop, 'auth', 'reply');
  let said = yield* reply('auth', 'command', '23');
  if (held !== undefined && !inline && said.code === replyCode.continueAuthentication) {
    yield { do: 'line', line: initial!, step: 'auth' };
    said = yield* reply('auth', 'command', '23');
  }
  while (said.code === replyCode.continueAuthentication) {
    const answer = yield* respond(state, mechanism, said, details);
    yield { do: 'line', line: answer, step: 'auth' };
    said = yield* reply('auth', 'command', '23');
  }
  if (said.code >= 300 && said.code < 400) throw unexpected('auth', said, details);
  if (said.code < 300 && said.code !== replyCode.authenticated) throw unexpected('auth', said, details);
  // RFC 5802 section 5: without its signature the server may be anybody.
  if (said.code === replyCode.authenticated && !mechanism.complete())
    throw broken('protocol', 'auth', 'auth-server-unproven', false, details);
  yield* pauseAt(state, stop, 'auth', 'next');
  return { said, why: mechanism.refused?.() };
}

/** The answer to a 334, or, where there can be none, the exchange cancelled with `*` (RFC 4954 section 4). */
function* respond(
  state: SessionState,
  mechanism: Exchange,
  said: Reply,
  details: SessionState['details'],
): Session<string> {
  try {
    const text = said.lines.at(-1)!.trim();
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
      // LOGIN's prompts are taken even where a server does not encode them.
      if (mechanism.name !== 'LOGIN') throw { kind: 'sasl-fault', fault: 'challenge', detail: 'not base64' };
    }
    const given = mechanism.respond(Buffer.from(text, 'base64'));
    const octets = given instanceof Promise ? yield* settle(given) : given;
    return coded(state, octets, true);
  } catch (error) {
    if (!isSaslFault(error)) throw error;
    yield { do: 'line', line: '*', step: 'auth' };
    yield* reply('auth', 'command', '2345');
    const reason = error.fault === 'server-unproven' ? 'auth-server-unproven' : 'auth-broken';
    throw broken('protocol', 'auth', reason, false, { ...details, ...faultOf(error) }, undefined);
  }
}

/** Base64, the empty response as `=` where it is an initial one (RFC 4954 section 4), and a secret from here on. */
function coded(state: SessionState, octets: Uint8Array, answer = false): string {
  const text = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('base64');
  if (text === '') return answer ? '' : '=';
  state.secrets.add(text);
  return text;
}

function faultOf(error: unknown): { fault: string; detail: string } {
  return isSaslFault(error) ? { fault: error.fault, detail: error.detail } : { fault: 'unknown', detail: '' };
}
