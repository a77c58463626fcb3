import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { createApi } from '../../../src/send/api.ts';
import { parseServer } from '../../../src/send/server-settings.ts';
import { memoryFiles } from '../../support/memory-files.ts';
import { fixedClock, portsOf } from './support/fixed.ts';
import { friendly, scriptedServer } from './support/scripted-server.ts';

const TEXT = 'From: a@b.example\nTo: c@d.example\nSubject: s\n\nHi.\n';

function apiOf(port: number) {
  return createApi({
    files: memoryFiles({}),
    clock: fixedClock,
    random: () => 'seed',
    server: async (name) => {
      const { server } = parseServer(name, { host: `127.0.0.1:${port}`, security: 'none' });
      return name === 'staging' && server ? server : { trouble: `There is no server "${name}".` };
    },
    running: (signal, work) => work(signal ?? new AbortController().signal),
    deliverPorts: async (signal) => portsOf({ signal }),
  });
}

describe('send/api', () => {
  it('parses', async () => {
    const { document, problems } = await apiOf(0).parse(TEXT.replace('To: c@d.example\n', ''));
    assert.equal(document.kind, 'composed');
    assert.deepEqual(
      problems.filter(({ severity }) => severity === 'error').map(({ code, message }) => [code, message]),
      [['recipients-missing', 'There are no recipients: write To, Cc or Bcc.']],
    );
  });

  it('builds', async () => {
    const { message, envelope, problems } = await apiOf(0).build(TEXT, { seed: 's' });
    assert.deepEqual(problems, []);
    assert.deepEqual(envelope, { sender: 'a@b.example', recipients: ['c@d.example'] });
    assert.match(Buffer.from(message ?? []).toString(), /^From: a@b\.example\r\n[\s\S]*\r\n\r\nHi\.\r\n$/);
    assert.equal((await apiOf(0).build('To: x\n\nHi.\n')).message, undefined);
  });

  it('sends', async () => {
    const server = await scriptedServer('220 hi', friendly);
    try {
      const outcome = await apiOf(server.port).send(TEXT, { server: 'staging' });
      assert.equal(outcome.outcome, 'delivered');
      assert.equal(outcome.message, 'Server "staging" took the message for c@d.example.');
      assert.deepEqual(outcome.recipients, [{ address: 'c@d.example', status: 'accepted', reply: ['250 Taken'] }]);
      assert.equal(outcome.transcript.length, 16);
      const refused = await apiOf(server.port).send('To: x\n\nHi.\n', { server: 'staging' });
      assert.equal(refused.outcome, 'refused');
      await assert.rejects(apiOf(0).send(TEXT, { server: 'x' }), {
        kind: 'unknown-server',
        message: 'There is no server "x".',
      });
    } finally {
      await server.close();
    }
  });
});
