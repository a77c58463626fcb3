import { classOf } from './codes.ts';
import { type Delivery, outcomeOf, type RecipientResult } from './delivery.ts';
import type { Reply } from './reply.ts';

type Step = RecipientResult['step'];
type Status = RecipientResult['status'];

/** What is known of each recipient while a transaction goes on. The results as others see them are made at its end. */
export class Results {
  readonly #addresses: readonly string[];
  // One array for each property: a result is settled several times on its way, by RCPT, by the dot, by the last reply.
  readonly #status: Status[] = [];
  readonly #step: Step[] = [];
  readonly #reply: (Reply | undefined)[] = [];
  #last: Reply | undefined;
  /** The next of those accepted by RCPT whose message has no reply yet. */
  #next = 0;

  constructor(recipients: readonly string[]) {
    this.#addresses = recipients;
    // Until anything is said, nothing was taken.
    for (let i = 0; i < recipients.length; i++) {
      this.#status.push('unsent');
      this.#step.push('rcpt');
      this.#reply.push(undefined);
    }
  }

  /** Those that have, or may have, what was sent so far. */
  get accepted(): number {
    let count = 0;
    for (const status of this.#status) if (status === 'accepted' || status === 'unknown') count++;
    return count;
  }

  /** The reply to the RCPT of one. */
  answer(index: number, said: Reply): void {
    this.#set(index, 'rcpt', said);
  }

  /** The message went out: those accepted wait for its reply. */
  inDoubt(): void {
    for (let i = 0; i < this.#status.length; i++) {
      if (this.#status[i] !== 'accepted') continue;
      this.#status[i] = 'unknown';
      this.#step[i] = 'data';
      this.#reply[i] = undefined;
    }
  }

  /** The one reply to the message, of SMTP. */
  answerAccepted(said: Reply): void {
    this.refuseInDoubt('data', said);
    this.#last = said;
  }

  /** The reply for the next of those waiting, of LMTP. */
  answerNext(said: Reply): void {
    while (this.#next < this.#status.length && this.#status[this.#next] !== 'unknown') this.#next++;
    if (this.#next < this.#status.length) this.#set(this.#next, 'data', said);
    this.#last = said;
  }

  refuseInDoubt(step: Step, said: Reply): void {
    this.#setAll('unknown', step, said);
  }

  refuseAccepted(step: Step, said: Reply): void {
    this.#setAll('accepted', step, said);
  }

  refuseRest(step: Step, said: Reply): void {
    this.#setAll('unsent', step, said);
  }

  /** Those not refused already. */
  refuseAll(step: Step, said: Reply): void {
    this.refuseAccepted(step, said);
    this.refuseRest(step, said);
  }

  /** The session ended before the final dot: nobody has anything, whatever RCPT said. */
  cutShort(): void {
    for (let i = 0; i < this.#status.length; i++)
      if (this.#status[i] === 'accepted' && this.#step[i] === 'rcpt') this.#status[i] = 'unsent';
  }

  summary(): Pick<Delivery, 'outcome' | 'recipients'> & { reply?: Reply } {
    const recipients = this.#addresses.map((_, index) => this.#result(index));
    const outcome = outcomeOf(recipients);
    return this.#last === undefined ? { outcome, recipients } : { outcome, recipients, reply: this.#last };
  }

  #result(index: number): RecipientResult {
    const address = this.#addresses[index]!;
    const status = this.#status[index]!;
    const step = this.#step[index]!;
    const reply = this.#reply[index];
    if (reply === undefined) return { address, status, step };
    if (status !== 'refused') return { address, status, step, reply };
    return { address, status, step, reply, transient: classOf(reply.code) === 'transient' };
  }

  #setAll(status: Status, step: Step, said: Reply): void {
    for (let i = 0; i < this.#status.length; i++) if (this.#status[i] === status) this.#set(i, step, said);
  }

  #set(index: number, step: Step, said: Reply): void {
    this.#status[index] = classOf(said.code) === 'completed' ? 'accepted' : 'refused';
    this.#step[index] = step;
    this.#reply[index] = said;
  }
}
