import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { SendOptions } from '../../../src/smtp/options.ts';
import { deliverAll } from '../../../src/smtp/transaction.ts';
import { job, upcoming } from '../../support/smtp-job.ts';
import { playSession, stateWith } from '../../support/smtp-session.ts';

describe('smtp stop points', () => {
  const stops: [SendOptions['stop'], string][] = [
    [{ at: 'mail', before: 'reply', how: 'drop' }, 'C: MAIL FROM:<ann@a.example>'],
    [{ at: 'mail', before: 'next', how: 'quit' }, 'C: MAIL FROM:<ann@a.example>\nS: 250 1\nC: QUIT\nS: 221 Bye'],
    [{ at: 'mail', before: 'reply', how: 'quit' }, 'C: MAIL FROM:<ann@a.example>\nC: QUIT\nS: 250 1\nS: 221 Bye'],
    [{ at: 'rcpt', before: 'reply', how: 'drop' }, 'C: MAIL FROM:<ann@a.example>\nS: 250 1\nC: RCPT TO:<a@b.example>'],
    [
      { at: 'data', before: 'next', how: 'drop' },
      'C: MAIL FROM:<ann@a.example>\nS: 250 1\nC: RCPT TO:<a@b.example>\nS: 250 2\nC: DATA\nS: 354 3',
    ],
    [
      { at: 'message', before: 'command', how: 'drop' },
      'C: MAIL FROM:<ann@a.example>\nS: 250 1\nC: RCPT TO:<a@b.example>\nS: 250 2\nC: DATA\nS: 354 3\nC: Hi',
    ],
    [
      { at: 'message', before: 'reply', how: 'drop' },
      'C: MAIL FROM:<ann@a.example>\nS: 250 1\nC: RCPT TO:<a@b.example>\nS: 250 2\nC: DATA\nS: 354 3\nC: Hi\nC: .',
    ],
  ];
  for (const [stop, text] of stops) {
    it(`${stop!.how} at ${stop!.at} before ${stop!.before}`, () => {
      const state = stateWith(['PIPELINING']);
      const one = job(['a@b.example'], { stop: stop! });
      // Events belong to the transcript.
      const session = withoutEvents(deliverAll(state, one, upcoming([])));
      const { said } = playSession(session, text);
      assert.equal(said, text);
      assert.equal(one.delivery?.stopped, true);
      assert.equal(one.delivery?.outcome, stop!.at === 'message' && stop!.before === 'reply' ? 'unknown' : 'unsent');
      assert.equal(state.spent, true);
    });
  }
});

function* withoutEvents(session: ReturnType<typeof deliverAll>): ReturnType<typeof deliverAll> {
  let step = session.next();
  while (!step.done) {
    let answer: unknown;
    try {
      answer = step.value.do === 'event' ? undefined : yield step.value;
    } catch (error) {
      step = session.throw(error);
      continue;
    }
    step = session.next(answer);
  }
}
