import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { deliverAll } from '../../../src/smtp/transaction.ts';
import { job, upcoming } from '../../support/smtp-job.ts';
import { script } from '../../support/smtp-server.ts';
import { playSession, replyOf, stateWith } from '../../support/smtp-session.ts';

const pipelining = () => stateWith(['PIPELINING', 'SIZE 1000', '8BITMIME', 'SMTPUTF8', 'DSN']);

/** Envelopes that go out behind the message before them, and those that may not. */
describe('smtp/transaction, ahead', () => {
  it('a withdrawn message that went ahead costs the session, not the message before it', () => {
    const state = pipelining();
    const first = job(['a@b.example']);
    const second = { ...job(['b@b.example']), withdrawn: true };
    const waiting = [second];
    const text = `
      C: MAIL FROM:<ann@a.example> SIZE=4
      C: RCPT TO:<a@b.example>
      C: DATA
      S: 250 Ok
      S: 250 Ok
      S: 354 Go ahead
      C: Hi
      C: .
      C: MAIL FROM:<ann@a.example> SIZE=4
      C: RCPT TO:<b@b.example>
      C: DATA
      S: 250 2.0.0 Queued
    `;
    const { said } = playSession(deliverAll(state, first, upcoming(waiting)), text);
    assert.equal(said, script(text));
    assert.equal(first.delivery?.outcome, 'accepted');
    assert.equal(second.delivery, undefined);
    assert.equal(state.spent, true);
  });

  it('sends no envelope behind a message to Dovecot, which would fall over it', () => {
    const state = pipelining();
    state.greeting = replyOf(220, 'mx.example Dovecot (Debian) ready.');
    const jobs = [job(['a@b.example']), job(['b@b.example'])];
    const text = (name: string) => `
      C: MAIL FROM:<ann@a.example> SIZE=4
      C: RCPT TO:<${name}@b.example>
      C: DATA
      S: 250 Ok
      S: 250 Ok
      S: 354 Go ahead
      C: Hi
      C: .
      S: 250 Ok`;
    const { said } = playSession(deliverAll(state, jobs[0]!, upcoming([jobs[1]!])), text('a'));
    assert.equal(said, script(text('a')));
    assert.equal(jobs[0]!.delivery?.outcome, 'accepted');
  });

  for (const [name, size] of [
    ['whole', Number.POSITIVE_INFINITY],
    ['by the octet', 1],
  ] as const) {
    it(`sends no envelope that was made ready for a message since taken back (${name})`, () => {
      const state = stateWith(['PIPELINING']);
      const [first, second, third, fourth] = ['a', 'b', 'c', 'd'].map((one) => job([`${one}@b.example`]));
      const waiting = [second!, third!, fourth!];
      // Its own envelope is out, the third's is ready to go with its text.
      second!.begin = () => void waiting.splice(waiting.indexOf(third!), 1);
      const group = (one: string) => `
        C: MAIL FROM:<ann@a.example>
        C: RCPT TO:<${one}@b.example>
        C: DATA`;
      const replies = `
        S: 250 Ok
        S: 250 Ok
        S: 354 Go`;
      const hi = `
        C: Hi
        C: .`;
      const queued = `
        S: 250 Queued`;
      const text = `${group('a')}${replies}${hi}${group('b')}${queued}${replies}${hi}${group('d')}${queued}${replies}${hi}${queued}`;
      assert.equal(playSession(deliverAll(state, first!, upcoming(waiting)), text, size).said, script(text));
      assert.deepEqual(
        [first, second, third, fourth].map((one) => one!.delivery?.outcome),
        ['accepted', 'accepted', undefined, 'accepted'],
      );
    });
  }

  it('does not go past MAILMAX', () => {
    const state = stateWith(['PIPELINING', 'LIMITS MAILMAX=1 RCPTMAX=2']);
    const jobs = [job(['a@b.example']), job(['b@b.example'])];
    const waiting = jobs.slice(1);
    const text = `
      C: MAIL FROM:<ann@a.example>
      C: RCPT TO:<a@b.example>
      C: DATA
      S: 250 Ok
      S: 250 Ok
      S: 354 Go ahead
      C: Hi
      C: .
      S: 250 Ok
    `;
    assert.equal(playSession(deliverAll(state, jobs[0]!, upcoming(waiting)), text).said, script(text));
    assert.equal(waiting.length, 1);
  });
});
