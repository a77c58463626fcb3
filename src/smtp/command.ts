import type { Step } from '../base/errors.ts';
import { localFailure } from './failure.ts';
import { addressFault, isDomain, lineFault } from './syntax.ts';

/** A command (RFC 5321 section 4.1) as a value. Only `print` makes octets of one. */
export interface Command {
  readonly verb: string;
  readonly argument?: string;
  readonly step: Step;
}

/**
 * The command as its line, CRLF included. The one place where a line is made: whatever the makers below let through,
 * no CR, LF, NUL or other control leaves here (a `DeliveryFailure` of kind `local` instead).
 */
export function print(command: Command): string {
  const { verb, argument } = command;
  const line = argument === undefined || argument === '' ? verb : `${verb} ${argument}`;
  return checkedLine(line, command.step, verb);
}

/** A line as it stands, with CRLF, or a failure. */
export function checkedLine(line: string, step: Step, field: string): string {
  const fault = lineFault(line);
  if (fault !== undefined) throw localFailure(step, 'unsafe-argument', { field, fault });
  return line + '\r\n';
}

/** EHLO, HELO or LHLO with the client's name: a domain or an address literal (section 4.1.1.1). */
export function hello(verb: 'EHLO' | 'HELO' | 'LHLO', name: string): Command {
  checkName(name);
  return { verb, argument: name, step: 'ehlo' };
}

export function checkName(name: string): void {
  const fault = lineFault(name);
  if (fault !== undefined) throw localFailure('ehlo', 'unsafe-argument', { field: 'client name', fault });
  if (!isDomain(name)) throw localFailure('ehlo', 'unsafe-argument', { field: 'client name', fault: 'domain' });
}

/** MAIL with the reverse-path, empty for `<>`, and its parameters as words (section 4.1.1.2). */
export function mail(sender: string, parameters: readonly string[]): Command {
  if (sender !== '') checkAddress(sender, 'sender', 'mail');
  return { verb: 'MAIL', argument: withParameters(`FROM:<${sender}>`, parameters, 'mail'), step: 'mail' };
}

/** RCPT with a forward-path (section 4.1.1.3). */
export function rcpt(recipient: string, parameters: readonly string[]): Command {
  checkAddress(recipient, 'recipient', 'rcpt');
  return { verb: 'RCPT', argument: withParameters(`TO:<${recipient}>`, parameters, 'rcpt'), step: 'rcpt' };
}

export const data: Command = { verb: 'DATA', step: 'data' };
export const rset: Command = { verb: 'RSET', step: 'mail' };
export const quit: Command = { verb: 'QUIT', step: 'quit' };
export const startTls: Command = { verb: 'STARTTLS', step: 'starttls' };

/** BDAT (RFC 3030 section 2). */
export function bdat(size: number, last: boolean): Command {
  return { verb: 'BDAT', argument: last ? `${size} LAST` : String(size), step: 'data' };
}

export function auth(mechanism: string, initial: string | undefined): Command {
  return { verb: 'AUTH', argument: initial === undefined ? mechanism : `${mechanism} ${initial}`, step: 'auth' };
}

function checkAddress(address: string, field: string, step: Step): void {
  const fault = addressFault(address);
  if (fault !== undefined) throw localFailure(step, 'bad-address', { field, fault, address });
}

/** An esmtp-param (RFC 5321 section 4.1.2); values may hold UTF-8 (RFC 6531 section 3.3). */
const parameterWord = /^[A-Za-z0-9][A-Za-z0-9-]*(?:=[\x21-\x3c\x3e-\x7e\u0080-\u{10ffff}]+)?$/u;

function withParameters(path: string, parameters: readonly string[], step: Step): string {
  for (const word of parameters) {
    const fault = lineFault(word) ?? (parameterWord.test(word) ? undefined : 'parameter');
    if (fault !== undefined) throw localFailure(step, 'unsafe-argument', { field: 'parameter', fault });
  }
  return parameters.length === 0 ? path : `${path} ${parameters.join(' ')}`;
}
