import { DeliveryFailure } from '../base/errors.ts';
import type { Transcript } from '../net/transcript.ts';
import type { Delivery } from '../smtp/delivery.ts';
import type { StopPoint } from '../smtp/options.ts';
import { isBeforeMail } from '../smtp/stop.ts';
import type { Attempt, Outcome } from './outcome.ts';
import { failureSentence } from './sentences/failure.ts';
import { tellRecipient } from './sentences/outcome.ts';
import type { Server } from './server.ts';

/**
 * What the replies come to, and what there is to be told of them in the transcript. `stop`: the stop point that was asked
 * for; where the session ended there, that is what is told.
 */
export function settle(
  delivery: Delivery,
  server: Server,
  transcript: Transcript,
  attempt: Attempt,
  stop?: StopPoint,
): Outcome {
  const { recipients, outcome } = delivery;
  // One reply to MAIL or to the message speaks for all; those to RCPT, and of LMTP, for one each.
  const each = (outcome === 'partial' && server.transport !== 'mx') || server.transport === 'lmtp';
  const refused = recipients.filter(({ status, step }) => status === 'refused' && (step === 'rcpt' || each));
  for (const recipient of refused) transcript.trouble(tellRecipient(recipient, server));
  const taken = outcome === 'accepted' || outcome === 'partial';
  const atStop = delivery.stopped ? stoppedAt(stop) : undefined;
  const failure = taken && (!atStop || sawReply(delivery)) ? undefined : (atStop ?? delivery.failure ?? unexplained());
  if (atStop && failure) transcript.event(failureSentence(failure, server));
  // Of MX each domain's failure is told where it happens.
  else if (failure && refused.length === 0 && server.transport !== 'mx')
    transcript.trouble(failureSentence(failure, server));
  if (failure) return { ...attempt, kind: 'failed', recipients, failure };
  const reply = delivery.reply === undefined ? {} : { reply: delivery.reply.full };
  return { ...attempt, kind: outcome === 'accepted' ? 'delivered' : 'partial', recipients, ...reply };
}

/** `1 of 2 recipients accepted`. */
export function deliverySummary({ recipients }: Delivery, dryRun = false): string {
  const accepted = recipients.filter((recipient) => recipient.status === 'accepted').length;
  const whole = `${accepted} of ${recipients.length} recipient${recipients.length === 1 ? '' : 's'} accepted`;
  return `${whole}${dryRun ? ', no message sent' : ''}`;
}

/** Whether the message had its answer before the session was ended on purpose. */
function sawReply({ reply }: Delivery): boolean {
  return reply !== undefined;
}

function stoppedAt(stop: StopPoint | undefined): DeliveryFailure {
  const at = stop?.at ?? 'message';
  return new DeliveryFailure({
    failure: 'local',
    step: at === 'message' ? 'data' : at,
    reason: isBeforeMail(at) ? 'stop-unreached' : 'stopped',
    sessionSurvives: false,
    retryable: false,
    details: { at },
  });
}

/** The engine says why nobody gets a message; this stands in where it did not. */
function unexplained(): DeliveryFailure {
  return new DeliveryFailure({
    failure: 'protocol',
    step: 'data',
    reason: 'unexpected-reply',
    sessionSurvives: false,
    retryable: false,
  });
}
