import { type AuthExchange, type AuthStep, beginAuth } from './authentication.ts';
import { type Extension, ehloLines, type Offer, offers } from './extensions.ts';
import type { FaultPlan, FaultRule } from './faults.ts';
import type { CapturedSession } from './message.ts';
import { type Reply, replies } from './replies.ts';
import { readMail, readRcpt, type Transaction } from './transaction.ts';

export interface DialogueOptions {
  readonly protocol: 'smtp' | 'lmtp';
  /** The server's name. */
  readonly hostname: string;
  /** The client's address and port. */
  readonly client: { readonly address: string; readonly port: number };
  /** Octets of a message. */
  readonly maxSize: number;
  readonly maxRecipients: number;
  /** Whether there is a certificate, so that STARTTLS can be offered. */
  readonly startTls: boolean;
  /** EHLO keywords, in capitals, that are not offered. */
  readonly without: ReadonlySet<string>;
  readonly faults: FaultPlan;
}

export interface TlsFacts {
  readonly version: string;
  readonly cipher: string;
}

/** The answer to a line: a value, so that the session can let a fault take its place. */
export interface Answer {
  readonly reply: Reply;
  /** What strikes instead, if anything does. */
  readonly fault?: FaultRule | undefined;
  /** What changes where the reply is given, and does not where a fault takes its place. */
  readonly effect?: () => void;
  /** What the session does once it has been said. */
  readonly next?: 'close' | 'tls' | 'text';
  /** Whether the command was wrong in itself. */
  readonly wrong?: true;
}

/** A BDAT command (RFC 3030 section 2): its octets follow unasked, whether they are wanted or not. */
export interface Chunk {
  readonly size: number;
  readonly last: boolean;
  readonly refusal: Reply | undefined;
}

/** What a browser says when a web page makes it speak to this port. */
const webRequest = /^(?:GET|POST|PUT|HEAD|DELETE|OPTIONS|PATCH|CONNECT|TRACE) /i;

/**
 * The commands of SMTP (RFC 5321) and LMTP (RFC 2033) and the state that they build up: who the client is and what
 * transaction is under way. It reads lines and gives answers; octets and waiting are the session's.
 */
export class Dialogue {
  readonly #options: DialogueOptions;
  #hello: string | undefined;
  #extended = false;
  #tls: TlsFacts | undefined;
  #user: string | undefined;
  #auth: AuthExchange | undefined;
  #transaction: Transaction | undefined;
  /** Set from DATA's 354, or the first BDAT, to the end of the transaction. */
  #textBegun = false;

  constructor(options: DialogueOptions, tls: TlsFacts | undefined) {
    this.#options = options;
    this.#tls = tls;
  }

  get transaction(): Transaction | undefined {
    return this.#transaction;
  }

  /** Whether the next line belongs to an AUTH exchange. */
  get authenticating(): boolean {
    return this.#auth !== undefined;
  }

  greeting(): Answer {
    const { client, faults, hostname, protocol } = this.#options;
    return {
      reply: { code: 220, text: `${hostname} ${protocol === 'lmtp' ? 'LMTP' : 'ESMTP'}` },
      fault: faults.strike('connect', [client.address]),
    };
  }

