import assert from 'node:assert/strict';
import { createHash, createHmac, pbkdf2Sync, timingSafeEqual, X509Certificate } from 'node:crypto';
import { createServer } from 'node:tls';
import { before, describe, it } from 'mocha';
import type { MechanismChoice } from '../../../src/net/sasl/mechanism.ts';
import { connect } from '../../../src/smtp/client.ts';
import { type Listening, onLoopback } from '../../support/loopback.ts';
import { certificate, type Pair } from '../../support/smtp-certificates.ts';
import { failureOf, optionsFor } from '../../support/smtp-connect.ts';
import { envelope, messageOf } from '../../support/smtp-message.ts';

const credentials = { user: 'ann', password: 'a secret of hers' };

interface Served extends Listening {
  /** Every line that the client said. */
  readonly said: string[];
}

/**
 * A server that offers SCRAM with channel binding and checks it: what the client says of the channel against the channel
 * itself, where it is of a type that the server `knows`, `tamper` standing for whoever sits between the two and has one of
 * its own with each.
 */
async function served(
  pair: Pair,
  hash: 'sha1' | 'sha256',
  version: 'TLSv1.2' | 'TLSv1.3',
  tamper = false,
  knows: readonly string[] = ['tls-exporter', 'tls-unique'],
) {
  const said: string[] = [];
  const name = hash === 'sha1' ? 'SCRAM-SHA-1' : 'SCRAM-SHA-256';
  const server = createServer({ ...pair, minVersion: version, maxVersion: version }, (socket) => {
    socket.on('error', () => {});
    const answer = (line: string) => void socket.write(`${line}\r\n`);
    const challenge = (text: string) => answer(`334 ${Buffer.from(text).toString('base64')}`);
    const salt = Buffer.from('salt of it');
    let clientFirst = '';
    let serverFirst = '';
    let proven = false;
    let failed = false;
    answer('220 x');
    const each = (line: string) => {
      said.push(line);
      const verb = line.split(' ', 1)[0];
      if (failed) {
        assert.equal(line, '');
        failed = false;
        clientFirst = '';
        return answer('535 5.7.8 No');
      }
      if (clientFirst !== '' && !proven) return finish(Buffer.from(line, 'base64').toString());
      if (verb === 'EHLO') return answer(`250-x\r\n250-REQUIRETLS\r\n250 AUTH ${name}-PLUS ${name} PLAIN`);
      if (verb === 'AUTH') {
        clientFirst = Buffer.from(line.split(' ')[2] ?? '', 'base64').toString();
        const type = /^p=([^,]*),/.exec(clientFirst)?.[1];
        if (type !== undefined && !knows.includes(type)) {
          failed = true;
          return challenge('e=unsupported-channel-binding-type');
        }
        serverFirst = `r=${/r=(.*)$/.exec(clientFirst)?.[1]}more,s=${salt.toString('base64')},i=4096`;
        return challenge(serverFirst);
      }
      if (verb === 'DATA') return answer('354 Go');
      if (verb === 'QUIT') return void socket.end('221 Bye\r\n');
      if (line === '' && proven) return answer('235 Ok');
      if (/^(?:MAIL|RCPT|\.)/.test(line)) answer('250 Ok');
    };
    const finish = (final: string) => {
      const [, header = '', bare = ''] = /^([^,]*,[^,]*,)(.*)$/.exec(clientFirst) ?? [];
      const [, binding = '', proof = ''] = /^c=([^,]*),.*,p=(.*)$/.exec(final) ?? [];
      const channel = header.startsWith('p=tls-server-end-point')
        ? createHash('sha256').update(new X509Certificate(pair.cert).raw).digest()
        : version === 'TLSv1.3'
          ? socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0))
          : socket.getPeerFinished()!;
      if (tamper) channel[0]! ^= 1;
      const wanted = Buffer.concat([Buffer.from(header), channel]).toString('base64');
      const salted = pbkdf2Sync(credentials.password, salt, 4096, hash === 'sha1' ? 20 : 32, hash);
      const hmac = (key: Buffer, text: string) => createHmac(hash, key).update(text).digest();
      const message = `${bare},${serverFirst},${final.replace(/,p=.*$/, '')}`;
      const stored = createHash(hash).update(hmac(salted, 'Client Key')).digest();
      const signature = hmac(stored, message);
      const key = Buffer.from(proof, 'base64').map((octet, index) => octet ^ signature[index]!);
      if (binding !== wanted || !timingSafeEqual(createHash(hash).update(key).digest(), stored))
        return answer('535 5.7.8 The channel is another');
      proven = true;
      challenge(`v=${hmac(hmac(salted, 'Server Key'), message).toString('base64')}`);
    };
    let held = '';
    socket.on('data', (piece) => {
      const lines = (held + piece.toString('latin1')).split('\r\n');
      held = lines.pop()!;
      for (const line of lines) each(line);
    });
  });
  return { ...(await onLoopback(server)), said } satisfies Served;
}

