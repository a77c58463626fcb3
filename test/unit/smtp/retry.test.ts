import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { DeliveryFailure, type FailureFacts } from '../../../src/base/errors.ts';
import { type Delivery, withDelivery } from '../../../src/smtp/delivery.ts';
import { backoff, sendWithRetry } from '../../../src/smtp/retry.ts';
import { failureOf } from '../../support/smtp-connect.ts';
import { envelope } from '../../support/smtp-message.ts';
import { replyOf } from '../../support/smtp-session.ts';

describe('smtp/retry', () => {
  const result = (status: 'accepted' | 'refused', code: number, recipients: readonly string[]): Delivery => ({
    outcome: status,
    recipients: recipients.map((address) => ({
      address,
      status,
      step: 'rcpt',
      reply: replyOf(code, 'x'),
      ...(status === 'refused' ? { transient: code < 500 } : {}),
    })),
    sent: 0,
    duration: 1,
    roundTrips: 1,
  });

  it('tries again, and only with those refused for now', async () => {
    const asked: string[][] = [];
    const waits: number[] = [];
    const replies: Record<string, number[]> = { a: [250], b: [450, 450, 250], c: [550], d: [451, 550] };
    const delivery = await sendWithRetry(
      { sender: '', recipients: ['a', 'b', 'c', 'd'] },
      async ({ recipients }) => {
        asked.push([...recipients]);
        const all = recipients.map((one) => {
          const code = replies[one]!.shift()!;
          return result(code < 300 ? 'accepted' : 'refused', code, [one]).recipients[0]!;
        });
        return { ...result('accepted', 250, []), recipients: all };
      },
      backoff(5, 1000),
      async (ms) => waits.push(ms) > 0,
    );
    assert.deepEqual(asked, [['a', 'b', 'c', 'd'], ['b', 'd'], ['b']]);
    assert.deepEqual(waits, [1000, 2000]);
    assert.deepEqual(
      delivery.recipients.map((one) => [one.address, one.status, one.reply?.code]),
      [
        ['a', 'accepted', 250],
        ['b', 'accepted', 250],
        ['c', 'refused', 550],
        ['d', 'refused', 550],
      ],
    );
    assert.equal(delivery.outcome, 'partial');
    assert.equal(delivery.roundTrips, 3);
  });

  it('gives up after as many tries as the policy has', async () => {
    let tries = 0;
    const delivery = await sendWithRetry(
      envelope,
      async ({ recipients }) => {
        tries++;
        return result('refused', 450, recipients);
      },
      backoff(3, 1),
      async () => true,
    );
    assert.equal(tries, 3);
    assert.equal(delivery.outcome, 'refused');
  });

  const turned = (code: number, more: Partial<FailureFacts> = {}) =>
    new DeliveryFailure({
      failure: 'refused',
      step: 'greeting',
      reason: 'refused',
      code,
      sessionSurvives: false,
      retryable: true,
      ...more,
    });

  it('tries again where a greeting turned it away for now, and not for ever, or for good', async () => {
    for (const [code, tries] of [
      [421, 3],
      [554, 1],
    ]) {
      let asked = 0;
      const sending = sendWithRetry(
        envelope,
        async () => {
          asked++;
          throw turned(code!);
        },
        backoff(3, 1),
        async () => true,
      );
      assert.equal((await failureOf(sending)).code, code);
      assert.equal(asked, tries);
    }
  });

  it('never sends again to one who may have it, and loses nothing to a later try that breaks', async () => {
    const asked: string[][] = [];
    const gone = withDelivery(turned(451, { failure: 'closed', reason: 'fate-unknown', step: 'data' }), {
      ...result('refused', 451, []),
      outcome: 'unknown',
      recipients: [{ address: 'b', status: 'unknown', step: 'data' }],
    });
    const delivery = await sendWithRetry(
      { sender: '', recipients: ['a', 'b'] },
      async ({ recipients }) => {
        asked.push([...recipients]);
        if (asked.length > 1) throw gone;
        const all = [result('accepted', 250, ['a']), result('refused', 451, ['b'])].flatMap((one) => one.recipients);
        return { ...result('accepted', 250, []), outcome: 'partial', recipients: all };
      },
      backoff(5, 1),
      async () => true,
    );
    assert.deepEqual(asked, [['a', 'b'], ['b']]);
    assert.deepEqual(
      delivery.recipients.map(({ address, status }) => [address, status]),
      [
        ['a', 'accepted'],
        ['b', 'unknown'],
      ],
    );
  });

  it('stops waiting when told, with what is known by then', async () => {
    const delivery = await sendWithRetry(
      envelope,
      async ({ recipients }) => result('refused', 450, recipients),
      backoff(5, 1),
      async () => false,
    );
    assert.deepEqual([delivery.outcome, delivery.roundTrips], ['refused', 1]);
  });
});