  /** Takes a line without its CRLF. */
  line(line: string): Answer | Chunk {
    if (this.#auth !== undefined) return this.#authenticate(this.#auth, this.#auth.next(line));
    // A web page can make a browser post to a port of this machine; nothing it sends may count as commands.
    if (webRequest.test(line)) return { reply: replies.webClient, next: 'close' };
    const space = line.indexOf(' ');
    const verb = (space === -1 ? line : line.slice(0, space)).toUpperCase();
    return this.#command(verb, space === -1 ? '' : line.slice(space + 1).trim());
  }

  #command(verb: string, argument: string): Answer | Chunk {
    const { faults } = this.#options;
    switch (verb) {
      case 'EHLO':
      case 'HELO':
      case 'LHLO':
        return this.#greet(verb, argument);
      case 'STARTTLS':
        return this.#startTls(argument);
      case 'AUTH':
        return this.#beginAuth(argument);
      case 'MAIL':
        return this.#mail(argument);
      case 'RCPT':
        return this.#rcpt(argument);
      case 'DATA':
        return this.#data(argument);
      case 'BDAT':
        return this.#bdat(argument);
      case 'RSET':
        if (argument !== '') return wrong(replies.noArguments);
        return { reply: replies.ok, fault: faults.strike('rset', []), effect: () => this.reset() };
      case 'NOOP':
        return { reply: replies.ok };
      case 'HELP':
        return this.#offers('HELP') ? { reply: replies.help } : wrong(replies.unknownCommand);
      case 'VRFY':
        // RFC 5321 section 3.5.3: 252 where there is nothing to look the name up in.
        return argument === '' ? wrong(replies.argumentMissing) : { reply: replies.cannotVerify };
      case 'EXPN':
        return argument === '' ? wrong(replies.argumentMissing) : { reply: replies.noSuchList };
      case 'QUIT':
        if (argument !== '') return wrong(replies.noArguments);
        return { reply: replies.bye, fault: faults.strike('quit', []), next: 'close' };
      default:
        return wrong(replies.unknownCommand);
    }
  }

