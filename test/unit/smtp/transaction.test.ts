import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { DeliveryFailure } from '../../../src/base/errors.ts';
import type { Delivery } from '../../../src/smtp/delivery.ts';
import type { SessionState } from '../../../src/smtp/state.ts';
import { deliverAll, type Job } from '../../../src/smtp/transaction.ts';
import { job, type Outcome, upcoming } from '../../support/smtp-job.ts';
import { script } from '../../support/smtp-server.ts';
import { playSession, stateWith } from '../../support/smtp-session.ts';

/** Plays jobs through one session, fed in three sizes; each must say exactly what the script says. */
function play(
  make: () => SessionState,
  jobs: () => (Job & Outcome)[],
  text: string,
): { state: SessionState; jobs: (Job & Outcome)[] } {
  let last: { state: SessionState; jobs: (Job & Outcome)[] } | undefined;
  for (const size of [Number.POSITIVE_INFINITY, 7, 1]) {
    const state = make();
    const all = jobs();
    const waiting = all.slice(1);
    const { said, error } = playSession(deliverAll(state, all[0]!, upcoming(waiting)), text, size);
    assert.equal(error, undefined);
    assert.equal(said, script(text));
    last = { state, jobs: all };
  }
  return last!;
}

/** `bob@b.example accepted data 250` */
function brief(delivery: Delivery | undefined): string[] {
  return (delivery?.recipients ?? []).map(
    (one) => `${one.address} ${one.status} ${one.step} ${one.reply?.code ?? '-'}${one.transient ? ' transient' : ''}`,
  );
}

const pipelining = () => stateWith(['PIPELINING', 'SIZE 1000', '8BITMIME', 'SMTPUTF8', 'DSN']);
const plain = () => stateWith([]);
const lmtp = () => stateWith(['PIPELINING'], { protocol: 'lmtp' });

