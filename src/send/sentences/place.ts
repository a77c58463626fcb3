import type { FailureFacts, Step } from '../../base/errors.ts';
import { addressOf, isNamed, labelOf, type Server } from '../server.ts';
import { quoted, stopped } from './words.ts';

/** What a person reads of a failure: what happened, and what to do about it. */
export interface Told {
  readonly what: string;
  /** Empty where there is nothing to be done. */
  readonly next: string;
}

/** The names that sentences call a server by, and the details of the failure as text. */
export class Place {
  readonly server: Server;
  readonly host: string;
  /** `smtp.example.com:587`. */
  readonly address: string;
  /** `server "staging" (smtp.example.com:587)`. */
  readonly whole: string;
  readonly #details: FailureFacts['details'];

  constructor(failure: FailureFacts, server: Server) {
    this.server = server;
    this.#details = failure.details;
    const configured = server.transport === 'smtp' || server.transport === 'lmtp' ? server.endpoint : undefined;
    this.host = this.text('host') || (configured?.kind === 'tcp' ? configured.host : '');
    const port = this.text('port') || (configured?.kind === 'tcp' ? String(configured.port) : '');
    const host = this.host.includes(':') ? `[${this.host}]` : this.host;
    this.address = this.text('path') || (host && port ? `${host}:${port}` : host) || addressOf(server);
    this.whole = isNamed(server) ? `${labelOf(server)} (${this.address})` : this.address;
  }

  text(name: string): string {
    const value = this.#details?.[name];
    return value === undefined ? '' : String(value);
  }

  /** The day of an ISO time. */
  day(name: string): string {
    return this.text(name).slice(0, 10);
  }

  number(name: string): number {
    return Number(this.#details?.[name] ?? Number.NaN);
  }
}

export const STEP_WORDS: Readonly<Record<Step, string>> = {
  resolve: 'looking up the host',
  connect: 'connecting',
  tls: 'the TLS handshake',
  greeting: 'its greeting',
  ehlo: 'EHLO',
  starttls: 'STARTTLS',
  auth: 'the login (AUTH)',
  mail: 'MAIL FROM',
  rcpt: 'RCPT TO',
  data: 'the message (DATA)',
  quit: 'QUIT',
  command: 'a command',
};

export const RETRY = 'The message was not delivered, and the document is as it was: send again.';

export const LOOK_FIRST = 'Look into the mailbox before sending again, or it may arrive twice.';

export function tls(server: Server): boolean {
  return 'security' in server && (server.security === 'tls' || server.security === 'starttls');
}

export function causeOf(failure: FailureFacts): string {
  const { cause } = failure;
  return cause instanceof Error ? cause.message.replace(/\.$/, '') : '';
}

export function otherwise(failure: FailureFacts, at: Place): string {
  const reply = failure.lines?.length ? said(failure.lines.join(' ')) : '.';
  return `Sending to ${at.whole} failed at ${STEP_WORDS[failure.step]} (${failure.reason})${reply}`;
}

/** `: "550 5.1.1 No such user".`, closing the sentence. */
export function said(answer: string): string {
  return answer === '' ? '' : `: ${stopped(quotedReply(answer))}`;
}

function quotedReply(answer: string): string {
  return quoted(answer, 300);
}

export function quotedOr(text: string): string {
  return text === '' ? '' : quoted(text);
}

export function suffix(text: string, before = ' ('): string {
  if (text === '') return '';
  return before === ' (' ? ` (${text})` : `${before}${text}`;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