/** The types that the client named, in order. */
function bindingsIn(said: readonly string[]): (string | undefined)[] {
  const firsts = said.filter((line) => line.startsWith('AUTH '));
  return firsts.map((line) => /^p=([^,]*)/.exec(Buffer.from(line.split(' ')[2]!, 'base64').toString())?.[1]);
}

describe('smtp/channel binding', () => {
  let authority: Pair;
  let pair: Pair;
  before(async () => {
    authority = await certificate({ name: 'Authority', authority: true });
    pair = await certificate({ name: 'localhost', hosts: ['localhost'] }, authority);
  });
  const options = (port: number, auth: MechanismChoice = 'auto') =>
    optionsFor(port, { host: 'localhost', security: 'tls', tls: { ca: authority.cert }, credentials, auth });

  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    for (const hash of ['sha1', 'sha256'] as const) {
      const type = version === 'TLSv1.3' ? 'tls-exporter' : 'tls-unique';
      const name = `SCRAM-SHA-${hash === 'sha1' ? '1' : '256'}-PLUS`;
      it(`${name} over ${version}: bound by ${type}`, async () => {
        const server = await served(pair, hash, version);
        const client = await connect(options(server.port));
        assert.equal(client.authenticated, name);
        const first = Buffer.from(server.said[1]!.split(' ')[2]!, 'base64').toString();
        assert.ok(first.startsWith(`p=${type},,n=ann,r=`), first);
        await client.quit();
        await server.close();
      });

      it(`${name} over ${version}: refused where somebody sits between`, async () => {
        const server = await served(pair, hash, version, true);
        const failure = await failureOf(connect(options(server.port)));
        assert.deepEqual([failure.step, failure.reason, failure.code], ['auth', 'auth-refused', 535]);
        // Neither a weaker mechanism nor a second try.
        assert.equal(server.said.filter((line) => line.startsWith('AUTH')).length, 1);
        await server.close();
      });
    }
  }

  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    it(`over ${version}: bound to the certificate where the server knows nothing else`, async () => {
      const server = await served(pair, 'sha256', version, false, ['tls-server-end-point']);
      const client = await connect(options(server.port));
      assert.equal(client.authenticated, 'SCRAM-SHA-256-PLUS');
      assert.deepEqual(bindingsIn(server.said), [
        version === 'TLSv1.3' ? 'tls-exporter' : 'tls-unique',
        'tls-server-end-point',
      ]);
      await client.quit();
      await server.close();
    });
  }

  it('never without, where the server knows none of them, or sees another certificate', async () => {
    const server = await served(pair, 'sha256', 'TLSv1.3', false, []);
    const failure = await failureOf(connect(options(server.port)));
    assert.deepEqual([failure.reason, failure.code], ['auth-channel-binding', 535]);
    assert.equal(failure.details?.fault, 'unsupported-channel-binding-type');
    assert.deepEqual(bindingsIn(server.said), ['tls-exporter', 'tls-server-end-point']);
    await server.close();
    const tampered = await served(pair, 'sha256', 'TLSv1.3', true, ['tls-server-end-point']);
    assert.equal((await failureOf(connect(options(tampered.port)))).reason, 'auth-refused');
    await tampered.close();
  });

  it('only of the type that was asked for', async () => {
    const server = await served(pair, 'sha256', 'TLSv1.3', false, ['tls-exporter', 'tls-server-end-point']);
    const given = options(server.port);
    const client = await connect({ ...given, tls: { ...given.tls, channelBinding: 'tls-server-end-point' } });
    assert.equal(client.authenticated, 'SCRAM-SHA-256-PLUS');
    assert.deepEqual(bindingsIn(server.said), ['tls-server-end-point']);
    await client.quit();
    await server.close();
  });

  it('REQUIRETLS goes out over TLS that was verified, and not over any other', async () => {
    const server = await served(pair, 'sha256', 'TLSv1.3');
    const client = await connect(options(server.port));
    const delivery = await client.send(envelope, messageOf('x\r\n'), { requireTls: true });
    assert.equal(delivery.outcome, 'accepted');
    assert.ok(server.said.includes('MAIL FROM:<ann@a.example> REQUIRETLS'), server.said.join('\n'));
    await client.quit();
    const unverified = await connect({ ...options(server.port), tls: { verify: false } });
    const failure = await failureOf(unverified.send(envelope, messageOf('x\r\n'), { requireTls: true }));
    assert.deepEqual([failure.failure, failure.reason], ['local', 'extension-limit']);
    await unverified.quit();
    await server.close();
  });
});
