import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
// Loaded before mocha looks for leaks: tslib, which comes with it, sets global names where it is not bundled.
import '@peculiar/asn1-schema';
import { after, before, describe, it } from 'mocha';
import { makeCertificate } from '../../src/capture/certificate.ts';
import type { KeyPair } from '../../src/capture/server.ts';
import { connect } from '../../src/smtp/client.ts';
import { failureOf, optionsFor } from '../support/smtp-connect.ts';
import { messageOf } from '../support/smtp-message.ts';
import { newMark, recording, textOf, withClient } from './harness/exchange.ts';
import { NextHop } from './harness/next-hop.ts';
import { freePorts, newFolder, removeFolder } from './harness/places.ts';
import { Program } from './harness/program.ts';

describe('Dante', () => {
  let folder: string;
  let dante: Program;
  let hop: NextHop;
  let pair: KeyPair;
  let proxy: string;

  before(async () => {
    pair = await makeCertificate({ now: Date.now() });
    hop = await NextHop.start({ certificate: async () => pair });
    folder = await newFolder();
    const { socks } = await freePorts('socks');
    const file = join(folder, 'danted.conf');
    await writeFile(
      file,
      `logoutput: stderr
internal: 127.0.0.1 port = ${socks}
external: lo
clientmethod: none
socksmethod: none
user.unprivileged: nobody
client pass { from: 127.0.0.0/8 to: 0.0.0.0/0 }
socks block { from: 127.0.0.0/8 to: 127.0.0.3/32 }
socks pass { from: 127.0.0.0/8 to: 0.0.0.0/0 }
`,
    );
    dante = new Program('Dante', { command: 'danted', args: ['-f', file, '-N', '1', '-p', join(folder, 'pid')] });
    await dante.ready({ ports: [socks] });
    proxy = `127.0.0.1:${socks}`;
  });
  after(async () => {
    await dante?.end();
    await hop?.close();
    await removeFolder(folder);
  });

  // Not socks4a: Debian's Dante takes the 0.0.0.1 that stands for a name in it for an address.
  for (const scheme of ['socks5', 'socks5h', 'socks4'] as const) {
    it(`leads to a server by ${scheme}, under TLS that the proxy does not see`, async () => {
      const mark = newMark();
      const { transcript, lines } = recording();
      const host = scheme === 'socks4' ? '127.0.0.1' : 'localhost';
      const options = optionsFor(hop.port, { host, security: 'starttls', tls: { ca: pair.certificate }, transcript });
      await withClient({ ...options, proxy: `${scheme}://${proxy}` }, async (client) => {
        const delivery = await client.send(
          { sender: '', recipients: ['bob@b.example'] },
          messageOf(textOf(mark, '.\r\n')),
        );
        assert.equal(delivery.outcome, 'accepted');
        assert.equal(client.tls?.verified, true);
      });
      assert.equal((await hop.message(mark)).text, textOf(mark, '.\r\n'));
      assert.match(lines[0] ?? '', new RegExp(`Connecting to .* through ${scheme}://`));
    });
  }

  it('says what it does not allow, and where nobody listens', async () => {
    const forbidden = await failureOf(connect(optionsFor(hop.port, { host: '127.0.0.3', proxy: `socks5://${proxy}` })));
    assert.deepEqual([forbidden.step, forbidden.reason], ['connect', 'proxy-refused']);
    const { nobody } = await freePorts('nobody');
    const dead = await failureOf(connect(optionsFor(nobody, { proxy: `socks5://${proxy}` })));
    assert.deepEqual([dead.step, dead.reason], ['connect', 'proxy-refused']);
  });
});

/** Dante asks the system for its users; this one is given its own. */
describe('microsocks', () => {
  let microsocks: Program;
  let hop: NextHop;
  let address: string;

  before(async () => {
    hop = await NextHop.start({});
    const { socks } = await freePorts('socks');
    const args = ['-i', '127.0.0.1', '-p', String(socks), '-u', 'ann', '-P', 'p@ss:wörd'];
    microsocks = new Program('microsocks', { command: 'microsocks', args });
    await microsocks.ready({ ports: [socks] });
    address = `127.0.0.1:${socks}`;
  });
  after(async () => {
    await microsocks?.end();
    await hop?.close();
  });

  it('leads to a server for one who has the password, which stands nowhere', async () => {
    const mark = newMark();
    const { transcript, lines } = recording();
    const proxy = `socks5://ann:${encodeURIComponent('p@ss:wörd')}@${address}`;
    await withClient({ ...optionsFor(hop.port, { transcript }), proxy }, async (client) => {
      const delivery = await client.send(
        { sender: '', recipients: ['bob@b.example'] },
        messageOf(textOf(mark, 'x\r\n')),
      );
      assert.equal(delivery.outcome, 'accepted');
    });
    assert.equal((await hop.message(mark)).text, textOf(mark, 'x\r\n'));
    assert.doesNotMatch(lines.join('\n'), /p@ss|p%40ss|ann:/);
  });

  for (const [name, user] of [
    ['a wrong password', 'ann:wrong@'],
    ['none', ''],
  ] as const) {
    it(`turns away one with ${name}`, async () => {
      const failure = await failureOf(connect(optionsFor(hop.port, { proxy: `socks5://${user}${address}` })));
      assert.deepEqual([failure.step, failure.reason], ['connect', 'proxy-authentication']);
      assert.doesNotMatch(JSON.stringify(failure), /wrong/);
    });
  }
});
