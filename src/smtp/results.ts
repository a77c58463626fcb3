import { classOf } from './codes.ts';
import { type Delivery, outcomeOf, type RecipientResult } from './delivery.ts';
import type { Reply } from './reply.ts';

type Step = RecipientResult['step'];

/** What is known of each recipient while a transaction goes on. */
export class Results {
  readonly #list: RecipientResult[];
  #last: Reply | undefined;
  /** Those accepted by RCPT whose message has no reply yet, by index. */
  #open: number[] = [];

  constructor(recipients: readonly string[]) {
    // Until anything is said, nothing was taken.
    this.#list = recipients.map((address) => ({ address, status: 'unsent', step: 'rcpt' }));
  }

  get accepted(): number {
    let count = this.#open.length;
    for (const one of this.#list) if (one.status === 'accepted') count++;
    return count;
  }

  /** The reply to the RCPT of one. */
  answer(index: number, said: Reply): void {
    this.#set(index, 'rcpt', said);
  }

  /** The message went out: those accepted wait for its reply. */
  inDoubt(): void {
    for (let index = 0; index < this.#list.length; index++) {
      const { address, status } = this.#list[index]!;
      if (status !== 'accepted') continue;
      this.#open.push(index);
      this.#list[index] = { address, status: 'unknown', step: 'data' };
    }
  }

  /** The one reply to the message, of SMTP. */
  answerAccepted(said: Reply): void {
    for (const index of this.#open.splice(0)) this.#set(index, 'data', said);
    this.#last = said;
  }

  /** The reply for the next of those waiting, of LMTP. */
  answerNext(said: Reply): void {
    const index = this.#open.shift();
    if (index !== undefined) this.#set(index, 'data', said);
    this.#last = said;
  }

  refuseInDoubt(step: Step, said: Reply): void {
    for (const index of this.#open.splice(0)) this.#set(index, step, said);
  }

  refuseAccepted(step: Step, said: Reply): void {
    this.#list.forEach((one, index) => {
      if (one.status === 'accepted') this.#set(index, step, said);
    });
  }

  refuseRest(step: Step, said: Reply): void {
    this.#list.forEach((one, index) => {
      if (one.status === 'unsent') this.#set(index, step, said);
    });
  }

  /** Those not refused already. */
  refuseAll(step: Step, said: Reply): void {
    this.refuseAccepted(step, said);
    this.refuseRest(step, said);
  }

  /** The session ended before the final dot: nobody has anything, whatever RCPT said. */
  cutShort(): void {
    this.#list.forEach((one, index) => {
      if (one.status === 'accepted' && one.step === 'rcpt') this.#list[index] = { ...one, status: 'unsent' };
    });
  }

  summary(): Pick<Delivery, 'outcome' | 'recipients' | 'reply'> {
    const recipients = [...this.#list];
    return { outcome: outcomeOf(recipients), recipients, ...(this.#last === undefined ? {} : { reply: this.#last }) };
  }

  #set(index: number, step: Step, said: Reply): void {
    const { address } = this.#list[index]!;
    this.#list[index] =
      classOf(said.code) === 'completed'
        ? { address, status: 'accepted', step, reply: said }
        : { address, status: 'refused', step, reply: said, transient: classOf(said.code) === 'transient' };
  }
}
