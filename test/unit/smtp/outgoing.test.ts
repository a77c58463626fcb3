import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Connection } from '../../../src/net/connection.ts';
import { Outgoing } from '../../../src/smtp/outgoing.ts';

describe('smtp/outgoing', () => {
  /** What happens to a connection, and beside it, in order. */
  function recorded() {
    const events: string[] = [];
    const writeAll = (pieces: readonly (string | Uint8Array)[]) => void events.push(`write ${pieces.join('|')}`);
    return { events, outgoing: new Outgoing({ writeAll } as unknown as Connection) };
  }

  it('writes what was added in one write, and nothing twice', () => {
    const { events, outgoing } = recorded();
    outgoing.add('MAIL');
    outgoing.add('RCPT');
    assert.equal(outgoing.empty, false);
    outgoing.flush();
    outgoing.flush();
    assert.deepEqual(events, ['write MAIL|RCPT']);
    assert.deepEqual([outgoing.empty, outgoing.wrote], [true, true]);
  });

  it('writes nothing of what was taken back', () => {
    const { events, outgoing } = recorded();
    outgoing.add('MAIL');
    outgoing.clear();
    outgoing.flush();
    assert.deepEqual([events, outgoing.wrote], [[], false]);
  });

  it('does what was put off once, in the order in which it was put off', () => {
    const { events, outgoing } = recorded();
    outgoing.postpone(() => events.push('first'));
    outgoing.add('MAIL');
    outgoing.flush();
    assert.deepEqual(events, ['write MAIL']);
    outgoing.postpone(() => events.push('second'));
    assert.deepEqual(events, ['write MAIL', 'first']);
    outgoing.catchUp();
    outgoing.catchUp();
    assert.deepEqual(events, ['write MAIL', 'first', 'second']);
  });
});
