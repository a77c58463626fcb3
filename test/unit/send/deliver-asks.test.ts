import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Resolver } from '../../../src/net/resolver.ts';
import { type DeliverPorts, deliver } from '../../../src/send/deliver.ts';
import { Confirmations } from '../../../src/send/guard.ts';
import { outcomeSentence } from '../../../src/send/sentences/outcome.ts';
import { composedOf } from './support/composed.ts';
import { portsOf } from './support/fixed.ts';
import { friendly } from './support/scripted-server.ts';
import { HI, sendTo, serverOf } from './support/send-to.ts';

describe('send/deliver', () => {
  describe('asks first', () => {
    const dns: Resolver = { addresses: async () => assert.fail('nothing was to be looked up'), mx: async () => [] };
    const far = serverOf({ host: 'smtp.example.com', user: 'ann' });

    it('and stops where the person says no', async () => {
      const asked: string[][] = [];
      const ask: DeliverPorts['ask'] = async (questions) => {
        asked.push(questions.map((question) => question.code));
        return false;
      };
      const outcome = await deliver(composedOf({}), far, portsOf({ dns, ask }));
      assert.deepEqual(outcome, { kind: 'declined', server: far });
      assert.deepEqual(asked, [['off-loopback']]);
      assert.equal(outcomeSentence(outcome), 'Not sent.');
    });

    it('and remembers a yes for the document and server', async () => {
      const confirmations = new Confirmations();
      let asked = 0;
      const ports = portsOf({ confirmations, ask: async () => ++asked > 0 });
      for (let i = 0; i < 2; i++) {
        const outcome = await deliver(composedOf({}), far, ports);
        assert.ok(outcome.kind === 'refused' && outcome.refusal.code === 'no-password');
      }
      assert.equal(asked, 1);
    });

    it('and takes a cancel while it asks', async () => {
      const stop = new AbortController();
      const ask = async () => {
        stop.abort();
        return true;
      };
      const outcome = await deliver(composedOf({}), far, portsOf({ dns, ask, signal: stop.signal }));
      assert.equal(outcome.kind, 'cancelled');
    });

    it('and sends to whom the guard lets through', async () => {
      const ports = { guard: { allow: ['*.test'] } };
      const settings = { guard: { allow: ['example.net'], redirectTo: 'me@example.net' } };
      const recipients = ['bob@example.org', 'cy@example.net'];
      const { outcome, transcript, server } = await sendTo(HI, friendly, { settings, ports, recipients });
      assert.ok(outcome.kind === 'delivered');
      assert.deepEqual(outcome.envelope.recipients, ['cy@example.net', 'me@example.net']);
      assert.deepEqual(
        server.received.filter((line) => line.startsWith('RCPT')),
        ['RCPT TO:<cy@example.net>', 'RCPT TO:<me@example.net>'],
      );
      assert.equal(transcript[0], '=== 14:02:11.093  Guard: bob@example.org redirected');
    });
  });
});
