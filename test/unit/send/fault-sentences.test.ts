import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { readFaults } from '../../../src/capture/faults.ts';
import { faultSentence } from '../../../src/send/sentences/fault.ts';

describe('send/sentences/fault', () => {
  const table: [string, unknown, RegExp][] = [
    ['no list', {}, /^Faults are a list/],
    ['no object', [1], /^Fault 1 is no object/],
    ['an unknown key', [{ at: 'rcpt', drop: true, whom: 'x' }], /^Fault 1 has "whom", which means nothing/],
    ['an unknown step', [{ at: 'never', drop: true }], /^Fault 1 does not say where it strikes: "at" is connect, /],
    ['a value of the wrong kind', [{ at: 'rcpt', delay: '1s' }], /^Fault 1 has a "delay" of the wrong kind/],
    ['a reply that is none', [{ at: 'rcpt', reply: 'No' }], /^Fault 1 has a "reply" that is none/],
    ['no effect', [{ at: 'rcpt' }], /^Fault 1 does nothing/],
  ];
  for (const [name, value, expected] of table) {
    it(name, () => {
      assert.match(readFaults(value).problems.map(faultSentence).join(' '), expected);
    });
  }
});
