import { type FailureFacts, isDeliveryFailure } from '../../base/errors.ts';
import type { NetReason } from '../../net/reasons.ts';
import type { SmtpReason } from '../../smtp/reasons.ts';
import { adviceFor } from './advice.ts';
import { tellFailure } from './failure.ts';
import { passwordAdvice } from './password-advice.ts';
import {
  capital,
  causeOf,
  LOOK_FIRST,
  otherwise,
  type Place,
  quotedOr,
  RETRY,
  STEP_WORDS,
  said,
  suffix,
  type Told,
  tls,
} from './place.ts';
import { octets, quoted, unreachable } from './words.ts';

export function tellSmtp(reason: Exclude<SmtpReason, NetReason>, failure: FailureFacts, at: Place): Told {
  const reply = failure.lines?.length ? said(failure.lines.join(' ')) : '';
  switch (reason) {
    case 'refused':
      return {
        what: `${capital(at.whole)} ${failure.step === 'greeting' ? 'turned this connection away' : `refused ${STEP_WORDS[failure.step]}`}${reply}${reply ? '' : '.'}`,
        next: adviceFor(failure, at.host),
      };
    case 'service-closing':
      return {
        what: `${capital(at.whole)} is closing down or too busy${reply}${reply ? '' : '.'}`,
        next: 'Try again in some minutes.',
      };
    case 'malformed-reply':
      return {
        what: `What ${at.whole} answered during ${STEP_WORDS[failure.step]} is not SMTP${suffix(quotedOr(at.text('line')), ': ')}.`,
        next: 'Check the port: something else may be listening there.',
      };
    case 'reply-too-long':
      return {
        what: `${capital(at.whole)} sent a reply without end during ${STEP_WORDS[failure.step]}.`,
        next: 'Check the port: something else may be listening there.',
      };
    case 'unexpected-reply':
      return {
        what: `${capital(at.whole)} answered ${STEP_WORDS[failure.step]} with something that makes no sense there${reply}${reply ? '' : '.'}`,
        next: 'The server is at fault; the transcript shows what it said.',
      };
    case 'starttls-injection':
      return {
        what: `Something was put into the connection to ${at.whole} between STARTTLS and the TLS handshake.`,
        next: 'Nothing was sent. Somebody may be tampering with the connection: use "security": "tls" (port 465), or another network.',
      };
    case 'starttls-missing':
      return {
        what: `${capital(at.whole)} does not offer STARTTLS, and TLS is required.`,
        next: 'Use the port for TLS (465) with "security": "tls". Where the server really has none, "security": "none" sends in plain text.',
      };
    case 'starttls-refused':
      return {
        what: `${capital(at.whole)} offered STARTTLS, then refused it${reply}${reply ? '' : '.'}`,
        next: 'Use the port for TLS (465) with "security": "tls", or have the server mended.',
      };
    case 'auth-missing':
      return {
        what: `${capital(at.whole)} offers no login (AUTH).`,
        next:
          at.server.transport !== 'mx' && tls(at.server)
            ? 'Take "user" out, or use the submission port (587).'
            : 'Many servers offer it under TLS only: set "security" to "starttls" or "tls"; else take "user" out.',
      };
    case 'auth-no-mechanism':
      return {
        what: `${capital(at.whole)} offers no way to log in that can be used here${suffix(at.text('offered'), ': it has ')}.`,
        next: 'Set "auth" to "auto", or to one of those.',
      };
    case 'auth-needs-tls':
      return {
        what: `The password for ${at.whole} would go out in plain text, so it was not sent.`,
        next: 'Set "security" to "starttls" or "tls". Where the server really has no TLS, "tls": { "allowPlaintextPassword": true } sends it all the same.',
      };
    case 'auth-needs-certificate':
      return {
        what: `The certificate of ${at.whole} was not verified${suffix(at.text('certificate'), ': ')}, so the password was not sent: whoever sits between could read it.`,
        next: 'Set "security" to "starttls" or "tls", which verify it. For a test server, "tls": { "verify": false } sends the password all the same.',
      };
    case 'auth-refused': {
      const user =
        at.text('user') ||
        (at.server.transport === 'smtp' || at.server.transport === 'lmtp' ? at.server.user : '') ||
        '';
      return {
        what: `${capital(at.whole)} did not accept the user${user ? ` ${quoted(user)}` : ''} with that password${reply}${reply ? '' : '.'}`,
        next: `${passwordAdvice(at.host, user)}${at.text('mechanism').endsWith('-PLUS') ? unbound(at) : ''}`,
      };
    }
    case 'auth-server-unproven':
      return {
        what: `${capital(at.whole)} could not prove that it knows the password.`,
        next: 'It may not be the server it claims to be. Nothing was sent; check the host and the certificate.',
      };
    case 'auth-channel-binding':
      return tellChannelBinding(at);
    case 'auth-broken':
      return {
        what: `${capital(at.whole)} asked something during the login that ${at.text('mechanism') || 'the mechanism'} has no answer to${reply}${reply ? '' : '.'}`,
        next: 'Set "auth" to another mechanism.',
      };
    case 'unsafe-argument':
      if (at.text('fault') === 'twice') return { what: 'The session is under TLS already.', next: '' };
      if (at.text('fault') === 'not-as-line') {
        return {
          what: `${at.text('field')} is no command that a line alone can carry: what follows it is not text.`,
          next: `Nothing was sent. ${at.text('field') === 'BDAT' ? 'Use DATA.' : 'Type "starttls", without anything before it.'}`,
        };
      }
      return {
        what: `${capital(at.text('field') || 'A value')} can’t be sent in a command: ${argumentFault(at.text('fault'))}.`,
        next: 'Nothing was sent. Take it out where it is written.',
      };
    case 'bad-address':
      return {
        what: `${quoted(at.text('address'))} can’t be used as an address in SMTP${suffix(fault(at.text('fault')), ': ')}.`,
        next: 'Nothing was sent. Correct it in the document.',
      };
    case 'no-recipients':
      return { what: 'There is nobody to send to.', next: 'Write To, Cc or Bcc.' };
    case 'too-large':
      return {
        what: `The message has ${octets(at.number('size'))}; ${at.whole} takes at most ${octets(at.number('limit'))}.`,
        next: 'Nothing was sent. Attach less, or use a server that takes more.',
      };
    case 'needs-8bitmime':
      return {
        what: `The message holds 8-bit text, which ${at.whole} does not take (8BITMIME is not offered).`,
        next: 'Nothing was sent. Take out @encoding, or convert the finished message to a composed one; then it goes as 7-bit.',
      };
    case 'needs-binarymime':
      return {
        what: `The message holds binary parts, which ${at.whole} does not take (BINARYMIME is not offered).`,
        next: 'Nothing was sent. Take out @encoding, or convert the finished message to a composed one; then it goes as 7-bit.',
      };
    case 'needs-smtputf8':
      return {
        what: `${at.text('address') ? `The address ${quoted(at.text('address'))}` : 'The header of the message'} needs SMTPUTF8, which ${at.whole} does not offer.`,
        next: 'Nothing was sent. Use addresses whose part before the @ is ASCII, or another server.',
      };
    case 'extension-missing':
      return {
        what: `${capital(at.whole)} does not offer ${at.text('extension') || 'an extension that was asked for'}.`,
        next: 'Nothing was sent. Leave that option out, or use a server that has it.',
      };
    case 'extension-limit':
      if (at.text('transactions')) {
        return {
          what: `${capital(at.whole)} would take the message in ${at.text('transactions')} parts only, and takes ${at.text('limit')} messages in one session at most (LIMITS).`,
          next: 'Nothing was sent. Send to some of the recipients at a time.',
        };
      }
      return at.text('extension') === 'LIMITS'
        ? {
            what: `${capital(at.whole)} takes at most ${at.text('limit')} recipients in one message.`,
            next: 'Nothing was sent. Send to some of them at a time.',
          }
        : {
            what: `A value for ${at.text('extension') || 'an extension'} is more than ${at.whole} allows${suffix(at.text('limit'), ': ')}.`,
            next: 'Nothing was sent. Choose another value.',
          };
    case 'source-failed':
      return {
        what: `The message could not be read to its end${suffix(causeOf(failure), ': ')}.`,
        next: 'It was not delivered: the connection was dropped before its end. Check the attached files, then send again.',
      };
    case 'source-changed':
      return {
        what: `A file of the message changed while it was being sent${expected(at)}.`,
        next: 'It was not delivered: the connection was dropped before its end. Send again.',
      };
    case 'fate-unknown':
      return {
        what: `${capital(at.whole)} took the whole message, then the connection ended without an answer: it may or may not have been delivered.`,
        next: LOOK_FIRST,
      };
    case 'not-connected':
      if (reply) {
        const did = (failure.code ?? 0) < 400 ? 'said something that nothing had been asked for' : 'ended the session';
        return { what: `${capital(at.whole)} ${did}${reply}`, next: 'Nothing was sent. Send again.' };
      }
      return { what: `There is no connection to ${at.whole} any more; nothing was sent.`, next: 'Send again.' };
    case 'null-mx':
      return {
        what: `${at.text('domain') || 'The domain'} takes no mail at all: its MX record says so (RFC 7505).`,
        next: 'Check the part after the @.',
      };
    case 'mx-failed':
      return {
        what: `None of the ${at.text('hosts')} mail servers of ${at.text('domain') || 'the domain'} could be used${lastOf(failure, at)}`,
        next: 'The transcript shows each attempt. Many networks block port 25: send through a relay then.',
      };
    case 'stopped':
      return {
        what: `Stopped on request${suffix(at.text('at'), ' at ')}; the message was not delivered.`,
        next: '',
      };
    case 'stop-unreached':
      return {
        what: `The session never came to ${at.text('at')}, where it was to stop; it was ended before the message, which was not delivered.`,
        next: 'Stop somewhere else, or have the server use TLS, or a login, where that is what lacks.',
      };
    default:
      return { what: unreachable(reason, otherwise(failure, at)), next: RETRY };
  }
}

