import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { Transcript } from '../../../src/net/transcript.ts';
import { authenticate } from '../../../src/smtp/authenticate.ts';
import { connect } from '../../../src/smtp/client.ts';
import type { ConnectOptions } from '../../../src/smtp/options.ts';
import { failureOf, optionsFor } from '../../support/smtp-connect.ts';
import { testClock } from '../../support/smtp-message.ts';
import { script, scriptedServer } from '../../support/smtp-server.ts';
import { playSession, stateWith } from '../../support/smtp-session.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const offer = (mechanisms: string) => `S: 220 x\nC: EHLO client.example\nS: 250-x\nS: 250 AUTH ${mechanisms}`;
const bye = 'C: QUIT\nS: 221 Bye\n!close';

const serverFirst = 'r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096';
const clientFinal = 'c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=';
const scramUser = { user: 'user', password: 'pencil' };
const scram = (last: string) =>
  `${offer('SCRAM-SHA-1 PLAIN')}\nC: AUTH SCRAM-SHA-1 ${base64('n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL')}\nS: 334 ${base64(serverFirst)}\nC: ${base64(clientFinal)}\n${last}`;
const nonce = () => 'fyko+d2lbbFgONRv9qkxdawL';
const long = 'x'.repeat(400);

const talks: [string, string, Partial<ConnectOptions>, string | undefined][] = [
  [
    'PLAIN',
    `${offer('LOGIN PLAIN')}\nC: AUTH PLAIN ${base64('\0u\0pass word')}\nS: 235 Ok\n${bye}`,
    { credentials: { user: 'u', password: 'pass word' } },
    undefined,
  ],
  [
    'PLAIN too long for a command line',
    `${offer('PLAIN')}\nC: AUTH PLAIN\nS: 334 \nC: ${base64(`\0u\0${long}`)}\nS: 235 Ok\n${bye}`,
    { credentials: { user: 'u', password: long } },
    undefined,
  ],
  [
    'LOGIN behind prompts in plain text',
    `${offer('LOGIN')}\nC: AUTH LOGIN\nS: 334 Username:\nC: ${base64('zoë')}\nS: 334 Password:\nC: ${base64('pässwörd')}\nS: 235 Ok\n${bye}`,
    { credentials: { user: 'zoë', password: 'pässwörd' } },
    undefined,
  ],
  [
    'another of the same strength',
    `${offer('PLAIN LOGIN')}\nC: AUTH PLAIN ${base64('\0u\0pass')}\nS: 504 5.5.4 No\nC: AUTH LOGIN\nS: 334 \nC: ${base64('u')}\nS: 334 \nC: ${base64('pass')}\nS: 235 Ok\n${bye}`,
    { credentials: { user: 'u', password: 'pass' } },
    undefined,
  ],
  [
    'none that is weaker',
    `${offer('CRAM-MD5 PLAIN')}\nC: AUTH CRAM-MD5\nS: 504 5.5.4 No\n${bye}`,
    { credentials: { user: 'u', password: 'pass' } },
    'auth-refused',
  ],
  [
    'the one asked for',
    `${offer('CRAM-MD5 PLAIN')}\nC: AUTH PLAIN ${base64('\0u\0pass')}\nS: 235 Ok\n${bye}`,
    { credentials: { user: 'u', password: 'pass' }, auth: 'plain' },
    undefined,
  ],
  [
    'the one asked for and not offered',
    `${offer('PLAIN')}\n${bye}`,
    { credentials: { user: 'u', password: 'pass' }, auth: 'cram-md5' },
    'auth-no-mechanism',
  ],
  [
    'EXTERNAL',
    `${offer('EXTERNAL')}\nC: AUTH EXTERNAL =\nS: 235 Ok\n${bye}`,
    { credentials: { user: '', password: '' }, auth: 'external' },
    undefined,
  ],
  [
    'SCRAM',
    scram(`S: 334 ${base64('v=rmF9pqV8S7suAoZWja4dJRkFsKQ=')}\nC> "\\r\\n"\nS: 235 Ok\n${bye}`),
    { credentials: scramUser, nonce },
    undefined,
  ],
  ['SCRAM without proof', scram('S: 235 Ok'), { credentials: scramUser, nonce }, 'auth-server-unproven'],
  [
    'SCRAM with a wrong proof',
    scram(`S: 334 ${base64('v=AAAAAAAAAAAAAAAAAAAAAAAAAAA=')}\nC: *\nS: 501 Cancelled`),
    { credentials: scramUser, nonce },
    'auth-server-unproven',
  ],
  ['SCRAM refused', scram(`S: 535 5.7.8 No\n${bye}`), { credentials: scramUser, nonce }, 'auth-refused'],
  [
    'a challenge that is no base64',
    `${offer('CRAM-MD5')}\nC: AUTH CRAM-MD5\nS: 334 <no base64>\nC: *\nS: 501 Cancelled`,
    { credentials: { user: 'u', password: 'pass' } },
    'auth-broken',
  ],
  [
    'challenges without end',
    `${offer('PLAIN')}\nC: AUTH PLAIN ${base64('\0u\0pass')}\nS: 334 \nC: *\nS: 501 Cancelled`,
    { credentials: { user: 'u', password: 'pass' } },
    'auth-broken',
  ],
  [
    'a bearer token that has expired',
    `${offer('XOAUTH2')}\nC: AUTH XOAUTH2 ${base64('user=u\x01auth=Bearer token\x01\x01')}\nS: 334 ${base64('{"status":"400"}')}\nC> "\\r\\n"\nS: 535 5.7.8 No\n${bye}`,
    { credentials: { user: 'u', password: 'token' }, auth: 'xoauth2' },
    'auth-refused',
  ],
];

