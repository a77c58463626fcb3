import { offers } from './capabilities.ts';
import { localFailure } from './failure.ts';
import type { Dsn, SendOptions } from './options.ts';
import type { SessionState } from './state.ts';
import { addressFault, isAscii, lineFault, xtext } from './syntax.ts';

/** Parameters of MAIL for the extensions asked for. A `local` failure where one is not offered or out of its bounds. */
export function extensionParameters(state: SessionState, options: SendOptions): readonly string[] {
  const { dsn, requireTls, priority, deliverBy, hold, submitter } = options;
  const words: string[] = [];
  if (dsn !== undefined) words.push(...dsnOfMail(state, dsn));
  if (requireTls) {
    need(state, 'REQUIRETLS');
    // RFC 8689 section 2: only over TLS whose certificate was verified.
    if (state.tls?.verified !== true) throw limit(state, 'REQUIRETLS', 'verified TLS');
    words.push('REQUIRETLS');
  }
  if (priority !== undefined) {
    need(state, 'MT-PRIORITY');
    // RFC 6710 section 3.
    if (!Number.isInteger(priority) || priority < -9 || priority > 9) throw limit(state, 'MT-PRIORITY', '-9 to 9');
    words.push(`MT-PRIORITY=${priority}`);
  }
  if (deliverBy !== undefined) words.push(deliverByWord(state, deliverBy));
  if (hold !== undefined) words.push(holdWord(state, hold));
  if (submitter !== undefined) {
    need(state, 'AUTH');
    // RFC 4954 section 5 has a Mailbox here, which is ASCII unless SMTPUTF8 says otherwise (RFC 6531 section 3.3).
    const foreign = !isAscii(submitter) && !offers(state.capabilities, 'SMTPUTF8') ? 'not-ascii' : undefined;
    if (submitter !== '<>') checkText(submitter, 'AUTH=', addressFault(submitter) ?? foreign);
    // RFC 4954 section 5: xtext, `<>` where it is not known.
    words.push(`AUTH=${submitter === '<>' ? '<>' : xtext(submitter)}`);
  }
  return words;
}

/** Parameters of RCPT for one recipient. */
export function recipientParameters(state: SessionState, { dsn }: SendOptions, recipient: string): readonly string[] {
  if (dsn === undefined) return [];
  need(state, 'DSN');
  const words: string[] = [];
  const { notify, originalRecipient } = dsn;
  // RFC 3461 section 4.1: NEVER stands by itself.
  if (notify === 'never') words.push('NOTIFY=NEVER');
  else if (notify !== undefined && notify.length > 0) words.push(`NOTIFY=${notify.join(',').toUpperCase()}`);
  const original = originalRecipient === true ? recipient : originalRecipient?.[recipient];
  if (original !== undefined) {
    checkText(original, 'ORCPT', addressFault(original));
    // RFC 6533 section 3: utf-8-addr-xtext, with the characters beyond ASCII as \x{HEX}.
    words.push(isAscii(original) ? `ORCPT=rfc822;${xtext(original)}` : `ORCPT=utf-8;${utf8Xtext(original)}`);
  }
  return words;
}

function dsnOfMail(state: SessionState, dsn: Dsn): readonly string[] {
  need(state, 'DSN');
  const words: string[] = [];
  if (dsn.return !== undefined) words.push(`RET=${dsn.return === 'full' ? 'FULL' : 'HDRS'}`);
  if (dsn.envelopeId !== undefined) {
    // RFC 3461 section 4.4: printable ASCII, white space included, before it is encoded.
    checkText(dsn.envelopeId, 'ENVID', isAscii(dsn.envelopeId) ? undefined : 'not-ascii');
    const coded = xtext(dsn.envelopeId);
    // RFC 3461 section 5.4.
    if (coded.length > 100 || coded === '') throw limit(state, 'DSN', 100);
    words.push(`ENVID=${coded}`);
  }
  return words;
}

function deliverByWord(state: SessionState, given: NonNullable<SendOptions['deliverBy']>): string {
  need(state, 'DELIVERBY');
  const { seconds, mode, trace } = given;
  const least = Number(state.capabilities.keywords.get('DELIVERBY')?.[0] ?? 0);
  // RFC 2852 section 4: nine digits; a return needs time to come, no less than the server's least.
  if (!Number.isInteger(seconds) || Math.abs(seconds) > 999_999_999) throw limit(state, 'DELIVERBY', 999_999_999);
  if (mode === 'return' && seconds <= 0) throw limit(state, 'DELIVERBY', 1);
  if (mode === 'return' && least > 0 && seconds < least) throw limit(state, 'DELIVERBY', least);
  return `BY=${seconds};${mode === 'return' ? 'R' : 'N'}${trace ? 'T' : ''}`;
}

function holdWord(state: SessionState, hold: NonNullable<SendOptions['hold']>): string {
  need(state, 'FUTURERELEASE');
  const [interval, until] = state.capabilities.keywords.get('FUTURERELEASE') ?? [];
  if ('seconds' in hold) {
    // RFC 4865 section 4: what the server names is the most it takes.
    const most = interval === undefined ? 999_999_999 : Number(interval);
    if (!Number.isInteger(hold.seconds) || hold.seconds < 1 || hold.seconds > most)
      throw limit(state, 'FUTURERELEASE', most);
    return `HOLDFOR=${hold.seconds}`;
  }
  const last = until === undefined ? Number.NaN : Date.parse(until);
  if (!Number.isFinite(hold.until) || (Number.isFinite(last) && hold.until > last))
    throw limit(state, 'FUTURERELEASE', until ?? 'an instant');
  return `HOLDUNTIL=${new Date(hold.until).toISOString().replace(/\.\d{3}Z$/, 'Z')}`;
}

function need(state: SessionState, extension: string): void {
  if (!offers(state.capabilities, extension))
    throw localFailure('mail', 'extension-missing', { ...state.details, extension });
}

function limit(state: SessionState, extension: string, bound: string | number) {
  return localFailure('mail', 'extension-limit', { ...state.details, extension, limit: bound });
}

function checkText(text: string, field: string, further: string | undefined): void {
  const fault = lineFault(text) ?? further;
  if (fault !== undefined) throw localFailure('mail', 'unsafe-argument', { field, fault });
}

function utf8Xtext(address: string): string {
  return [...address]
    .map((char) => {
      const point = char.codePointAt(0)!;
      const plain = point >= 0x21 && point <= 0x7e && !'\\+='.includes(char);
      return plain ? char : `\\x{${point.toString(16).toUpperCase().padStart(2, '0')}}`;
    })
    .join('');
}
