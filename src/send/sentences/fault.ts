import { FAULT_STEPS, type FaultProblem } from '../../capture/faults.ts';
import { list, quoted, unreachable } from './words.ts';

/** Why an entry of a list of faults is not used. The caller says which list. */
export function faultSentence({ index, code, key = '' }: FaultProblem): string {
  const which = `Fault ${index + 1}`;
  switch (code) {
    case 'not-a-list':
      return 'Faults are a list: write [{ "at": "rcpt", "reply": "550 5.1.1 No such user" }].';
    case 'not-an-object':
      return `${which} is no object: write it as { "at": "rcpt", "reply": "550 5.1.1 No such user" }.`;
    case 'unknown-key':
      return `${which} has ${quoted(key)}, which means nothing: it takes at, match, after, times, delay, reply, raw, drop and octets.`;
    case 'bad-step':
      return `${which} does not say where it strikes: "at" is ${list(FAULT_STEPS, 20, 'or')}.`;
    case 'bad-value':
      return `${which} has a ${quoted(key)} of the wrong kind: after, times, octets and delay (in milliseconds) are whole numbers, drop is true or false, match and raw are text.`;
    case 'bad-reply':
      return `${which} has a "reply" that is none: write a code and a text, as 451 4.7.1 Greylisted.`;
    case 'no-effect':
      return `${which} does nothing: give it a reply, raw, delay or drop.`;
    default:
      return unreachable(code, `${which} can’t be used.`);
  }
}