  #greet(verb: 'EHLO' | 'HELO' | 'LHLO', name: string): Answer {
    const { faults, hostname, protocol } = this.#options;
    // RFC 2033 section 4.1: LMTP has LHLO in the place of both others.
    if ((verb === 'LHLO') !== (protocol === 'lmtp'))
      return wrong(verb === 'LHLO' ? replies.wantsEhlo : replies.wantsLhlo);
    if (name === '') return wrong(replies.nameMissing);
    const extended = verb !== 'HELO';
    return {
      reply: { code: 250, text: extended ? [hostname, ...ehloLines(this.#offer())] : hostname },
      fault: faults.strike('hello', [name]),
      effect: () => {
        this.#hello = name;
        this.#extended = extended;
        // RFC 5321 section 4.1.4: a hello is a RSET too.
        this.reset();
      },
    };
  }

  #startTls(argument: string): Answer {
    if (argument !== '') return wrong(replies.noArguments);
    if (this.#tls !== undefined) return wrong(replies.alreadyTls);
    if (!this.#offers('STARTTLS')) return wrong(replies.notOffered);
    return { reply: replies.startTls, fault: this.#options.faults.strike('starttls', []), next: 'tls' };
  }

  #beginAuth(argument: string): Answer {
    if (!this.#extended) return wrong(replies.authWantsEhlo);
    if (!this.#offers('AUTH')) return wrong(replies.notOffered);
    if (this.#user !== undefined) return wrong(replies.alreadyAuthenticated);
    if (this.#transaction !== undefined) return wrong(replies.nestedMail);
    const [mechanism = '', initial] = argument.split(/ +/);
    const begun = beginAuth(mechanism.toUpperCase(), initial);
    return begun === undefined ? wrong(replies.unknownMechanism) : this.#authenticate(begun.exchange, begun.step);
  }

  #authenticate(exchange: AuthExchange, step: AuthStep): Answer {
    this.#auth = 'challenge' in step ? exchange : undefined;
    if ('challenge' in step) return { reply: { code: 334, text: step.challenge } };
    if ('refused' in step) return wrong(step.refused);
    return {
      reply: replies.authenticated,
      fault: this.#options.faults.strike('auth', [step.user]),
      effect: () => {
        this.#user = step.user;
      },
    };
  }

  #mail(argument: string): Answer {
    if (this.#hello === undefined) return wrong(replies.helloFirst);
    if (this.#transaction !== undefined) return wrong(replies.nestedMail);
    const read = readMail(argument, this.#extended, this.#offer());
    if ('code' in read) return wrong(read);
    return {
      reply: replies.senderOk,
      fault: this.#options.faults.strikeEnvelope('mail', read.sender, []),
      effect: () => {
        this.#transaction = read;
      },
    };
  }

  #rcpt(argument: string): Answer {
    const transaction = this.#transaction;
    if (transaction === undefined) return wrong(replies.mailFirst);
    if (this.#textBegun) return wrong(replies.rcptAfterText);
    const read = readRcpt(argument, transaction, this.#extended, this.#offer());
    if ('code' in read) return wrong(read);
    // RFC 5321 section 4.5.3.1.10: those beyond the limit are refused one by one, the others stay.
    if (transaction.recipients.length >= this.#options.maxRecipients) return { reply: replies.tooManyRecipients };
    return {
      reply: replies.recipientOk,
      fault: this.#options.faults.strikeEnvelope('rcpt', undefined, [read.address]),
      effect: () => transaction.recipients.push(read),
    };
  }

  /** Why no text may come now, if none may. */
  #textRefusal(): Reply | undefined {
    if (this.#transaction === undefined) return replies.mailFirst;
    if (this.#transaction.recipients.length > 0) return undefined;
    // RFC 2033 section 4.2 has 503 here; RFC 5321 section 3.3 prefers 554.
    return this.#options.protocol === 'lmtp' ? replies.noRecipientsLmtp : replies.noRecipients;
  }

  #data(argument: string): Answer {
    if (argument !== '') return wrong(replies.noArguments);
    if (this.#textBegun) return wrong(replies.dataAfterBdat);
    const refusal = this.#textRefusal();
    if (refusal !== undefined) return wrong(refusal);
    // RFC 3030 section 3.
    if (this.#transaction?.binary === true) return wrong(replies.binaryWantsBdat);
    return {
      reply: replies.startText,
      fault: this.transactionFault('data'),
      effect: () => {
        this.#textBegun = true;
      },
      next: 'text',
    };
  }

  #bdat(argument: string): Answer | Chunk {
    if (!this.#offers('CHUNKING')) return wrong(replies.unknownCommand);
    const match = /^(\d{1,15})( +LAST)?$/i.exec(argument);
    // Where a chunk of unknown size ends can't be told, so none of what follows can be told from commands.
    if (match === null) return { reply: replies.bdatSyntax, next: 'close' };
    const refusal = this.#textRefusal();
    if (refusal === undefined) this.#textBegun = true;
    return { size: Number(match[1]), last: match[2] !== undefined, refusal };
  }

  /** The fault that strikes at a step of the transaction, for those of its recipients or all. */
  transactionFault(
    step: 'data' | 'body' | 'message',
    recipients = this.#transaction?.recipients,
  ): FaultRule | undefined {
    const addresses = recipients?.map((recipient) => recipient.address) ?? [];
    return this.#options.faults.strikeEnvelope(step, this.#transaction?.sender, addresses);
  }

  /** Ends the transaction, if there is one (RFC 5321 section 4.1.1.5). */
  reset(): void {
    this.#transaction = undefined;
    this.#textBegun = false;
  }

  /** TLS is on. Whatever was learnt before is forgotten (RFC 3207 section 4.2). */
  secured(tls: TlsFacts): void {
    this.#tls = tls;
    this.#hello = undefined;
    this.#extended = false;
    this.#user = undefined;
    this.reset();
  }

  /** The session as the record of a message tells it. */
  facts(): CapturedSession {
    const { client, protocol } = this.#options;
    const utf8 = this.#transaction?.utf8 === true;
    // RFC 3848 and RFC 6531 section 4.3: S after TLS, A after AUTH, and UTF8 in the place of the E.
    const base = protocol === 'lmtp' ? 'LMTP' : this.#extended && !utf8 ? 'ESMTP' : 'SMTP';
    const marks = `${this.#tls === undefined ? '' : 'S'}${this.#user === undefined ? '' : 'A'}`;
    return {
      address: client.address,
      port: client.port,
      hello: this.#hello ?? '',
      protocol: `${utf8 ? 'UTF8' : ''}${base}${marks}`,
      ...(this.#tls !== undefined && { tls: this.#tls }),
      ...(this.#user !== undefined && { user: this.#user }),
    };
  }

  #offer(): Offer {
    const { without, maxSize, startTls } = this.#options;
    return { without, maxSize, tlsPossible: startTls && this.#tls === undefined };
  }

  #offers(extension: Extension): boolean {
    return offers(extension, this.#offer());
  }
}

function wrong(reply: Reply): Answer {
  return { reply, wrong: true };
}
