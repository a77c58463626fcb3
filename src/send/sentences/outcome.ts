import type { RecipientResult } from '../../smtp/delivery.ts';
import type { Reply } from '../../smtp/reply.ts';
import type { Outcome } from '../outcome.ts';
import { isNamed, labelOf, type Server } from '../server.ts';
import { adviceFor } from './advice.ts';
import { failureSentence } from './failure.ts';
import { refusalSentence } from './refusal.ts';
import { count, list, quoted, sentences, shown, stopped } from './words.ts';

/** `Recipient bob@example.org refused: 550 5.1.1 No such user. Check …`. */
export function tellRecipient(recipient: RecipientResult, server: Server): string {
  const { reply, step } = recipient;
  const address = shown(recipient.address);
  if (recipient.status === 'unsent') {
    return sentences(
      `${address} was not reached.`,
      recipient.failure ? failureSentence(recipient.failure, server) : '',
    );
  }
  if (!reply) return `Nobody knows whether ${address} gets the message: the connection ended before the reply.`;
  return withReply(`Recipient ${address} refused`, step, reply, server);
}

/** What was refused, what the server said to it, and what to do. */
function withReply(what: string, step: RecipientResult['step'], reply: Reply, server: Server): string {
  const host = 'endpoint' in server && server.endpoint.kind === 'tcp' ? server.endpoint.host : '';
  const { code, enhanced, full } = reply;
  return sentences(
    `${what}: ${stopped(full.join(' '))}`,
    adviceFor({ step, code, lines: full, ...(enhanced === undefined ? {} : { enhanced }) }, host),
  );
}

/** How a send ended, for the person: what happened, and what to do next. */
export function outcomeSentence(outcome: Outcome): string {
  const { server } = outcome;
  switch (outcome.kind) {
    case 'delivered':
      if (outcome.dryRun)
        return `${serverTitle(server)} would take the message for ${people(outcome.recipients)}. Nothing was sent.`;
      return `${serverTitle(server)} took the message for ${people(outcome.recipients)}${outcome.file ? `: ${outcome.file}` : ''}.`;
    case 'partial': {
      const refused = outcome.recipients.filter((recipient) => recipient.status !== 'accepted');
      const rest = outcome.recipients.length - refused.length;
      return sentences(
        `${serverTitle(server)} ${outcome.dryRun ? 'would take' : 'took'} the message for ${rest} of ${count(outcome.recipients.length, 'recipient')} only.`,
        ...refused.slice(0, 3).map((recipient) => tellRecipient(recipient, server)),
        refused.length > 3 ? `${refused.length - 3} more were refused: the transcript lists them.` : '',
      );
    }
    case 'failed': {
      // Where each recipient was refused by itself, that is what happened.
      const one = outcome.recipients.find((recipient) => recipient.step === 'rcpt' && recipient.status === 'refused');
      const all = outcome.recipients.every(({ status }) => status === 'refused');
      if (outcome.failure.step !== 'rcpt' || !one || !all) return failureSentence(outcome.failure, server);
      const { reply, step, address } = one;
      const who = serverTitle(server);
      const { length } = outcome.recipients;
      if (length === 1 && reply) return withReply(`${who} refused ${shown(address)}`, step, reply, server);
      return sentences(`${who} refused all ${length} recipients.`, tellRecipient(one, server));
    }
    case 'cancelled':
      return outcome.recipients.some((recipient) => recipient.status === 'unknown')
        ? 'Cancelled, but the whole message had gone out already: it may have been delivered. Look before sending again.'
        : 'Cancelled: nothing was delivered, and the document is as it was.';
    case 'refused':
      return refusalSentence(outcome.refusal, server);
    case 'declined':
      return 'Not sent.';
  }
}

function people(recipients: readonly RecipientResult[]): string {
  const names = recipients.map((recipient) => shown(recipient.address));
  return names.length > 3 ? count(names.length, 'recipient') : list(names);
}

/** What a sentence about a server begins with. */
export function serverTitle(server: Server): string {
  if (server.transport === 'inbox') return 'The Local Inbox';
  if (server.transport === 'folder' && isNamed(server)) return `The folder ${quoted(server.name)}`;
  const label = labelOf(server);
  const isAddress = !isNamed(server) && (server.transport === 'smtp' || server.transport === 'lmtp');
  return isAddress ? label : `${label.charAt(0).toUpperCase()}${label.slice(1)}`;
}