/** Every reason of the engine that is not one of the network's: exhaustive by its type. */
const SMTP_ONLY: Readonly<Record<Exclude<SmtpReason, NetReason>, true>> = {
  refused: true,
  'service-closing': true,
  'malformed-reply': true,
  'reply-too-long': true,
  'unexpected-reply': true,
  'starttls-injection': true,
  'starttls-missing': true,
  'starttls-refused': true,
  'auth-missing': true,
  'auth-no-mechanism': true,
  'auth-needs-tls': true,
  'auth-needs-certificate': true,
  'auth-refused': true,
  'auth-server-unproven': true,
  'auth-channel-binding': true,
  'auth-broken': true,
  'unsafe-argument': true,
  'bad-address': true,
  'no-recipients': true,
  'too-large': true,
  'needs-8bitmime': true,
  'needs-binarymime': true,
  'needs-smtputf8': true,
  'extension-missing': true,
  'extension-limit': true,
  'source-failed': true,
  'source-changed': true,
  'fate-unknown': true,
  'not-connected': true,
  'null-mx': true,
  'mx-failed': true,
  stopped: true,
  'stop-unreached': true,
};

export function isSmtpOnly(reason: SmtpReason): reason is Exclude<SmtpReason, NetReason> {
  return Object.hasOwn(SMTP_ONLY, reason);
}

