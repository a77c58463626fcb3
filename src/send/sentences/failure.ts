import type { FailureFacts } from '../../base/errors.ts';
import type { SmtpReason } from '../../smtp/reasons.ts';
import type { Server } from '../server.ts';
import { tellNet } from './failure-net.ts';
import { isSmtpOnly, tellSmtp } from './failure-smtp.ts';
import { LOOK_FIRST, Place, type Told } from './place.ts';
import { sentences } from './words.ts';

/** Both as one paragraph. */
export function failureSentence(failure: FailureFacts, server: Server): string {
  const { what, next } = tellFailure(failure, server);
  return sentences(what, next);
}

/** What failed in a delivery to `server`, for every reason that a failure can have. */
export function tellFailure(failure: FailureFacts, server: Server): Told {
  const place = new Place(failure, server);
  const reason = failure.reason as SmtpReason;
  const told = isSmtpOnly(reason) ? tellSmtp(reason, failure, place) : tellNet(reason, failure, place);
  // Whatever broke it: behind the final dot no advice to try again is a good one.
  if (place.text('fate') !== 'unknown') return told;
  return { ...told, next: `The server had the whole message: it may or may not have been delivered. ${LOOK_FIRST}` };
}
