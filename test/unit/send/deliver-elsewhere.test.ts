import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import type { Resolver } from '../../../src/net/resolver.ts';
import { deliver } from '../../../src/send/deliver.ts';
import { deliveryReport } from '../../../src/send/delivery-report.ts';
import { stoppedOnPurpose } from '../../../src/send/outcome.ts';
import { outcomeSentence } from '../../../src/send/sentences/outcome.ts';
import type { SendOptions } from '../../../src/smtp/options.ts';
import { dnsServer } from '../../support/dns-server.ts';
import { composedOf, PLAIN } from './support/composed.ts';
import { portsOf } from './support/fixed.ts';
import { friendly, scriptedServer } from './support/scripted-server.ts';
import { HI, type Rules, serverOf } from './support/send-to.ts';

describe('send/deliver', () => {
  describe('straight to the recipients’ servers', () => {
    async function sendByMx(rules: Rules, recipients: readonly string[], sendOptions: SendOptions = {}) {
      const server = await scriptedServer(HI, rules);
      const records: Record<string, { exchange: string; preference: number }[]> = {
        'a.example': [
          { exchange: 'down.a.example', preference: 5 },
          { exchange: 'mx.a.example', preference: 10 },
        ],
        'b.example': [
          { exchange: 'down.b.example', preference: 5 },
          { exchange: 'gone.b.example', preference: 10 },
        ],
        'null.example': [{ exchange: '', preference: 0 }],
      };
      const missing = () => Object.assign(new Error('queryMx'), { code: 'ENOTFOUND' });
      const dns: Resolver = {
        addresses: (host) =>
          host === 'mx.a.example' ? Promise.resolve([{ address: '127.0.0.1', family: 4 }]) : Promise.reject(missing()),
        mx: (domain) => (records[domain] ? Promise.resolve(records[domain]) : Promise.reject(missing())),
      };
      try {
        const to = serverOf({ transport: 'mx', port: server.port });
        const outcome = await deliver(
          composedOf({ recipients }),
          to,
          portsOf({ dns, sendOptions, ask: async () => true }),
        );
        const mask = (text: string) => text.replaceAll(`:${server.port}`, ':PORT');
        const transcript = 'transcript' in outcome ? outcome.transcript.map(mask) : [];
        return { outcome, transcript, sentence: mask(outcomeSentence(outcome)) };
      } finally {
        await server.close();
      }
    }

    it('goes to the next host where one is down, and tells of each domain', async () => {
      const { outcome, transcript, sentence } = await sendByMx(friendly, [
        'bob@a.example',
        'cy@null.example',
        'dee@none.example',
      ]);
      assert.ok(outcome.kind === 'partial');
      assert.deepEqual(
        outcome.recipients.map(({ address, status }) => [address, status]),
        [
          ['bob@a.example', 'accepted'],
          ['cy@null.example', 'unsent'],
          ['dee@none.example', 'unsent'],
        ],
      );
      assert.equal(transcript[0], '=== 14:02:11.093  Mail for a.example goes to down.a.example (5), mx.a.example (10)');
      assert.equal(
        transcript[2],
        '=== +0 ms  The name down.a.example of server "staging" does not exist, or has no address. Trying mx.a.example',
      );
      assert.deepEqual(transcript.slice(-3), [
        '*** null.example takes no mail at all: its MX record says so (RFC 7505). Check the part after the @.',
        '*** The domain none.example does not exist, or has no mail server. Check the part after the @.',
        '=== 1 of 3 recipients accepted; 0 ms, 5 round trips',
      ]);
      assert.match(
        sentence,
        /^Server "staging" took the message for 1 of 3 recipients only\. cy@null\.example was not reached\. null\.example takes no mail at all/,
      );
    });

    it('asks the name servers of its settings, and says so', async () => {
      const server = await scriptedServer(HI, friendly);
      const dns = await dnsServer({
        'a.example': { mx: [[10, 'mx.a.example']] },
        'mx.a.example': { a: '127.0.0.1' },
        'b.example': 'fails',
      });
      try {
        const to = serverOf({ transport: 'mx', port: server.port, nameServers: dns.at });
        const recipients = ['bob@a.example', 'cy@b.example', 'dee@none.example'];
        const outcome = await deliver(composedOf({ recipients }), to, portsOf({ ask: async () => true }));
        assert.ok(outcome.kind === 'partial');
        assert.deepEqual(
          outcome.recipients.map(({ status }) => status),
          ['accepted', 'unsent', 'unsent'],
        );
        const told = (start: string) => outcome.transcript.find((line) => line.includes(start))?.replace(dns.at, 'DNS');
        assert.equal(
          told('Mail for a.example'),
          '=== 14:02:11.093  Mail for a.example goes to mx.a.example (10), by DNS',
        );
        assert.equal(
          told('b.example could'),
          '*** The address of b.example could not be looked up at DNS: ESERVFAIL. Check "nameServers" of the server’s settings, and the network connection of this machine, then send again.',
        );
        assert.ok(told('The domain none.example does not exist'));
      } finally {
        await server.close();
        await dns.close();
      }
    });

    it('checks a delivery: each host that was tried, and what its session taught', async () => {
      const offering = '250-mx.a.example\n250-SIZE 5000\n250 PIPELINING';
      const { outcome } = await sendByMx(
        [[/^EHLO/, offering], ...friendly],
        ['bob@a.example', 'cy@null.example', 'eve@b.example'],
        { dryRun: true },
      );
      assert.ok('transcript' in outcome);
      const report = deliveryReport('a.eml', { ...outcome, transcript: [] }, 0).replace(
        /^[\s\S]*?(?=## Mail servers)/,
        '',
      );
      assert.deepEqual(report.split('\n'), [
        '## Mail servers of a.example',
        '',
        '- down.a.example (5): The name down.a.example of server "staging" does not exist, or has no address.',
        '- mx.a.example (10):  answered',
        '',
        '## Session of mx.a.example',
        '',
        '- Connected to: 127.0.0.1',
        `- Greeting:     ${HI}`,
        '- Calls itself: mx.a.example',
        '- TLS:          none: everything goes in plain text',
        '- Login:        not offered',
        '',
        '## Extensions of mx.a.example',
        '',
        '- SIZE:       5000 – says the largest message it takes (RFC 1870)',
        '- PIPELINING: takes commands in groups (RFC 2920)',
        '',
        'Not offered: 8BITMIME, SMTPUTF8, DSN, CHUNKING.',
        '',
        '## Limits of mx.a.example',
        '',
        '- Size of a message:       5,000 bytes at most: this one fits',
        '- Recipients of a message: not told',
        '- Messages in a session:   not told',
        '',
        '## Mail servers of null.example',
        '',
        '- None: null.example takes no mail at all: its MX record says so (RFC 7505).',
        '',
        '## Mail servers of b.example',
        '',
        '- down.b.example (5):  The name down.b.example of server "staging" does not exist, or has no address.',
        '- gone.b.example (10): The name gone.b.example of server "staging" does not exist, or has no address.',
        '',
      ]);
    });

    it('tells where none of several hosts could be used', async () => {
      const { sentence, outcome } = await sendByMx(friendly, ['eve@b.example']);
      assert.equal(outcome.kind, 'failed');
      assert.equal(
        sentence,
        'None of the 2 mail servers of b.example could be used; the last: The name gone.b.example of server "staging" does not exist, or has no address. The transcript shows each attempt. Many networks block port 25: send through a relay then.',
      );
    });

    it('stops where it was asked to', async () => {
      const stop = { at: 'rcpt', before: 'next', how: 'quit' } as const;
      const { outcome, transcript } = await sendByMx(friendly, ['bob@a.example'], { stop });
      assert.equal(stoppedOnPurpose(outcome), true);
      assert.equal(transcript.filter((line) => line.startsWith('***')).length, 0);
      assert.equal(transcript.filter((line) => /DATA/.test(line)).length, 0);
      const early = await sendByMx(friendly, ['bob@a.example'], { stop: { ...stop, at: 'ehlo' } });
      assert.equal(stoppedOnPurpose(early.outcome), true);
      assert.equal(early.transcript.filter((line) => line.startsWith('***') || /MAIL/.test(line)).length, 0);
    });

    it('tells a refusal once', async () => {
      const { outcome, transcript } = await sendByMx(
        [[/^RCPT/, '550 5.1.1 No such user'], ...friendly],
        ['bob@a.example'],
      );
      assert.equal(outcome.kind, 'failed');
      assert.deepEqual(
        transcript.filter((line) => line.startsWith('***')),
        [
          '*** Recipient bob@a.example refused: 550 5.1.1 No such user. There is no such mailbox: check the part before the @.',
        ],
      );
      const mail = await sendByMx([[/^MAIL/, '550 5.7.1 Not you'], ...friendly], ['bob@a.example']);
      assert.equal(mail.transcript.filter((line) => line.startsWith('***')).length, 1);
    });
  });

  describe('to a folder', () => {
    it('writes a .eml for each message', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'mailbench-folder-'));
      try {
        const server = serverOf({ transport: 'folder', path: './out/deep' });
        const composed = composedOf({ workspaceRoot: folder });
        const outcomes = [await deliver(composed, server, portsOf()), await deliver(composed, server, portsOf())];
        const out = join(folder, 'out', 'deep');
        assert.deepEqual((await readdir(out)).sort(), ['20261120T140211093Z-1.eml', '20261120T140211093Z.eml']);
        const first = outcomes[0];
        assert.ok(first?.kind === 'delivered');
        assert.equal(first.file, join(out, '20261120T140211093Z.eml'));
        assert.equal(await readFile(first.file ?? '', 'latin1'), PLAIN);
        assert.deepEqual(first.transcript, [
          `=== 14:02:11.093  Writing to the folder ${out} (server "staging")`,
          `=== +0 ms  Wrote ${first.file}, 66 bytes`,
        ]);
        assert.equal(
          outcomeSentence(first),
          `The folder "staging" took the message for bob@example.org: ${first.file}.`,
        );
      } finally {
        await rm(folder, { recursive: true });
      }
    });

    it('leaves nothing behind where it can’t', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'mailbench-folder-'));
      try {
        await writeFile(join(folder, 'out'), 'a file');
        const server = serverOf({ transport: 'folder', path: 'out' });
        const outcome = await deliver(composedOf({ workspaceRoot: folder }), server, portsOf());
        assert.equal(
          outcomeSentence(outcome),
          `The message can’t be written into ${join(folder, 'out')} (EEXIST). Check "path" of server "staging", and the permissions of the folder.`,
        );
        const broken = composedOf({ workspaceRoot: folder });
        const source = { ...broken.message!, read: () => failing() };
        const other = serverOf({ transport: 'folder', path: 'other' });
        assert.equal((await deliver({ ...broken, message: source }, other, portsOf())).kind, 'refused');
        assert.deepEqual(await readdir(join(folder, 'other')), []);
      } finally {
        await rm(folder, { recursive: true });
      }
    });
  });
});

async function* failing(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('From: half');
  throw Object.assign(new Error('gone'), { code: 'EIO' });
}
