import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { candidates, exchange, strengthOf } from '../../../src/net/sasl/choose.ts';
import { isSaslFault, type MechanismName, mechanismNames, type SaslContext } from '../../../src/net/sasl/mechanism.ts';
import { saslprep } from '../../../src/net/sasl/saslprep.ts';

function context(user: string, password: string, more: Partial<SaslContext> = {}): SaslContext {
  return { credentials: { user, password }, host: 'server.example.com', port: 587, nonce: () => 'nonce', ...more };
}

/** What a mechanism says, to the end: the initial response, then an answer to each challenge. */
async function say(
  name: MechanismName,
  given: SaslContext,
  challenges: readonly string[],
  offered: readonly string[] = [name],
) {
  const mechanism = exchange(name, given, offered);
  const said: string[] = [];
  if (mechanism.initial !== undefined) said.push(Buffer.from(mechanism.initial()).toString('utf8'));
  for (const challenge of challenges)
    said.push(Buffer.from(await mechanism.respond(Buffer.from(challenge))).toString('utf8'));
  return { said, complete: mechanism.complete() };
}

async function faultOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => assert.fail('no fault'),
    (reason: unknown) => reason,
  );
  if (!isSaslFault(error)) throw error;
  return error.fault;
}

const binding = { type: 'tls-exporter' as const, data: Buffer.from('0123456789abcdef') };

