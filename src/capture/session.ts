import { CommandReader } from './command-reader.ts';
import { type Answer, type Chunk, Dialogue, type DialogueOptions, type TlsFacts } from './dialogue.ts';
import type { FaultRule } from './faults.ts';
import type { ReceivedMessage } from './message.ts';
import { formatReply, type Reply, replies, writtenReply } from './replies.ts';
import { TextReader } from './text-reader.ts';
import { envelopeOf } from './transaction.ts';

/** What a session asks of the connection that it runs over. */
export interface SessionPort {
  /** Sends characters as UTF-8, after all that was written before. */
  write(text: string): void;
  /** Begins the TLS handshake on the server's side, then calls `secured`. Nothing read so far belongs to TLS. */
  startTls(): void;
  /** Calls `resume` after so many milliseconds. */
  wait(milliseconds: number): void;
  /** Keeps the message, then calls `kept` or `notKept`. */
  keep(message: ReceivedMessage): void;
  /** Closes once all that was written has gone out. */
  close(): void;
  /** Closes at once. */
  drop(): void;
}

/** RFC 5321 section 4.5.3.1.4 asks for 512 octets; the extensions add to it, DSN most (RFC 3461 section 4). */
const LONGEST_COMMAND = 2048;
/** RFC 4954 section 4. */
const LONGEST_AUTH_LINE = 12288;
const MOST_ERRORS = 50;

/**
 * The server's side of SMTP (RFC 5321) and LMTP (RFC 2033) without sockets: octets go in by `receive`, replies and
 * requests come out by the port. It takes any input and never throws. While it waits for something (a delay, TLS, the
 * store), input is kept and nothing is answered: replies come in the order of the commands (RFC 2920 section 3.2).
 */
export class CaptureSession {
  readonly #options: DialogueOptions;
  readonly #port: SessionPort;
  readonly #dialogue: Dialogue;
  readonly #input = new CommandReader();
  #out = '';
  #state: 'open' | 'tls' | 'closed' = 'open';
  /** What to go on with once a delay is over. */
  #then: (() => void) | undefined;
  /** The client will send no more. */
  #ended = false;
  #errors = 0;
  #text: TextReader | undefined;
  /** What the input is: commands, text up to the final dot, or so many octets of a chunk. */
  #mode: 'commands' | 'text' | (Chunk & { left: number }) = 'commands';
  #bodyFault: FaultRule | undefined;
  /** While the store has the message: a reply to come for each entry, its fault's where it has one. */
  #keeping: readonly (FaultRule | undefined)[] | undefined;
  /** What to part with, once the store has answered. */
  #leaving: Reply | undefined;

  /** `tls` is given where the connection was under TLS from its first octet. */
  constructor(options: DialogueOptions, port: SessionPort, tls?: TlsFacts) {
    this.#options = options;
    this.#port = port;
    this.#dialogue = new Dialogue(options, tls);
  }

  /** Whether it waits for the port, so that more input could only pile up. */
  get waiting(): boolean {
    return this.#then !== undefined || this.#state === 'tls' || this.#keeping !== undefined;
  }

  /** Octets that came and are not yet read. */
  get pending(): number {
    return this.#input.length;
  }

  get closed(): boolean {
    return this.#state === 'closed';
  }

  /** Greets the client. */
  start(): void {
    this.#give(this.#dialogue.greeting());
    this.#run();
  }

