import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import {
  lookUpPassword,
  type PasswordPorts,
  rememberPassword,
  type SecretStore,
  secretKey,
} from '../../../src/send/credentials.ts';
import type { SmtpServer } from '../../../src/send/server.ts';
import { parseServer } from '../../../src/send/server-settings.ts';

function serverOf(settings: Record<string, unknown>): SmtpServer {
  const { server } = parseServer('staging', { host: 'smtp.example.com', ...settings });
  assert.ok(server?.transport === 'smtp');
  return server;
}

function storeOf(secrets: Record<string, string>): SecretStore {
  const map = new Map(Object.entries(secrets));
  return {
    get: async (key) => map.get(key),
    set: async (key, secret) => void map.set(key, secret),
    delete: async (key) => void map.delete(key),
  };
}

const never: PasswordPorts['askPassword'] = () => assert.fail('nobody was to be asked');

describe('send/credentials', () => {
  const plain = serverOf({ user: 'ann' });
  const named = serverOf({ user: 'ann', passwordEnv: 'STAGING' });

  it('needs none without a user, and for EXTERNAL', async () => {
    assert.deepEqual(await lookUpPassword(serverOf({}), { askPassword: never }), { kind: 'none-needed' });
    const external = serverOf({ user: 'ann', auth: 'external' });
    assert.deepEqual(await lookUpPassword(external, { askPassword: never }), { kind: 'none-needed' });
  });

  it('looks into the environment, then the store, then asks', async () => {
    const secrets = storeOf({ [secretKey(named)]: 'stored' });
    const environment = (name: string) => (name === 'STAGING' ? 'from-env' : undefined);
    assert.deepEqual(await lookUpPassword(named, { environment, secrets, askPassword: never }), {
      kind: 'found',
      user: 'ann',
      password: 'from-env',
      from: 'environment',
      remember: false,
    });
    assert.deepEqual(await lookUpPassword(named, { environment: () => '', secrets, askPassword: never }), {
      kind: 'found',
      user: 'ann',
      password: 'stored',
      from: 'store',
      remember: false,
    });
    const typed = await lookUpPassword(named, {
      environment: () => undefined,
      secrets: storeOf({}),
      askPassword: async ({ user }) => ({ password: `of ${user}`, remember: true }),
    });
    assert.deepEqual(typed, { kind: 'found', user: 'ann', password: 'of ann', from: 'asked', remember: true });
    assert.deepEqual(await lookUpPassword(plain, { askPassword: async () => undefined }), { kind: 'declined' });
  });

  it('reads no variable in a workspace that is not trusted', async () => {
    assert.deepEqual(await lookUpPassword(named, { secrets: storeOf({}), askPassword: never }), {
      kind: 'refused',
      refusal: { code: 'untrusted-password', variable: 'STAGING' },
    });
  });

  it('says so where nobody can be asked', async () => {
    assert.deepEqual(await lookUpPassword(named, { environment: () => undefined }), {
      kind: 'refused',
      refusal: { code: 'no-password', server: named, user: 'ann', variable: 'STAGING' },
    });
  });

  it('gives the password of one host to no other', async () => {
    const secrets = storeOf({ [secretKey(plain)]: 'stored' });
    for (const changed of [{ host: 'evil.example' }, { port: 2525 }, { user: 'bob' }, { transport: 'lmtp' }]) {
      const { server } = parseServer('staging', { host: 'smtp.example.com', user: 'ann', ...changed });
      assert.ok(server);
      assert.equal((await lookUpPassword(server, { secrets })).kind, 'refused', JSON.stringify(changed));
    }
    assert.equal(
      (await lookUpPassword(serverOf({ user: 'ann', security: 'none', port: 587 }), { secrets })).kind,
      'found',
    );
  });

  it('keeps a typed password where the person wants it', async () => {
    for (const remember of [true, false]) {
      const secrets = storeOf({});
      const found = await lookUpPassword(plain, { secrets, askPassword: async () => ({ password: 'x', remember }) });
      await rememberPassword(plain, found, { secrets });
      assert.equal(await secrets.get(secretKey(plain)), remember ? 'x' : undefined);
    }
  });
});
