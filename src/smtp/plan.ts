import type { Envelope } from '../base/envelope.ts';
import type { ByteSource } from '../base/source.ts';
import { offers } from './capabilities.ts';
import { type Command, data, mail, print, rcpt } from './command.ts';
import { localFailure } from './failure.ts';
import type { SendOptions } from './options.ts';
import { extensionParameters, recipientParameters } from './parameters.ts';
import type { SessionState } from './state.ts';
import { isAscii } from './syntax.ts';

/** A transaction that the server, as far as it has said, can take: the commands, ready to be printed. */
export interface Plan {
  readonly mail: Command;
  readonly rcpts: readonly Command[];
  /** Octets of each BDAT chunk; `undefined`: DATA. */
  readonly chunk: number | undefined;
}

const dataLine = print(data);

/** MAIL, RCPT and DATA as one group (RFC 2920 section 3.1), printed. */
export function envelopeGroup({ mail, rcpts }: Plan): string {
  let text = print(mail);
  for (const command of rcpts) text += print(command);
  return text + dataLine;
}

const defaultChunk = 1024 * 1024;

/**
 * Holds a message against what the server offers, before MAIL. Throws a `DeliveryFailure` of kind `local` where it
 * can't be sent lawfully; nothing was sent then, and the session is as good as before.
 */
export function planOf(state: SessionState, envelope: Envelope, message: ByteSource, options: SendOptions): Plan {
  const { capabilities, details } = state;
  const words: string[] = [];
  if (envelope.recipients.length === 0) throw localFailure('rcpt', 'no-recipients', details);

  // RFC 1870 section 6.1: the size as announced, and no MAIL at all where it is known to be too much.
  if (capabilities.size !== undefined) {
    if (capabilities.size > 0 && message.size > capabilities.size)
      throw localFailure('mail', 'too-large', { ...details, size: message.size, limit: capabilities.size });
    words.push(`SIZE=${message.size}`);
  }

  const utf8Address = [envelope.sender, ...envelope.recipients].find((address) => !isAscii(address));
  // RFC 6531 section 3.3: neither may a parameter hold more than ASCII without it.
  const further = [...(options.mailParameters ?? []), ...(options.rcptParameters ?? [])];
  const needsUtf8 = message.utf8Header || utf8Address !== undefined || !further.every(isAscii);
  // RFC 6531 section 3.3: without it the message can't go this way, and may not be changed on the way either.
  if (needsUtf8 && !offers(capabilities, 'SMTPUTF8'))
    throw localFailure('mail', 'needs-smtputf8', {
      ...details,
      ...(utf8Address === undefined ? {} : { address: utf8Address }),
    });

  const chunk = chunkOf(state, message, options);
  if (message.transparency === 'binary') words.push('BODY=BINARYMIME');
  else if (message.transparency === '8bit') {
    // RFC 6152 section 3.
    if (!offers(capabilities, '8BITMIME')) throw localFailure('mail', 'needs-8bitmime', details);
    words.push('BODY=8BITMIME');
  }
  if (needsUtf8) words.push('SMTPUTF8');
  words.push(...extensionParameters(state, options), ...(options.mailParameters ?? []));
  return {
    mail: mail(envelope.sender, words),
    rcpts: envelope.recipients.map((one) =>
      rcpt(one, [...recipientParameters(state, options, one), ...(options.rcptParameters ?? [])]),
    ),
    chunk,
  };
}

/** BDAT on request, and for binary, which nothing else can carry (RFC 3030 section 3). */
function chunkOf(
  { capabilities, details }: SessionState,
  message: ByteSource,
  { chunking }: SendOptions,
): number | undefined {
  const binary = message.transparency === 'binary';
  if (binary && !offers(capabilities, 'BINARYMIME')) throw localFailure('mail', 'needs-binarymime', details);
  if (!binary && (chunking === undefined || chunking === false)) return undefined;
  if (!offers(capabilities, 'CHUNKING'))
    throw localFailure('mail', 'extension-missing', { ...details, extension: 'CHUNKING' });
  if (typeof chunking !== 'number') return defaultChunk;
  if (!Number.isSafeInteger(chunking) || chunking < 1)
    throw localFailure('mail', 'unsafe-argument', { ...details, field: 'chunking', fault: 'number' });
  return chunking;
}