describe('smtp/authenticate', () => {
  for (const [name, text, options, reason] of talks) {
    it(name, async () => {
      for (const feed of ['whole', 'byte'] as const) {
        const server = await scriptedServer(text, { feed });
        const lines: string[] = [];
        const transcript = new Transcript({ sink: (line) => lines.push(line), clock: testClock() });
        const opening = connect(optionsFor(server.port, { ...options, transcript }));
        if (reason === undefined) await (await opening).quit();
        else {
          const failure = await failureOf(opening);
          assert.equal(failure.reason, reason);
          assert.ok(!JSON.stringify({ ...failure }).includes(options.credentials!.password || '\0'));
        }
        assert.equal(await server.said, script(text));
        await server.close();
        const { password } = options.credentials!;
        const shown = lines.join('\n');
        for (const secret of [password, base64(password), base64(`\0u\0${password}`)])
          if (secret !== '') assert.ok(!shown.includes(secret), shown);
      }
    });
  }

  const credentials = { user: 'u', password: 'pass' };
  const given = {
    credentials,
    choice: 'auto' as const,
    allowPlaintextSecrets: false,
    allowUnverifiedSecrets: false,
    nonce: () => 'n',
  };
  const tls = { protocol: 'TLS 1.3', cipher: 'x', verified: true };
  const unverified = { ...tls, verified: false, verificationProblem: 'DEPTH_ZERO_SELF_SIGNED_CERT' };
  const streets: [string, string[], Partial<typeof given>, Parameters<typeof stateWith>[1], string][] = [
    ['no secret in plain text to another machine', ['AUTH PLAIN LOGIN'], {}, {}, 'auth-needs-tls'],
    ['nor when asked for by name', ['AUTH PLAIN LOGIN'], { choice: 'login' as 'auto' }, {}, 'auth-needs-tls'],
    ['but with consent', ['AUTH PLAIN'], { allowPlaintextSecrets: true }, {}, ''],
    ['or on the loopback', ['AUTH PLAIN'], {}, { loopback: true }, ''],
    ['or under TLS', ['AUTH PLAIN'], {}, { tls }, ''],
    ['not where its certificate did not verify', ['AUTH PLAIN'], {}, { tls: unverified }, 'auth-needs-certificate'],
    ['but with consent to that', ['AUTH PLAIN'], { allowUnverifiedSecrets: true }, { tls: unverified }, ''],
    ['or to plain text itself', ['AUTH PLAIN'], { allowPlaintextSecrets: true }, { tls: unverified }, ''],
    ['or on the loopback', ['AUTH PLAIN'], {}, { tls: unverified, loopback: true }, ''],
    ['consent to TLS is none to plain text', ['AUTH PLAIN'], { allowUnverifiedSecrets: true }, {}, 'auth-needs-tls'],
  ];
  for (const [name, keywords, more, change, reason] of streets) {
    it(name, () => {
      const state = stateWith(keywords, change);
      const { error, said } = playSession(authenticate(state, { ...given, ...more }), 'S: 235 Ok');
      assert.equal((error as { reason?: string } | undefined)?.reason ?? '', reason);
      assert.equal(said, reason === '' ? 'C: AUTH PLAIN AHUAcGFzcw==\nS: 235 Ok' : '');
    });
  }
});
