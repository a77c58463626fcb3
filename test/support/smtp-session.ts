import { Secrets } from '../../src/net/secrets.ts';
import { capabilitiesOf } from '../../src/smtp/capabilities.ts';
import { print } from '../../src/smtp/command.ts';
import type { Answer, Effect, Session } from '../../src/smtp/effect.ts';
import type { Reply } from '../../src/smtp/reply.ts';
import { ReplyParser } from '../../src/smtp/reply.ts';
import { newState, type SessionState } from '../../src/smtp/state.ts';
import { DotStuffer } from '../../src/smtp/stuffing.ts';
import { asScript, parseScript } from './smtp-script.ts';

/** A state as after EHLO, offering `keywords` (`['PIPELINING', 'SIZE 1000']`). */
export function stateWith(keywords: readonly string[], change: Partial<SessionState> = {}): SessionState {
  const state = newState({
    protocol: 'smtp',
    host: 'mx.example',
    port: 25,
    details: { host: 'mx.example', port: 25 },
    clientName: 'client.example',
    loopback: false,
    secrets: new Secrets(),
    mayPipeline: true,
    meter: { ticks: () => 0, roundTrips: 0 },
  });
  state.capabilities = capabilitiesOf(replyOf(250, 'mx.example', ...keywords));
  return Object.assign(state, change);
}

export function replyOf(code: number, ...lines: string[]): Reply {
  return { code, lines, full: lines.map((line, index) => `${code}${index === lines.length - 1 ? ' ' : '-'}${line}`) };
}

/**
 * Plays a session against a script, without socket or turn of the event loop: replies are fed `size` octets at a time.
 * Gives what the session came to and the conversation as it really went.
 */
export function playSession<T>(
  session: Session<T>,
  text: string,
  size = Number.POSITIVE_INFINITY,
): { value?: T; error?: unknown; said: string } {
  const steps = parseScript(text);
  const said: string[] = [];
  let out: Buffer[] = [];
  const flush = () => {
    said.push(...asScript('C', Buffer.concat(out)));
    out = [];
  };
  const parser = new ReplyParser();
  let fed: Buffer = Buffer.alloc(0);
  let next = 0;
  const perform = (effect: Effect): Answer => {
    switch (effect.do) {
      case 'send':
        return void out.push(Buffer.from(print(effect.command)));
      case 'group':
        return void out.push(Buffer.from(effect.text));
      case 'ready':
        return void out.push(effect.ready.octets);
      case 'line':
        return void out.push(Buffer.from(`${effect.line}\r\n`));
      case 'octets':
        return void out.push(Buffer.from(effect.octets));
      case 'flush':
        return flush();
      case 'message': {
        const stuffer = new DotStuffer();
        out.push(Buffer.from(stuffer.push(effect.source.whole!)));
        if (!effect.unterminated) out.push(stuffer.end());
        return { octets: stuffer.taken };
      }
      case 'reply': {
        flush();
        while (steps[next]?.side === 'C') next++;
        for (;;) {
          const parsed = parser.next(fed.length === 0 && steps[next] === undefined);
          if (parsed !== 'incomplete') {
            if ('fault' in parsed) throw new Error(parsed.fault.fault);
            said.push(...asScript('S', Buffer.from(parsed.reply.full.map((line) => `${line}\r\n`).join(''), 'latin1')));
            return parsed.reply;
          }
          if (fed.length === 0) {
            const step = steps[next++];
            if (step?.side !== 'S') throw new Error(`the script has no reply here: ${said.join(' | ')}`);
            fed = step.octets;
          }
          parser.feed(fed.subarray(0, size));
          fed = fed.subarray(Math.min(size, fed.length));
        }
      }
      default:
        throw new Error(`not in this harness: ${effect.do}`);
    }
  };
  let answer: Answer;
  let thrown: { error: unknown } | undefined;
  try {
    for (;;) {
      const step: IteratorResult<Effect, T> = thrown === undefined ? session.next(answer) : session.throw(thrown.error);
      thrown = undefined;
      if (step.done) {
        flush();
        return { value: step.value, said: said.join('\n') };
      }
      try {
        answer = perform(step.value);
      } catch (error) {
        thrown = { error };
      }
    }
  } catch (error) {
    flush();
    return { error, said: said.join('\n') };
  }
}
