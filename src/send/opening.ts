import type { Transcript } from '../net/transcript.ts';
import type { ConnectOptions } from '../smtp/options.ts';
import { lookUpPassword, type PasswordPorts, rememberPassword } from './credentials.ts';
import type { Refusal } from './question.ts';
import type { InboxServer, SmtpServer } from './server.ts';
import {
  type InboxAddress,
  inboxOptions,
  readProxy,
  readTlsFiles,
  type SessionPorts,
  sessionOptions,
} from './session-options.ts';

export interface OpeningPorts extends PasswordPorts, SessionPorts {
  /** Where the Local Inbox listens: starts it where it does not. Left out where there is none. */
  readonly inbox?: (signal?: AbortSignal) => Promise<InboxAddress>;
}

/** What there is to know before a session with one server can be opened, or why it can't be. */
export type Opening =
  | {
      readonly kind: 'ready';
      readonly options: ConnectOptions;
      /** To be called once the server has let the user in: keeps a typed password where that was wanted. */
      readonly accepted: () => Promise<void>;
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'declined' }
  | { readonly kind: 'cancelled' };

/**
 * The password (unless `login` is false), the files and the address that a session needs. Every session with a
 * configured server begins here: a send, a batch, the console.
 */
export async function openingOf(
  server: SmtpServer | InboxServer,
  ports: OpeningPorts,
  transcript: Transcript,
  choice: { readonly login: boolean } = { login: true },
): Promise<Opening> {
  const { signal } = ports;
  const password = choice.login ? await lookUpPassword(server, ports, signal) : ({ kind: 'none-needed' } as const);
  if (password.kind === 'refused' || password.kind === 'declined') return password;
  if (signal?.aborted) return { kind: 'cancelled' };
  const accepted = async () => {
    // A store that fails is no reason not to send.
    await rememberPassword(server, password, ports).catch((error: unknown) => {
      transcript.trouble(`The password could not be kept: ${error instanceof Error ? error.message : 'unknown'}`);
    });
  };
  if (server.transport === 'inbox') {
    if (!ports.inbox) return refused({ code: 'inbox-unavailable', error: 'there is none here' });
    try {
      const options = inboxOptions(server, await ports.inbox(signal), ports, transcript);
      return { kind: 'ready', options, accepted };
    } catch (error) {
      if (signal?.aborted) return { kind: 'cancelled' };
      return refused({ code: 'inbox-unavailable', error: error instanceof Error ? error.message : String(error) });
    }
  }
  const files = await readTlsFiles(server.tls, ports);
  if ('refusal' in files) return refused(files.refusal);
  const through = readProxy(server, ports, transcript);
  if ('refusal' in through) return refused(through.refusal);
  const options = sessionOptions(server, password, { ...files, ...through }, ports, transcript);
  return signal?.aborted ? { kind: 'cancelled' } : { kind: 'ready', options, accepted };
}

function refused(refusal: Refusal): Opening {
  return { kind: 'refused', refusal };
}
