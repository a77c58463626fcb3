import type { FailureFacts } from '../../base/errors.ts';
import type { NetReason } from '../../net/reasons.ts';
import type { TimeoutPhase } from '../../net/timeouts.ts';
import { isNamed, labelOf } from '../server.ts';
import { capital, otherwise, type Place, RETRY, STEP_WORDS, said, suffix, type Told, tls } from './place.ts';
import { seconds, unreachable } from './words.ts';

const PHASE_WORDS: Readonly<Record<TimeoutPhase, string>> = {
  dns: 'the name servers',
  connect: 'the connection',
  tls: 'the TLS handshake',
  greeting: 'the greeting',
  command: 'the reply to a command',
  dataStart: 'the reply to DATA',
  block: 'the server to take more of the message',
  final: 'the reply to the message',
  quit: 'the reply to QUIT',
  total: 'the whole session to end',
};

export function tellNet(reason: NetReason, failure: FailureFacts, at: Place): Told {
  switch (reason) {
    case 'no-such-host':
      if (at.text('domain')) {
        return {
          what: `The domain ${at.text('domain')} does not exist, or has no mail server.`,
          next: 'Check the part after the @.',
        };
      }
      return {
        what: `The name ${at.host || at.address}${isNamed(at.server) ? ` of ${labelOf(at.server)}` : ''} does not exist, or has no address.`,
        next: 'Check its spelling; if only an office network or a VPN knows it, connect to that first.',
      };
    case 'dns-failed':
      return {
        what: `The address of ${at.host || at.address} could not be looked up${suffix(at.text('nameServers'), ' at ')}${suffix(at.text('code'), ': ')}.`,
        next: at.text('nameServers')
          ? 'Check "nameServers" of the server’s settings, and the network connection of this machine, then send again.'
          : 'Check the network connection of this machine, then send again.',
      };
    case 'connection-refused':
      return {
        what: `Nothing accepts connections at ${at.whole}: the connection was refused.`,
        next: 'Check the port, and that the mail server is running.',
      };
    case 'unreachable':
      return {
        what: `There is no way from this machine to ${at.whole}${suffix(at.text('code'), ': ')}.`,
        next: 'Check the network connection, a VPN or a firewall in between.',
      };
    case 'connection-reset':
      return {
        what: `${capital(at.whole)} dropped the connection while it was being made.`,
        next: 'Check that the port is right, and that no firewall stands in between; then send again.',
      };
    case 'no-such-socket':
      return {
        what: `There is no Unix socket at ${at.text('path') || at.address}.`,
        next: 'Check "path", and that the mail server is running.',
      };
    case 'permission-denied':
      return {
        what: `This user may not connect to ${at.address}.`,
        next: 'Check the permissions of the socket, or a firewall that forbids it.',
      };
    case 'local-address':
      if (at.text('family')) {
        return {
          what: `"localAddress" ${at.text('localAddress')} is IPv${at.text('family')}, and ${at.whole} has no address of that kind.`,
          next: 'Take it out, or give one of the other kind.',
        };
      }
      return {
        what: `"localAddress" ${at.text('localAddress')} is no address of this machine.`,
        next: 'Take it out, or give one that this machine has.',
      };
    case 'connect-failed':
      return {
        what: `Connecting to ${at.whole} failed${suffix(at.text('code'), ': ')}.`,
        next: 'Check the host, the port and the network connection.',
      };
    case 'proxy-unreachable':
      return {
        what: `The proxy ${at.text('proxy')} can’t be reached${suffix(at.text('code'), ': ')}.`,
        next: 'Check "proxy", and that the proxy is running.',
      };
    case 'proxy-refused':
      return {
        what: `The proxy ${at.text('proxy')} would not connect to ${at.address}${said(at.text('answer')) || '.'}`,
        next: 'Ask for that host and port to be allowed, or leave "proxy" out.',
      };
    case 'proxy-authentication':
      return {
        what: `The proxy ${at.text('proxy')} wants another user or password${said(at.text('answer')) || '.'}`,
        next: 'Check the user in "proxy", and its password.',
      };
    case 'proxy-broken':
      return {
        what: `What answers at ${at.text('proxy')} does not talk as a proxy does${said(at.text('answer')) || '.'}`,
        next: 'Check the port in "proxy", and whether it is socks5:// or http://.',
      };
    case 'certificate-expired':
      return {
        what: `The certificate of ${at.whole} expired${suffix(at.day('validTo'), ' on ')}.`,
        next: 'Have it renewed. Check this machine’s clock too. For a test server, "tls": { "verify": false } goes on without checking.',
      };
    case 'certificate-not-yet-valid':
      return {
        what: `The certificate of ${at.whole} is not valid yet${suffix(at.day('validFrom'), ', but from ')}.`,
        next: 'Check this machine’s clock. For a test server, "tls": { "verify": false } goes on without checking.',
      };
    case 'certificate-wrong-host':
      return {
        what: `The certificate of ${at.whole} is not for ${at.host || 'that name'}${suffix(at.text('names'), ', but for ')}.`,
        next: 'Use the name that the certificate is for as "host", or give it as "tls": { "serverName": … }.',
      };
    case 'certificate-self-signed':
      return {
        what: `The certificate of ${at.whole} is signed by itself, so nobody vouches for it.`,
        next: 'If it is your own server, name its certificate in "tls": { "ca": … }; for a test server, "tls": { "verify": false } goes on without checking.',
      };
    case 'certificate-untrusted':
      return {
        what: `The certificate of ${at.whole} is not issued by an authority that this machine trusts${suffix(at.text('issuer'), ', but by ')}.`,
        next: 'Name the certificate of that authority in "tls": { "ca": … }.',
      };
    case 'certificate-invalid':
      return {
        what: `The certificate of ${at.whole} does not verify${suffix(at.text('code'), ': ')}.`,
        next: 'Have it replaced; for a test server, "tls": { "verify": false } goes on without checking.',
      };
    case 'tls-too-old':
      return {
        what: `${capital(at.whole)} and this side have no version of TLS in common.`,
        next: 'If the server is old, allow it with "tls": { "minVersion": "TLSv1" }; if it is yours, update it.',
      };
    case 'not-tls':
      return {
        what: `What ${at.whole} answers is not TLS.`,
        next:
          'security' in at.server && at.server.security === 'tls'
            ? 'That port talks plain text at first: set "security" to "starttls" (port 587), or use the port for TLS (465).'
            : 'It accepted STARTTLS and then did not begin TLS: look into its log, or use the port for TLS (465).',
      };
    case 'client-certificate':
      return {
        what: `${capital(at.whole)} wants a client certificate, or does not accept the one it got.`,
        next: 'Give "tls": { "certificate": …, "key": … } as the server’s operator gave them.',
      };
    case 'tls-settings':
      return {
        what: `The certificate, key or CA file of ${labelOf(at.server)} can’t be used${suffix(at.text('code'), ': ')}.`,
        next: 'Check that they are PEM files that belong together, and the passphrase.',
      };
    case 'tls-failed':
      return {
        what: `The TLS handshake with ${at.whole} failed${suffix(at.text('code'), ': ')}.`,
        next: 'Check "security" and the port; the last lines of the transcript say more.',
      };
    case 'closed':
      return {
        what: `${capital(at.whole)} closed the connection during ${STEP_WORDS[failure.step]}${suffix(at.text('code'), ': ')}.`,
        next:
          failure.step === 'greeting'
            ? closedAtGreeting(at)
            : `${RETRY} If that happens every time, look into the server’s log.`,
      };
    case 'timeout': {
      const phase = PHASE_WORDS[at.text('phase') as TimeoutPhase] ?? STEP_WORDS[failure.step];
      const limit = at.number('seconds');
      const after = Number.isNaN(limit) ? ' after a long time' : ` after ${seconds(limit * 1000)}`;
      return {
        what: `Gave up on ${at.whole}${after} of waiting for ${phase}.`,
        next:
          failure.step === 'connect'
            ? 'Check the host and the port: many networks block port 25, and some 465 and 587.'
            : failure.step === 'greeting'
              ? 'A server that says nothing may want TLS at once: set "security" to "tls". Else give it longer in "timeouts".'
              : `${failure.step === 'quit' || failure.step === 'command' ? '' : 'Nothing was delivered. '}Try again later, or give it longer in "timeouts".`,
      };
    }
    case 'aborted':
      return { what: `Sending to ${at.whole} was cancelled during ${STEP_WORDS[failure.step]}.`, next: '' };
    default:
      return { what: unreachable(reason, otherwise(failure, at)), next: RETRY };
  }
}

function closedAtGreeting(at: Place): string {
  return tls(at.server)
    ? 'It may not take connections from this address: look into the server’s log.'
    : 'A server that wants TLS at once does that: set "security" to "tls". Else look into the server’s log.';
}
