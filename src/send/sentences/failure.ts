import type { FailureFacts } from '../../base/errors.ts';
import type { SmtpReason } from '../../smtp/reasons.ts';
import type { Server } from '../server.ts';
import { tellNet } from './failure-net.ts';
import { isSmtpOnly, tellSmtp } from './failure-smtp.ts';
import { Place, type Told } from './place.ts';
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
  if (isSmtpOnly(reason)) return tellSmtp(reason, failure, place);
  return tellNet(reason, failure, place);
}