/** What came of the last of several hosts. */
function lastOf({ cause }: FailureFacts, at: Place): string {
  return isDeliveryFailure(cause) && cause.reason !== 'mx-failed'
    ? `; the last: ${tellFailure(cause, at.server).what}`
    : '.';
}

/** Some servers have no other word for a channel binding that they do not know. */
function unbound(at: Place): string {
  const without = at.text('mechanism').replace('-PLUS', '').toLowerCase();
  return ` If the password is right, the server may know no channel binding of this kind: "auth": ${quoted(without)} logs in without.`;
}

/** `server-error-value` of RFC 5802 section 7. */
function tellChannelBinding(at: Place): Told {
  const unbound = at.text('mechanism').replace('-PLUS', '').toLowerCase();
  if (at.text('fault') === 'unsupported-channel-binding-type') {
    return {
      what: `${capital(at.whole)} offers ${at.text('mechanism')}, but knows no channel binding that this connection has.`,
      next: `No password was sent. Set "auth" to ${quoted(unbound)} to log in without.`,
    };
  }
  return {
    what: `${capital(at.whole)} does not see the TLS connection that was made here: something stands in between.`,
    next: `No password was sent. Where that is a proxy of the server’s own, set "auth" to ${quoted(unbound)}; else use another network.`,
  };
}

const FAULTS: Readonly<Record<string, string>> = {
  'line-break': 'a line break stands in it',
  nul: 'a NUL stands in it',
  control: 'a control character stands in it',
  'unpaired-surrogate': 'half of a character stands in it',
  empty: 'it is empty',
  'local-part': 'the part before the @ is not well-formed',
  domain: 'the part after the @ is not well-formed',
  'not-ascii': 'it takes ASCII only',
  'too-long': 'it is too long',
  space: 'a space stands in it',
  name: 'its name is not made of letters',
  number: 'it is no whole number above 0',
};

/** Of what is no address. */
function argumentFault(code: string): string {
  return code === 'domain' ? 'it is neither a host name nor an address in brackets' : fault(code);
}

function fault(code: string): string {
  return FAULTS[code] ?? (code || 'it is not well-formed');
}

function expected(at: Place): string {
  const wanted = at.number('expected');
  const got = at.number('got');
  return Number.isNaN(wanted) || Number.isNaN(got) ? '' : ` (${octets(wanted)} were expected, ${octets(got)} came)`;
}
