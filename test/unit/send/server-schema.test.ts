import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { channelBindingTypes } from '../../../src/net/sasl/mechanism.ts';
import { defaultTimeouts } from '../../../src/net/timeouts.ts';
import { AUTH_CHOICES, SECURITIES, TLS_VERSIONS, TRANSPORTS } from '../../../src/send/server.ts';
import { parseServer, SERVER_PROPERTIES } from '../../../src/send/server-settings.ts';

interface Schema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly additionalProperties?: boolean | Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
}

const manifest = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
const sections: readonly { properties: Record<string, Schema> }[] = manifest.contributes.configuration;
const servers = sections.map(({ properties }) => properties['mailbench.servers']).find((each) => each !== undefined);
const server = servers?.additionalProperties as Schema;

const HOSTS: Readonly<Record<string, object>> = {
  smtp: { host: 'a.example', user: 'ann' },
  lmtp: { host: 'a.example', user: 'ann' },
  mx: {},
  inbox: {},
  folder: { path: 'out' },
};

/** The names that the parser takes at a place: what it lists where it is given one that it does not know. */
function taken(place: 'tls' | 'timeouts' | 'guard' | 'pool' | 'retry'): readonly string[] {
  const { problems } = parseServer('x', { host: 'a.example', [place]: { 'no such name': 1 } });
  const problem = problems.find((each) => each.code === 'server-unknown-property');
  assert.ok(problem?.code === 'server-unknown-property', JSON.stringify(problems));
  return problem.allowed;
}

describe('the schema of mailbench.servers', () => {
  it('has every property that the parser takes, and no other', () => {
    assert.deepEqual(Object.keys(server.properties ?? {}).sort(), [...SERVER_PROPERTIES].sort());
    for (const place of ['tls', 'timeouts', 'guard', 'pool', 'retry'] as const) {
      assert.deepEqual(
        Object.keys(server.properties?.[place]?.properties ?? {}).sort(),
        [...taken(place)].sort(),
        place,
      );
    }
    assert.deepEqual([...taken('timeouts')].sort(), Object.keys(defaultTimeouts).sort());
    for (const each of [
      server,
      server.properties?.tls,
      server.properties?.timeouts,
      server.properties?.guard,
      server.properties?.pool,
    ]) {
      assert.equal(each?.additionalProperties, false);
    }
  });

  it('has the same choices', () => {
    assert.deepEqual(server.properties?.transport?.enum, TRANSPORTS);
    assert.deepEqual(server.properties?.security?.enum, SECURITIES);
    assert.deepEqual(server.properties?.auth?.enum, AUTH_CHOICES);
    assert.deepEqual(server.properties?.tls?.properties?.minVersion?.enum, TLS_VERSIONS);
    assert.deepEqual(server.properties?.tls?.properties?.channelBinding?.enum, channelBindingTypes);
    assert.deepEqual(server.properties?.tls?.properties?.maxVersion?.enum, TLS_VERSIONS);
  });

  it('has types that the parser agrees with', () => {
    const samples: Readonly<Record<string, unknown>> = {
      string: 'x',
      integer: 1,
      number: 1,
      boolean: true,
      object: {},
    };
    for (const [name, schema] of Object.entries(server.properties ?? {})) {
      const types = [schema.type ?? []].flat();
      for (const [type, value] of Object.entries(samples)) {
        const problems = TRANSPORTS.flatMap(
          (transport) => parseServer('x', { ...HOSTS[transport], transport, [name]: value }).problems,
        );
        const wrong = problems.some((each) => each.code === 'server-wrong-type' && each.path.endsWith(`.${name}`));
        const fits = types.includes(type) || (types.includes('number') && type === 'integer');
        // An integer is any JSON number without a fraction.
        if (types.includes('integer') && type === 'number') continue;
        assert.equal(wrong, !fits, `${name}: ${type}`);
      }
    }
  });
});

describe('the password of a proxy', () => {
  const told = (settings: object) =>
    parseServer('x', { host: 'a.example', ...settings }).problems.map((each) => each.code);
  it('has a variable of its own, for a user that is there', () => {
    assert.deepEqual(told({ proxy: 'socks5://ann@p.example:1080', proxyPasswordEnv: 'P' }), []);
    assert.deepEqual(told({ proxy: 'socks5://p.example:1080', proxyPasswordEnv: 'P' }), ['server-needs-proxy-user']);
    assert.deepEqual(told({ proxyPasswordEnv: 'P' }), ['server-needs-proxy-user']);
    assert.deepEqual(told({ proxy: 'socks5://ann:pw@p.example:1080', proxyPasswordEnv: 'P' }), [
      'server-password-in-settings',
    ]);
    assert.deepEqual(told({ proxy: 'socks5://ann@p.example:1080', proxyPasswordEnv: 'my secret!' }), [
      'server-bad-variable-name',
    ]);
  });
});