describe('net/sasl', () => {
  const vectors: [string, MechanismName, SaslContext, string[], string[], string[]?][] = [
    ['RFC 4616 section 4', 'PLAIN', context('tim', 'tanstaaftanstaaf'), [], ['\0tim\0tanstaaftanstaaf']],
    [
      'RFC 4616 section 4, acting for another',
      'PLAIN',
      { ...context('Kurt', 'xipj3plmq'), credentials: { user: 'Kurt', password: 'xipj3plmq', authorize: 'Ursel' } },
      [],
      ['Ursel\0Kurt\0xipj3plmq'],
    ],
    ['UTF-8', 'PLAIN', context('zoë', 'pässwörd'), [], ['\0zoë\0pässwörd']],
    ['whatever the prompts say', 'LOGIN', context('ann', 'secret'), ['User Name', ''], ['ann', 'secret']],
    [
      'RFC 2195 section 2',
      'CRAM-MD5',
      context('tim', 'tanstaaftanstaaf'),
      ['<1896.697170952@postoffice.reston.mci.net>'],
      ['tim b913a602c7eda7a495b4e6e7334d3890'],
    ],
    [
      'RFC 5802 section 5',
      'SCRAM-SHA-1',
      context('user', 'pencil', { nonce: () => 'fyko+d2lbbFgONRv9qkxdawL' }),
      ['r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096', 'v=rmF9pqV8S7suAoZWja4dJRkFsKQ='],
      [
        'n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL',
        'c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=',
        '',
      ],
    ],
    [
      'RFC 7677 section 3',
      'SCRAM-SHA-256',
      context('user', 'pencil', { nonce: () => 'rOprNGfwEbeRWgbNEkqO' }),
      [
        'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
        'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
      ],
      [
        'n,,n=user,r=rOprNGfwEbeRWgbNEkqO',
        'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
        '',
      ],
    ],
    [
      'Google’s page',
      'XOAUTH2',
      context('someuser@example.com', 'ya29.vF9'),
      ['{"status":"401"}'],
      ['user=someuser@example.com\x01auth=Bearer ya29.vF9\x01\x01', ''],
    ],
    [
      'RFC 7628 section 4.1',
      'OAUTHBEARER',
      context('user@example.com', 'vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==', { port: 143 }),
      [],
      [
        'n,a=user@example.com,\x01host=server.example.com\x01port=143\x01auth=Bearer vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==\x01\x01',
      ],
    ],
    [
      'RFC 4422 appendix A',
      'EXTERNAL',
      { ...context('', ''), credentials: { user: '', password: '', authorize: 'fred@example.com' } },
      [],
      ['fred@example.com'],
    ],
  ];
  for (const [name, mechanism, given, challenges, expected] of vectors) {
    it(`${mechanism}: ${name}`, async () => {
      const { said, complete } = await say(mechanism, given, challenges);
      assert.deepEqual(said, expected);
      assert.equal(complete, !(mechanism === 'XOAUTH2'));
    });
  }

  describe('SCRAM', () => {
    const serverFirst = 'r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096';
    const user = context('user', 'pencil', { nonce: () => 'fyko+d2lbbFgONRv9qkxdawL' });

    it('is not complete without the server’s signature', async () => {
      assert.equal((await say('SCRAM-SHA-1', user, [serverFirst])).complete, false);
    });

    const faults: [string, string[], string][] = [
      ['a wrong signature', [serverFirst, 'v=AAAAAAAAAAAAAAAAAAAAAAAAAAA='], 'server-unproven'],
      ['no signature', [serverFirst, 'x'], 'server-unproven'],
      ['a word after its error', [serverFirst, 'e=invalid-proof', 'v=rmF9pqV8S7suAoZWja4dJRkFsKQ='], 'challenge'],
      ['another nonce', ['r=other,s=QSXCR+Q6sek8bf92,i=4096'], 'challenge'],
      ['a nonce that adds nothing', ['r=fyko+d2lbbFgONRv9qkxdawL,s=QSXCR+Q6sek8bf92,i=4096'], 'challenge'],
      ['an extension it does not know', [`m=x,${serverFirst}`], 'challenge'],
      ['nonsense', ['nonsense'], 'challenge'],
      ['absurd cost', [serverFirst.replace('4096', '999999999')], 'cost'],
    ];
    for (const [name, challenges, fault] of faults)
      it(`refuses ${name}`, async () => assert.equal(await faultOf(say('SCRAM-SHA-1', user, challenges)), fault));

    it('takes an error for the server’s last word, and for no success', async () => {
      for (const challenges of [['e=unsupported-channel-binding-type'], [serverFirst, 'e=invalid-proof,x=y']]) {
        const mechanism = exchange('SCRAM-SHA-1', user, []);
        mechanism.initial?.();
        let answer: Uint8Array | undefined;
        for (const challenge of challenges) answer = await mechanism.respond(Buffer.from(challenge));
        assert.equal(answer?.length, 0);
        assert.equal(mechanism.complete(), false);
        assert.equal(mechanism.refused?.(), /e=([a-z-]+)/.exec(challenges.at(-1)!)![1]);
      }
    });

    it('binds to the channel, and tells when it could have', async () => {
      const bound = { ...user, channelBinding: binding };
      const first = async (name: MechanismName, offered: string[]) =>
        (await say(name, bound, [], offered)).said[0]!.split('n=')[0];
      assert.equal(await first('SCRAM-SHA-256-PLUS', ['SCRAM-SHA-256-PLUS']), 'p=tls-exporter,,');
      assert.equal(await first('SCRAM-SHA-256', ['SCRAM-SHA-256', 'SCRAM-SHA-256-PLUS']), ',,'.replace(/^/, 'n'));
      assert.equal(await first('SCRAM-SHA-256', ['SCRAM-SHA-256']), 'y,,');
      const { said } = await say('SCRAM-SHA-1-PLUS', bound, [serverFirst]);
      const c = /^c=([^,]*)/.exec(said[1]!)![1]!;
      assert.equal(Buffer.from(c, 'base64').toString(), 'p=tls-exporter,,0123456789abcdef');
    });

    it('escapes what separates', async () => {
      const { said } = await say('SCRAM-SHA-1', context('a,b=c', 'x'), []);
      assert.equal(said[0], 'n,,n=a=2Cb=3Dc,r=nonce');
    });
  });

  it('prepares strings as RFC 4013 section 3 has it', () => {
    assert.equal(saslprep('I\u00adX'), 'IX');
    assert.equal(saslprep('user'), 'user');
    assert.equal(saslprep('USER'), 'USER');
    assert.equal(saslprep('\u00aa'), 'a');
    assert.equal(saslprep('\u2168'), 'IX');
    assert.equal(saslprep('a\u00a0b'), 'a b');
    assert.throws(() => saslprep('é\u0007'), isSaslFault);
    assert.throws(() => saslprep('\u06271'), isSaslFault);
    assert.throws(() => saslprep('\ue000'), isSaslFault);
  });

  it('refuses credentials that would say more than they are', async () => {
    assert.equal(await faultOf(say('PLAIN', context('a\0b', 'x'), [])), 'credential');
    assert.equal(await faultOf(say('XOAUTH2', context('a\x01auth=Bearer y', 'x'), [])), 'credential');
    assert.equal(await faultOf(say('OAUTHBEARER', context('a', 'x\r\n'), [])), 'credential');
  });

  it('chooses the strongest, and shows no secret to the street', () => {
    const all = [...mechanismNames];
    const choose = (isPrivate: boolean, channelBinding: boolean, choice: Parameters<typeof candidates>[1] = 'auto') =>
      candidates(all, choice, { private: isPrivate, channelBinding });
    assert.deepEqual(choose(true, true), [
      'SCRAM-SHA-256-PLUS',
      'SCRAM-SHA-1-PLUS',
      'SCRAM-SHA-256',
      'SCRAM-SHA-1',
      'CRAM-MD5',
      'PLAIN',
      'LOGIN',
    ]);
    assert.deepEqual(choose(false, false), ['SCRAM-SHA-256', 'SCRAM-SHA-1', 'CRAM-MD5']);
    assert.deepEqual(choose(true, false, 'xoauth2'), ['XOAUTH2']);
    assert.deepEqual(candidates(['NTLM'], 'auto', { private: true, channelBinding: true }), []);
    assert.deepEqual(choose(true, false, 'scram-sha-1-plus'), []);
    const strengths = mechanismNames.filter((name) => choose(true, true).includes(name)).map(strengthOf);
    assert.deepEqual(
      strengths,
      strengths.toSorted((a, b) => b - a),
    );
  });
});