  receive(octets: Buffer): void {
    if (this.#state === 'closed') return;
    // RFC 3207 section 4.2, and the lesson of CVE-2011-0411: plain text after STARTTLS must never be read as if it had come under TLS.
    if (this.#state === 'tls') this.#drop();
    else {
      this.#input.push(octets);
      this.#run();
    }
  }

  /** The client will send no more. */
  ended(): void {
    this.#ended = true;
    this.#run();
  }

  /** The delay is over. */
  resume(): void {
    const then = this.#then;
    this.#then = undefined;
    if (this.#state !== 'open') return;
    then?.();
    this.#run();
  }

  /** The message is in the store, under that id. */
  kept(id: string): void {
    this.#answerMessage({ code: 250, enhanced: '2.0.0', text: `Kept as ${id}` });
    this.#run();
  }

  /** It is not; `error` has Node's shape. */
  notKept(error: unknown): void {
    const code = (error as { code?: unknown } | null)?.code;
    this.#answerMessage(code === 'ENOSPC' || code === 'EDQUOT' ? replies.diskFull : replies.notKept);
    this.#run();
  }

  /** The handshake is done. */
  secured(tls: TlsFacts): void {
    if (this.#state !== 'tls') return;
    this.#state = 'open';
    this.#dialogue.secured(tls);
    this.#run();
  }

  /** Nothing came for too long. */
  timedOut(): void {
    this.#part(replies.idle);
  }

  /** The server is being stopped. */
  shutDown(): void {
    this.#part(replies.shuttingDown);
  }

  #part(reply: Reply): void {
    if (this.#state === 'closed') return;
    // Whoever sent a message learns first what became of it.
    if (this.#keeping !== undefined) this.#leaving = reply;
    // In the midst of a handshake there is no way to say anything.
    else if (this.#state === 'tls') this.#drop();
    else {
      this.#then = undefined;
      this.#say(reply);
      this.#close();
    }
  }

  #run(): void {
    while (this.#state === 'open' && !this.waiting && this.#input.length > 0) if (!this.#step()) break;
    if (this.#ended && this.#state === 'open' && !this.waiting) this.#close();
    this.#flush();
  }

  /** Uses up some of the input; false where more of it is needed. */
  #step(): boolean {
    if (this.#mode === 'text') return this.#readText();
    if (this.#mode !== 'commands') return this.#readChunk(this.#mode);
    const line = this.#input.line(this.#dialogue.authenticating ? LONGEST_AUTH_LINE : LONGEST_COMMAND);
    if (line === undefined) return false;
    if ('wrong' in line) {
      this.#give({ reply: line.wrong, wrong: true });
      return true;
    }
    const answer = this.#dialogue.line(line.text);
    if ('reply' in answer) this.#give(answer);
    else {
      if (answer.refusal === undefined && this.#text === undefined) this.#beginText();
      this.#mode = { ...answer, left: answer.size };
      // A chunk of no octets is over before more input can come.
      if (answer.size === 0) this.#readChunk(this.#mode);
    }
    return true;
  }

  /** Says the answer, or lets its fault strike. */
  #give(answer: Answer): void {
    const { fault } = answer;
    this.#pause(fault?.delay ?? 0, () => {
      if (endsStep(fault)) {
        this.#sayFault(fault);
        return;
      }
      answer.effect?.();
      // RSET, or a hello, between two chunks.
      if (this.#dialogue.transaction === undefined) this.#text = undefined;
      this.#say(answer.reply);
      if (answer.next === 'close') this.#close();
      else if (answer.next === 'tls') this.#startTls();
      else if (answer.next === 'text') {
        this.#beginText();
        this.#mode = 'text';
      }
      if (answer.wrong === true && ++this.#errors >= MOST_ERRORS && this.#state === 'open') {
        this.#say(replies.tooManyErrors);
        this.#close();
      }
    });
  }

  #startTls(): void {
    this.#flush();
    if (this.#input.length > 0) this.#drop();
    else {
      this.#state = 'tls';
      this.#port.startTls();
    }
  }

  #beginText(): void {
    this.#text = new TextReader(this.#options.maxSize);
    this.#bodyFault = this.#dialogue.transactionFault('body');
  }

  #readText(): boolean {
    const octets = this.#input.rest();
    const end = this.#text?.push(octets) ?? -1;
    this.#input.used(end === -1 ? octets.length : end);
    if (end !== -1) this.#mode = 'commands';
    this.#midText(() => {
      if (end !== -1) this.#finishText();
    });
    return true;
  }

  #readChunk(chunk: Chunk & { left: number }): boolean {
    const octets = this.#input.rest();
    const take = Math.min(octets.length, chunk.left);
    this.#input.used(take);
    chunk.left -= take;
    if (chunk.refusal === undefined) this.#text?.pushPlain(octets, 0, take);
    if (chunk.left === 0) this.#mode = 'commands';
    this.#midText(() => {
      if (chunk.left > 0) return;
      if (chunk.refusal !== undefined) this.#give({ reply: chunk.refusal, wrong: true });
      else if (chunk.last) this.#finishText();
      else if (this.#text?.tooLarge === true) this.#say(replies.tooLarge);
      else this.#say({ code: 250, enhanced: '2.0.0', text: `${chunk.size} octets taken` });
    });
    return true;
  }

  /** Goes on within the text, after the fault that strikes there, if one does. */
  #midText(normal: () => void): void {
    const fault = this.#bodyFault;
    if (fault === undefined || this.#text === undefined || this.#text.size < (fault.octets ?? 0)) {
      normal();
      return;
    }
    this.#bodyFault = undefined;
    this.#pause(fault.delay ?? 0, () => {
      this.#sayFault(fault);
      if (this.#state === 'open') normal();
    });
  }

  /** All of the text is here: one reply in SMTP, one for each recipient in LMTP (RFC 2033 section 4.2). */
  #finishText(): void {
    const { transaction } = this.#dialogue;
    const text = this.#text;
    if (transaction === undefined || text === undefined) return;
    this.#text = undefined;
    const { recipients } = transaction;
    const groups = this.#options.protocol === 'lmtp' ? recipients.map((recipient) => [recipient]) : [recipients];
    if (text.tooLarge) {
      for (const _ of groups) this.#say(replies.tooLarge);
      this.#dialogue.reset();
      return;
    }
    const faults = groups.map((group) => this.#dialogue.transactionFault('message', group));
    const delay = faults.reduce((sum, fault) => sum + (fault?.delay ?? 0), 0);
    this.#pause(delay, () => {
      this.#keeping = faults;
      const stay = groups.flatMap((group, index) => (endsStep(faults[index]) ? [] : group));
      if (stay.length === 0) {
        this.#answerMessage(replies.notKept);
        return;
      }
      this.#port.keep({
        envelope: envelopeOf(transaction, stay),
        session: this.#dialogue.facts(),
        pieces: text.pieces,
        size: text.size,
        irregularities: transaction.binary ? [] : text.audit.irregularities(transaction.eightBit),
      });
    });
  }

  #answerMessage(reply: Reply): void {
    const faults = this.#keeping ?? [];
    this.#keeping = undefined;
    this.#dialogue.reset();
    this.#errors = 0;
    for (const fault of faults) {
      if (this.#state !== 'open') return;
      if (endsStep(fault)) this.#sayFault(fault);
      else this.#say(reply);
    }
    if (this.#leaving !== undefined) this.#part(this.#leaving);
  }

  #pause(milliseconds: number, then: () => void): void {
    if (milliseconds === 0) {
      then();
      return;
    }
    this.#then = then;
    this.#flush();
    this.#port.wait(milliseconds);
  }

  #sayFault(fault: FaultRule): void {
    if (fault.raw !== undefined) this.#out += fault.raw;
    if (fault.reply !== undefined) this.#say(writtenReply(fault.reply));
    // A reply is still to reach the client; without one the line goes dead at once.
    if (fault.drop === true && fault.reply === undefined && fault.raw === undefined) this.#drop();
    else if (fault.drop === true || fault.reply?.startsWith('421') === true) this.#close();
  }

  #say(reply: Reply): void {
    this.#out += formatReply(reply, !this.#options.without.has('ENHANCEDSTATUSCODES'));
  }

  #flush(): void {
    const out = this.#out;
    this.#out = '';
    if (out !== '') this.#port.write(out);
  }

  #close(): void {
    this.#flush();
    this.#state = 'closed';
    this.#port.close();
  }

  #drop(): void {
    this.#state = 'closed';
    this.#out = '';
    this.#port.drop();
  }
}

/** Whether a fault takes the place of what would have been said. */
function endsStep(fault: FaultRule | undefined): fault is FaultRule {
  return fault !== undefined && (fault.reply !== undefined || fault.raw !== undefined || fault.drop === true);
}
