import type { TlsFacts } from '../net/tls-options.ts';
import { type Capabilities, offers } from '../smtp/capabilities.ts';
import type { RecipientResult } from '../smtp/delivery.ts';
import type { DomainDelivery } from '../smtp/mx.ts';
import type { SessionFacts } from '../smtp/session-facts.ts';
import { EXTENSION_NOTES, WORTH_HAVING } from './extension-notes.ts';
import type { Attempt, Outcome } from './outcome.ts';
import { tellFailure } from './sentences/failure.ts';
import { outcomeSentence } from './sentences/outcome.ts';
import { count, octets } from './sentences/words.ts';
import { addressOf, isNamed, type Server } from './server.ts';
import { factLines, textTable } from './text-table.ts';

const DAY = 86_400_000;

/** An outcome of which there is something to report: a session was at least begun. */
export type Attempted = Extract<Outcome, Attempt>;

/**
 * What *Check Delivery Without Sending* learnt, as a Markdown document that reads as plain text as well: the verdict,
 * each recipient, the session, the certificate, the extensions, the limits, the transcript.
 *
 * @param title what the message is called: the name of its file
 * @param now in milliseconds since the epoch, for the days that a certificate has left
 */
export function deliveryReport(title: string, outcome: Attempted, now: number): string {
  const { server, session } = outcome;
  const lines = [`# Delivery check of ${title}`, '', outcomeSentence(outcome), ''];
  lines.push(
    ...factLines([
      ['Server', serverText(server)],
      ['From', outcome.envelope.sender || '<> (the null sender)'],
      ['To', count(outcome.envelope.recipients.length, 'recipient')],
      ['Message', `${octets(outcome.size)}, not sent`],
    ]),
    '',
  );
  if (outcome.recipients.length > 0) {
    const rows = outcome.recipients.map((recipient) => [
      recipient.address,
      VERDICTS[recipient.status],
      answerOf(recipient),
    ]);
    lines.push('## Recipients', '', ...textTable(['Address', 'Would be', 'Answer'], rows), '');
  }
  if (session) lines.push(...sessionLines(session, outcome.size, now));
  for (const domain of outcome.domains ?? []) lines.push(...domainLines(domain, server, outcome.size, now));
  if (outcome.transcript.length > 0) lines.push('## Transcript', '', '```text', ...outcome.transcript, '```', '');
  return lines.join('\n');
}

/** Each host that was tried for a domain, what came of it, and what the session with it taught. */
function domainLines(
  { domain, attempts, failure }: DomainDelivery,
  server: Server,
  size: number,
  now: number,
): string[] {
  const rows = attempts.map(({ host, preference, plain, failure: why }) => [
    `${host} (${preference})${plain ? ', without TLS' : ''}`,
    why ? tellFailure(why, server).what : 'answered',
  ]);
  const none = failure ? tellFailure(failure, server).what : 'none was tried';
  const lines = [`## Mail servers of ${domain}`, '', ...factLines(rows.length > 0 ? rows : [['None', none]]), ''];
  for (const { host, plain, session } of attempts) {
    const name = `${host}${plain ? ', without TLS' : ''}`;
    if (session) lines.push(...sessionLines(session, size, now, ` of ${name}`));
  }
  return lines;
}

/** What is known of a server from a session with it, as sections of such a document. `of`: what their headings end with. */
export function sessionLines(session: SessionFacts, size: number | undefined, now: number, of = ''): string[] {
  const { tls, capabilities, authenticated } = session;
  const rows = [
    ['Connected to', session.remoteAddress],
    ['Greeting', session.greeting.join(' / ')],
    ['Calls itself', capabilities.greeting || '—'],
    ['TLS', tls ? `${tls.protocol}, ${tls.cipher}` : 'none: everything goes in plain text'],
    ['Login', authenticated ?? (capabilities.auth.length > 0 ? 'offered, not used' : 'not offered')],
  ];
  const lines = [`## Session${of}`, '', ...factLines(rows), ''];
  if (tls?.peer) lines.push(`## Certificate${of}`, '', ...factLines(certificateRows(tls, tls.peer, now)), '');
  lines.push(`## Extensions${of}`, '', ...extensionLines(capabilities), '');
  lines.push(`## Limits${of}`, '', ...factLines(limitRows(capabilities, size)), '');
  return lines;
}

/** OpenSSL's words (X509_V_ERR_…, as Node gives them) for what a person asks first. */
const VERIFICATION: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is signed by itself',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it is for another host',
  SELF_SIGNED_CERT_IN_CHAIN: 'its issuer is not trusted here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its issuer is not known here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its issuer is not known here',
};

const VERDICTS: Readonly<Record<RecipientResult['status'], string>> = {
  accepted: 'accepted',
  refused: 'refused',
  unknown: 'unknown',
  unsent: 'not asked',
};

function answerOf({ reply, failure }: RecipientResult): string {
  return reply?.full.join(' / ') ?? failure?.reason ?? '—';
}

function serverText(server: Server): string {
  return isNamed(server) && server.transport !== 'inbox' ? `"${server.name}", ${addressOf(server)}` : addressOf(server);
}

function certificateRows(tls: TlsFacts, peer: NonNullable<TlsFacts['peer']>, now: number): string[][] {
  const left = Math.floor((peer.validTo - now) / DAY);
  const until = left < 0 ? `expired ${count(-left, 'day')} ago` : `${count(left, 'day')} left`;
  const why = tls.verificationProblem;
  const verdict = tls.verified ? 'yes' : `no${why ? `: ${VERIFICATION[why] ?? why}` : ''}`;
  return [
    ['Verified', verdict],
    ['Subject', peer.subject],
    ['Names', peer.names.join(', ') || '—'],
    ['Issuer', peer.issuer === peer.subject ? `${peer.issuer} (itself)` : peer.issuer],
    ['Valid', `${dayOf(peer.validFrom)} to ${dayOf(peer.validTo)}, ${until}`],
    ['SHA-256', peer.fingerprint256],
  ];
}

function dayOf(time: number): string {
  return Number.isFinite(time) ? new Date(time).toISOString().slice(0, 10) : '—';
}

function extensionLines(capabilities: Capabilities): string[] {
  // No table: a line has to fit into an editor that wraps.
  const offered = [...capabilities.keywords].map(([keyword, words]) => [
    keyword,
    [words.join(' '), EXTENSION_NOTES[keyword] ?? ''].filter(Boolean).join(' – '),
  ]);
  const lacking = WORTH_HAVING.filter((keyword) => !offers(capabilities, keyword));
  return [
    ...(offered.length === 0 ? ['None.'] : factLines(offered)),
    ...(lacking.length === 0 || offered.length === 0 ? [] : ['', `Not offered: ${lacking.join(', ')}.`]),
  ];
}

function limitRows({ size, limits }: Capabilities, message: number | undefined): string[][] {
  const told = size === undefined ? 'not told' : size === 0 ? 'no fixed limit' : `${octets(size)} at most`;
  const fits = !size || message === undefined ? '' : message > size ? ': this one is too large' : ': this one fits';
  const limit = (name: string) => limits.get(name)?.toLocaleString('en-US') ?? 'not told';
  return [
    ['Size of a message', `${told}${fits}`],
    ['Recipients of a message', limit('RCPTMAX')],
    ['Messages in a session', limit('MAILMAX')],
    ...(limits.has('RCPTDOMAINMAX') ? [['Domains of a message', limit('RCPTDOMAINMAX')]] : []),
  ];
}
