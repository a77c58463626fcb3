import assert from 'node:assert/strict';
// Loaded before mocha looks for leaks: tslib, which comes with it, sets global names where it is not bundled.
import '@peculiar/asn1-schema';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { deliver } from '../../../src/send/deliver.ts';
import { parseServer } from '../../../src/send/server-settings.ts';
import { composedOf, PLAIN } from '../send/support/composed.ts';
import { portsOf } from '../send/support/fixed.ts';
import { run, start } from './support/run.ts';

describe('cli serve', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mailbench-serve-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('keeps each message as a .eml, and ends on SIGTERM', async () => {
    const served = start(['serve', '--port', '0', '--dir', 'mail'], { cwd: folder });
    const [, port] = await served.until(/^Listening on 127\.0\.0\.1:(\d+), keeping messages in (.*)\n/);
    const { server } = parseServer('s', { host: `127.0.0.1:${port}`, security: 'none' });
    assert.ok(server);
    for (const recipients of [['bob@example.org'], ['cy@example.org', 'dee@example.org']]) {
      assert.equal((await deliver(composedOf({ recipients }), server, portsOf())).kind, 'delivered');
    }
    await served.until(/dee@example\.org\n/);
    served.child.kill('SIGTERM');
    const { code, stdout, stderr } = await served.ended;
    const mail = join(folder, 'mail');
    const names = (await readdir(mail)).filter((name) => name.endsWith('.eml')).sort();
    assert.equal(names.length, 2);
    assert.deepEqual([code, stderr], [0, '']);
    assert.equal(
      stdout.toString(),
      [
        `Listening on 127.0.0.1:${port}, keeping messages in ${mail}`,
        `${join(mail, names[0] ?? '')}  ann@example.com -> bob@example.org`,
        `${join(mail, names[1] ?? '')}  ann@example.com -> cy@example.org, dee@example.org`,
        '',
      ].join('\n'),
    );
    assert.equal(await readFile(join(mail, names[0] ?? ''), 'latin1'), PLAIN);
  });

  it('speaks TLS where that is wanted', async () => {
    const stop = new AbortController();
    const port = await freePort();
    const served = run(['serve', '--port', String(port), '--dir', folder, '--security', 'tls', '--quiet'], {
      signal: stop.signal,
    });
    const { server } = parseServer('s', { host: `127.0.0.1:${port}`, security: 'tls', tls: { verify: false } });
    assert.ok(server);
    let outcome = await deliver(composedOf({}), server, portsOf());
    // The server starts beside this: it may not listen yet.
    while (outcome.kind === 'failed' && outcome.failure.reason === 'connection-refused') {
      outcome = await deliver(composedOf({}), server, portsOf());
    }
    assert.equal(outcome.kind, 'delivered');
    stop.abort();
    assert.deepEqual([(await served).code, (await served).stderr], [0, '']);
    assert.equal((await run(['serve', '--security', 'ssl'])).code, 2);
  });

  it('says that its port is taken', async () => {
    const taken = createServer();
    const port = await listen(taken);
    try {
      const { code, stdout, stderr } = await run(['serve', '--port', String(port), '--dir', folder]);
      assert.equal(
        stderr,
        `mailbench serve: port ${port} is taken already: give another with --port, or 0 for any free one.\n`,
      );
      assert.deepEqual([code, stdout.toString()], [1, '']);
    } finally {
      taken.close();
    }
  });

  it('listens on loopback only', async () => {
    const { code, stderr } = await run(['serve', '--host', '0.0.0.0', '--port', '0', '--dir', folder]);
    assert.equal(code, 1);
    assert.equal(
      stderr,
      'mailbench serve: 0.0.0.0 can be reached from other machines, and this server takes mail from anybody: use 127.0.0.1 or ::1.\n',
    );
  });

  it('lets go wrong what a file of faults says', async () => {
    const faults = join(folder, 'faults.json');
    await writeFile(faults, '[{ "at": "rcpt", "match": "*@full.example", "reply": "452 4.2.2 Mailbox full" }]');
    const stop = new AbortController();
    const port = await freePort();
    const served = run(['serve', '--port', String(port), '--dir', folder, '--faults', faults], { signal: stop.signal });
    const { server } = parseServer('s', { host: `127.0.0.1:${port}`, security: 'none' });
    assert.ok(server);
    const recipients = ['bob@example.org', 'amy@full.example'];
    let outcome = await deliver(composedOf({ recipients }), server, portsOf());
    while (outcome.kind === 'failed' && outcome.failure.reason === 'connection-refused') {
      outcome = await deliver(composedOf({ recipients }), server, portsOf());
    }
    stop.abort();
    assert.equal((await served).code, 0);
    assert.ok(outcome.kind === 'partial');
    assert.deepEqual(
      outcome.recipients.map(({ status }) => status),
      ['accepted', 'refused'],
    );
  });

  it('says what is wrong with a file of faults, or a folder', async () => {
    const faults = join(folder, 'faults.json');
    await writeFile(faults, '[{ "at": "rcpt", "drop": true }, { "at": "never", "drop": true }, { "at": "mail" }]');
    const { code, stderr } = await run(['serve', '--port', '0', '--dir', folder, '--faults', faults]);
    assert.equal(code, 2);
    assert.ok(
      stderr.includes(
        'Fault 2 does not say where it strikes: "at" is connect, hello, starttls, auth, mail, rcpt, data, body, message, rset or quit. Fault 3 does nothing: give it a reply, raw, delay or drop.',
      ),
      stderr,
    );
    const file = await run(['serve', '--port', '0', '--dir', faults]);
    assert.deepEqual(
      [file.code, file.stderr],
      [1, `mailbench serve: ${faults} is no folder: give another with --dir.\n`],
    );
  });

  it('ends by its signal', async () => {
    const { code, stderr } = await run(['serve', '--port', '0', '--dir', folder], { signal: AbortSignal.abort() });
    assert.deepEqual([code, stderr], [0, '']);
  });
});

async function listen(server: Server): Promise<number> {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((closed) => server.close(closed));
  return port;
}
