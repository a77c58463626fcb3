import assert from 'node:assert/strict';
import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import { describe, it } from 'mocha';
import { Turns } from '../../../src/base/steps.ts';
import { openParcel, type Parcel, sendParcel } from '../../../src/inspect/parcel.ts';

/** What arrives on the other side. */
function sent(output: unknown): Parcel {
  const { port1, port2 } = new MessageChannel();
  try {
    sendParcel(output, (parcel, transfer) => port1.postMessage(parcel, transfer as MessagePort[]));
    return receiveMessageOnPort(port2)!.message as Parcel;
  } finally {
    port1.close();
  }
}

const alone = () => new Turns({ ticks: () => 0 }, undefined);
const count = (length: number) => Array.from({ length }, (_, index) => ({ index }));

describe('inspect/parcel', () => {
  for (const [what, output] of [
    ['a text', 'text'],
    ['nothing', undefined],
    ['a list', count(7)],
    ['a long list', count(1001)],
    ['lists of any length in each other', { a: count(300), b: { c: count(251), d: count(250), e: 1 }, f: [] }],
    ['a list that stands there twice', ((list) => ({ a: list, b: list }))(count(400))],
    ['octets', { content: new Uint8Array(1000).fill(7), list: Array.from({ length: 600 }, () => new Uint8Array([1])) }],
  ] as const)
    it(`hands over ${what}`, async () => assert.deepEqual(await openParcel(sent(output), alone()), output));

  it('lets others have their turn between the pieces of a long list', async () => {
    let now = 0;
    let turns = 0;
    const shared = new Turns({ ticks: () => (now += 2) }, async () => void turns++);
    await openParcel(sent(count(2000)), shared);
    assert.ok(turns >= 3, `${turns} turns`);
  });

  it('goes on with none of it where the signal fires', async () => {
    const controller = new AbortController();
    const shared = new Turns({ ticks: () => 0 }, async () => controller.abort(new Error('newer')), controller.signal);
    await assert.rejects(openParcel(sent(count(2000)), shared), /newer/);
  });

  it('hands over nothing of what can’t be', () => {
    assert.throws(() => sent({ list: Array.from({ length: 600 }, () => () => 1) }), /could not be cloned/);
  });
});