describe('smtp/transaction', () => {
  it('sends one command at a time where nothing else is offered', () => {
    const { jobs } = play(
      plain,
      () => [job(['bob@b.example', 'carl@b.example'])],
      `
      C: MAIL FROM:<ann@a.example>
      S: 250 2.1.0 Ok
      C: RCPT TO:<bob@b.example>
      S: 250 2.1.5 Ok
      C: RCPT TO:<carl@b.example>
      S: 550 5.1.1 No such user
      C: DATA
      S: 354 Go ahead
      C: Hi
      C: .
      S: 250 2.0.0 Queued as 1
      `,
    );
    assert.equal(jobs[0]!.delivery?.outcome, 'partial');
    assert.deepEqual(brief(jobs[0]!.delivery), ['bob@b.example accepted data 250', 'carl@b.example refused rcpt 550']);
    assert.equal(jobs[0]!.delivery?.reply?.full[0], '250 2.0.0 Queued as 1');
    assert.equal(jobs[0]!.delivery?.failure, undefined);
    assert.equal(jobs[0]!.delivery?.sent, 4);
  });

  it('groups the envelope, and each message with the next envelope', () => {
    const { jobs } = play(
      pipelining,
      () => [job(['bob@b.example']), job(['carl@b.example']), job(['dora@b.example'])],
      `
      C: MAIL FROM:<ann@a.example> SIZE=4
      C: RCPT TO:<bob@b.example>
      C: DATA
      S: 250 2.1.0 Ok
      S: 250 2.1.5 Ok
      S: 354 Go ahead
      C: Hi
      C: .
      C: MAIL FROM:<ann@a.example> SIZE=4
      C: RCPT TO:<carl@b.example>
      C: DATA
      S: 250 2.0.0 Queued as 1
      S: 250 2.1.0 Ok
      S: 550 5.1.1 No such user
      S: 554 5.5.1 No valid recipients
      C: RSET
      S: 250 2.0.0 Ok
      `,
    );
    assert.equal(jobs[0]!.delivery?.outcome, 'accepted');
    assert.equal(jobs[1]!.delivery?.outcome, 'refused');
    assert.equal(jobs[1]!.delivery?.failure?.step, 'rcpt');
    assert.equal(jobs[1]!.delivery?.failure?.enhanced, '5.1.1');
    assert.equal(jobs[1]!.delivery?.failure?.sessionSurvives, true);
    // A group that ended in nothing breaks the chain; the client begins the next one anew.
    assert.equal(jobs[2]!.delivery, undefined);
  });

  it('answers an unwanted 354 with a lone dot', () => {
    const { jobs, state } = play(
      pipelining,
      () => [job(['bob@b.example'])],
      `
      C: MAIL FROM:<ann@a.example> SIZE=4
      C: RCPT TO:<bob@b.example>
      C: DATA
      S: 250 Ok
      S: 450 4.2.1 Busy
      S: 354 Go ahead
      C: .
      S: 554 5.5.1 No valid recipients
      `,
    );
    assert.deepEqual(brief(jobs[0]!.delivery), ['bob@b.example refused rcpt 450 transient']);
    assert.equal(jobs[0]!.delivery?.failure?.retryable, true);
    assert.equal(state.spent, false);
  });

  it('drops an LMTP session with an unwanted 354', () => {
    const { jobs, state } = play(
      lmtp,
      () => [job(['bob@b.example'])],
      `
      C: MAIL FROM:<ann@a.example>
      C: RCPT TO:<bob@b.example>
      C: DATA
      S: 250 Ok
      S: 550 5.1.1 No
      S: 354 Go ahead
      `,
    );
    assert.equal(jobs[0]!.delivery?.outcome, 'refused');
    assert.equal(state.spent, true);
  });

  it('reads one reply for each accepted recipient of LMTP', () => {
    const { jobs, state } = play(
      lmtp,
      () => [job(['a@b.example', 'b@b.example', 'c@b.example', 'd@b.example']), job(['e@b.example'])],
      `
      C: MAIL FROM:<ann@a.example>
      C: RCPT TO:<a@b.example>
      C: RCPT TO:<b@b.example>
      C: RCPT TO:<c@b.example>
      C: RCPT TO:<d@b.example>
      C: DATA
      S: 250 Ok
      S: 250 Ok
      S: 550 5.1.1 No
      S: 250 Ok
      S: 250 Ok
      S: 354 Go ahead
      C: Hi
      C: .
      C: MAIL FROM:<ann@a.example>
      C: RCPT TO:<e@b.example>
      C: DATA
      S: 250 2.0.0 Saved for a
      S: 452 4.2.2 Over quota c
      S: 250 2.0.0 Saved for d
      S: 250 Ok
      S: 250 Ok
      S: 354 Go ahead
      C: Hi
      C: .
      S: 250 Saved for e
      `,
    );
    assert.deepEqual(brief(jobs[0]!.delivery), [
      'a@b.example accepted data 250',
      'b@b.example refused rcpt 550',
      'c@b.example refused data 452 transient',
      'd@b.example accepted data 250',
    ]);
    assert.equal(jobs[0]!.delivery?.outcome, 'partial');
    assert.equal(jobs[0]!.delivery?.failure, undefined);
    assert.deepEqual(brief(jobs[1]!.delivery), ['e@b.example accepted data 250']);
    assert.equal(state.spent, false);
  });

  const single: [string, () => SessionState, string, Partial<Delivery>, string[], Partial<DeliveryFailure>, boolean][] =
    [
      [
        'MAIL refused, one at a time: no RSET',
        plain,
        `
      C: MAIL FROM:<ann@a.example>
      S: 550 5.7.1 Not you
      `,
        { outcome: 'refused' },
        ['a@b.example refused mail 550', 'b@b.example refused mail 550'],
        { step: 'mail', code: 550, enhanced: '5.7.1', retryable: false },
        false,
      ],
      [
        'MAIL refused, in a group: every status read, no RSET',
        pipelining,
        `
      C: MAIL FROM:<ann@a.example> SIZE=4
      C: RCPT TO:<a@b.example>
      C: RCPT TO:<b@b.example>
      C: DATA
      S: 451 4.3.0 Later
      S: 503 5.5.1 MAIL first
      S: 503 5.5.1 MAIL first
      S: 503 5.5.1 RCPT first
      `,
        { outcome: 'refused' },
        ['a@b.example refused mail 451 transient', 'b@b.example refused mail 451 transient'],
        { step: 'mail', code: 451, retryable: true },
        false,
      ],
      [
        'DATA refused: RSET',
        pipelining,
        `
      C: MAIL FROM:<ann@a.example> SIZE=4
      C: RCPT TO:<a@b.example>
      C: RCPT TO:<b@b.example>
      C: DATA
      S: 250 Ok
      S: 250 Ok
      S: 550 5.1.1 No
      S: 554 5.7.1 Not now
      C: RSET
      S: 250 Ok
      `,
        { outcome: 'refused' },
        ['a@b.example refused data 554', 'b@b.example refused rcpt 550'],
        { step: 'data', code: 554 },
        false,
      ],
      [
        'the message refused: no RSET',
        pipelining,
        `
      C: MAIL FROM:<ann@a.example> SIZE=4
      C: RCPT TO:<a@b.example>
      C: RCPT TO:<b@b.example>
      C: DATA
      S: 250 Ok
      S: 250 Ok
      S: 250 Ok
      S: 354 Go ahead
      C: Hi
      C: .
      S: 554 5.7.1 Spam
      `,
        { outcome: 'refused' },
        ['a@b.example refused data 554', 'b@b.example refused data 554'],
        { step: 'data', code: 554, sessionSurvives: true },
        false,
      ],
      [
        '421 to MAIL',
        plain,
        `
      C: MAIL FROM:<ann@a.example>
      S: 421 4.3.2 Closing
      `,
        { outcome: 'refused' },
        ['a@b.example refused mail 421 transient', 'b@b.example refused mail 421 transient'],
        { step: 'mail', reason: 'service-closing', sessionSurvives: false, retryable: true },
        true,
      ],
      [
        '421 in the middle of RCPT: nobody has it, nothing more is read',
        pipelining,
        `
      C: MAIL FROM:<ann@a.example> SIZE=4
      C: RCPT TO:<a@b.example>
      C: RCPT TO:<b@b.example>
      C: DATA
      S: 250 Ok
      S: 250 Ok
      S: 421 4.7.0 Too many errors
      `,
        { outcome: 'refused' },
        ['a@b.example refused rcpt 421 transient', 'b@b.example refused rcpt 421 transient'],
        { step: 'rcpt', reason: 'service-closing', sessionSurvives: false },
        true,
      ],
      [
        '421 to the message',
        plain,
        `
      C: MAIL FROM:<ann@a.example>
      S: 250 Ok
      C: RCPT TO:<a@b.example>
      S: 250 Ok
      C: RCPT TO:<b@b.example>
      S: 251 Will forward
      C: DATA
      S: 354 Go ahead
      C: Hi
      C: .
      S: 421 4.3.2 Closing
      `,
        { outcome: 'refused', sent: 4 },
        ['a@b.example refused data 421 transient', 'b@b.example refused data 421 transient'],
        { step: 'data', reason: 'service-closing', sessionSurvives: false },
        true,
      ],
      [
        'RSET refused: the session is spent',
        plain,
        `
      C: MAIL FROM:<ann@a.example>
      S: 250 Ok
      C: RCPT TO:<a@b.example>
      S: 550 No
      C: RCPT TO:<b@b.example>
      S: 550 No
      C: RSET
      S: 500 What?
      `,
        { outcome: 'refused' },
        ['a@b.example refused rcpt 550', 'b@b.example refused rcpt 550'],
        { step: 'rcpt', code: 550 },
        true,
      ],
    ];
  for (const [name, state, text, delivery, recipients, failure, spent] of single) {
    it(name, () => {
      const played = play(state, () => [job(['a@b.example', 'b@b.example'])], text);
      const got = played.jobs[0]!.delivery!;
      for (const [key, value] of Object.entries(delivery)) assert.equal(got[key as keyof Delivery], value, key);
      assert.deepEqual(brief(got), recipients);
      for (const [key, value] of Object.entries(failure))
        assert.equal(got.failure?.[key as keyof DeliveryFailure], value, key);
      assert.equal(played.state.spent, spent);
    });
  }

  it('a dry run stops before DATA and resets', () => {
    const { jobs } = play(
      pipelining,
      () => [job(['a@b.example', 'b@b.example'], { dryRun: true })],
      `
      C: MAIL FROM:<ann@a.example> SIZE=4
      C: RCPT TO:<a@b.example>
      C: RCPT TO:<b@b.example>
      S: 250 Ok
      S: 250 Ok
      S: 550 5.1.1 No
      C: RSET
      S: 250 Ok
      `,
    );
    assert.deepEqual(brief(jobs[0]!.delivery), ['a@b.example accepted rcpt 250', 'b@b.example refused rcpt 550']);
    assert.equal(jobs[0]!.delivery?.sent, 0);
  });

  it('a reply that makes no sense breaks the session', () => {
    const state = plain();
    const one = job(['a@b.example']);
    const { said } = playSession(
      deliverAll(state, one, upcoming([])),
      `
      C: MAIL FROM:<ann@a.example>
      S: 354 What now?
    `,
    );
    assert.equal(said, 'C: MAIL FROM:<ann@a.example>\nS: 354 What now?');
    assert.equal(one.failure?.reason, 'unexpected-reply');
    assert.equal(one.failure?.sessionSurvives, false);
    assert.equal(state.spent, true);
  });
});
