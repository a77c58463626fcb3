import type { Step } from '../../base/errors.ts';
import { providerOf } from '../providers.ts';

/** What a reply that says no comes with. */
export interface NegativeReply {
  readonly step: Step;
  readonly code?: number;
  /** RFC 3463: `5.7.1`. */
  readonly enhanced?: string;
  readonly lines?: readonly string[];
}

/**
 * What to do about a refusal, in a sentence: by the enhanced status code where there is one (RFC 3463, RFC 7372, RFC
 * 7505), else by the code and the step (RFC 5321 section 4.2), else by words that servers use. Empty where there is
 * nothing better to say than what the server said.
 */
export function adviceFor(reply: NegativeReply, host = ''): string {
  return byStep(reply, host) || byEnhanced(reply) || byCode(reply);
}

function byStep({ step, code, enhanced, lines }: NegativeReply, host: string): string {
  const text = (lines ?? []).join(' ').toLowerCase();
  const needsLogin = code === 530 || /authenticat|log ?in (first|required)|not logged in|unauthenticated/.test(text);
  if ((step === 'mail' || step === 'rcpt' || step === 'data') && needsLogin && !/spf|dkim|dmarc/.test(text)) {
    return 'The server wants a login first: give the server a "user", and its password.';
  }
  if (step === 'rcpt' && /relay/.test(text)) {
    return 'The server does not pass mail on to that domain for strangers: log in, or use the server that the domain’s own mail goes to.';
  }
  if (step === 'rcpt' && code === 450 && /gr[ae]y ?list/.test(text)) {
    return 'The server puts off senders it does not know yet (greylisting): try again in some minutes.';
  }
  if (step === 'mail' && (enhanced?.startsWith('5.7') || code === 550 || code === 553)) {
    return providerOf(host)
      ? 'It takes mail only from addresses of the account that logged in: use that address in From, or in @envelope-from.'
      : 'Use a sender address that the server knows, in From or in @envelope-from.';
  }
  if (step === 'data' && /spam|junk|blocked|reputation|blacklist|blocklist/.test(text)) {
    return 'The server takes the message for unwanted mail: look at its text and links, and at the sending address.';
  }
  if (step !== 'rcpt' && /too many (e?-?mails?|messages)|rate ?limit|throttl|rate exceeded|too fast/.test(text)) {
    return 'Mail comes faster than the server takes it: give it "pool": { "rate": 1 }, in messages a second, and send what is left in some minutes.';
  }
  if (step === 'ehlo') return 'Give the server another "clientName", or try "hello": "helo".';
  if (step === 'greeting') {
    return 'It takes no mail from this address at all: ask who runs it, or go through the submission port (587) with a login.';
  }
  if (step === 'auth' && code === 454) return 'Its login is out of order for the moment: try again in some minutes.';
  if (step === 'auth' && (code === 534 || enhanced === '5.7.9')) {
    return providerOf(host)?.password ?? 'It wants another way to log in: set "auth" to one that it offers.';
  }
  return '';
}

const ENHANCED: Readonly<Record<string, string>> = {
  '1.1': 'There is no such mailbox: check the part before the @.',
  '1.2': 'There is no such domain for mail: check the part after the @.',
  '1.3': 'The address is not written as the server wants it: check it for stray characters.',
  '1.6': 'The mailbox has moved: ask for the new address.',
  '1.7': 'The server can’t make sense of the sender’s address: check From and @envelope-from.',
  '1.8': 'The server finds no mail domain behind the sender’s address: use one that exists in From or @envelope-from.',
  '1.10': 'That domain takes no mail at all (null MX): check the part after the @.',
  '2.1': 'The mailbox is switched off: use another address.',
  '2.2': 'The mailbox is full: use another address, or try again later.',
  '2.3': 'The message is too large for that mailbox: attach less.',
  '3.1': 'The server’s disk is full: try again later, or tell who runs it.',
  '3.4': 'The message is too large for the server: attach less.',
  '4.3': 'The server could not look up where to route it: try again later.',
  '4.5': 'The server is too busy: try again in some minutes.',
  '4.7': 'The message waited too long: try again later.',
  '5.3': 'It takes fewer recipients in one message: send to some of them at a time.',
  '6.1': 'The server does not take that kind of content.',
  '6.7': 'The server has no way to deliver to an address beyond ASCII (SMTPUTF8): use an ASCII address.',
  '7.1':
    'It is against the server’s rules: check whether this sender may write to this recipient here, and whether a login is wanted.',
  '7.7': 'The message came out changed on the way: check what stands between here and the server.',
  '7.8': 'User or password are wrong.',
  '7.20': 'The server wants a DKIM signature that verifies: sign with @dkim, or send through the domain’s own server.',
  '7.23': 'The sender’s domain does not allow mail from this machine (SPF): send through the domain’s own server.',
  '7.24': 'The server could not check SPF: try again later.',
  '7.25': 'This machine’s address has no name in DNS (PTR): send through a relay that has one.',
  '7.26': 'The message passes neither SPF nor DKIM: send through the domain’s own server, or sign with @dkim.',
  '7.27': 'The sender’s domain says that it sends no mail (null MX): use another address in From or @envelope-from.',
  '7.28': 'Too much mail came from here: wait before sending more.',
};

function byEnhanced({ enhanced }: NegativeReply): string {
  return enhanced === undefined ? '' : (ENHANCED[enhanced.slice(enhanced.indexOf('.') + 1)] ?? '');
}

function byCode({ code, step }: NegativeReply): string {
  if (code === undefined) return '';
  if (code === 552 || code === 523) return 'It is too much for the server or the mailbox: attach less.';
  if (step === 'rcpt' && (code === 550 || code === 551 || code === 553 || code === 556)) return 'Check the address.';
  if (code === 421 || code === 450 || code === 451) return 'Try again in some minutes.';
  if (code === 452)
    return 'The server is short of room, or takes fewer recipients at a time: try again later, or send to fewer.';
  if (code === 555 || code === 504) return 'The server does not know an option that was asked for: leave it out.';
  if (code >= 500 && code <= 503)
    return 'The server does not understand what it was told: look at the last lines of the transcript.';
  return code < 500 ? 'Try again later.' : '';
}
