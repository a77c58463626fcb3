import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// Loaded before mocha looks for leaks: tslib, which comes with it, sets global names where it is not bundled.
import '@peculiar/asn1-schema';
import { after, before, describe, it } from 'mocha';
import { createTransport } from 'nodemailer';
import { makeCertificate } from '../../../src/capture/certificate.ts';
import { type CaptureServer, type KeyPair, startCapture } from '../../../src/capture/server.ts';
import { type MessageStore, openMessageStore } from '../../../src/capture/store.ts';

/** Programs that this project has no part in, against the whole server. */
describe('the capture server and independent clients', () => {
  let root: string;
  let store: MessageStore;
  let server: CaptureServer;
  let pair: KeyPair;

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'mailbench-clients-'));
    store = await openMessageStore(join(root, 'inbox'));
    pair = await makeCertificate({ now: Date.now() });
    server = await startCapture({ port: 0, store, certificate: async () => pair });
  });
  after(async () => {
    await server.close();
    await rm(root, { recursive: true });
  });

  it('takes from nodemailer what it built, over TLS and authenticated', async () => {
    const transport = createTransport({
      host: '127.0.0.1',
      port: server.port,
      requireTLS: true,
      tls: { ca: pair.certificate },
      auth: { user: 'jo', pass: 'secret' },
    });
    const sent = await transport.sendMail({
      from: 'Zoë <zoe@a.example>',
      to: ['b@b.example', 'jo+fault-550-5.1.1@b.example'],
      subject: 'Grüße',
      text: `.\n..\nlong ${'x'.repeat(2000)}\n`,
      html: '<p>ü</p>',
      attachments: [{ filename: 'a.bin', content: Buffer.alloc(200_000, 'ab\0') }],
      envelope: {
        from: 'zoe@a.example',
        to: ['b@b.example', 'jo+fault-550-5.1.1@b.example'],
        dsn: { id: 'x', return: 'headers', notify: 'never' },
      },
    });
    transport.close();
    assert.deepEqual(sent.accepted, ['b@b.example']);
    assert.deepEqual(sent.rejected, ['jo+fault-550-5.1.1@b.example']);
    const [record] = await store.list();
    assert.equal(sent.response, `250 2.0.0 Kept as ${record?.id}`);
    assert.equal(record?.session?.protocol, 'ESMTPSA');
    assert.equal(record?.session?.user, 'jo');
    assert.deepEqual(record?.envelope?.recipients, ['b@b.example']);
    assert.equal(record?.summary.subject, 'Grüße');
    assert.equal(record?.summary.from, 'Zoë <zoe@a.example>');
    assert.equal(record?.summary.messageId, sent.messageId);
    const kept = Buffer.from((await store.read(record!.id))!).toString('latin1');
    assert.ok(kept.includes(Buffer.alloc(200_000, 'ab\0').toString('base64').slice(0, 76)));
    await store.clear();
  });

  it('takes from smtplib, octet for octet, whatever it sends', async function () {
    const script = `
import smtplib, ssl, sys
port, ca = int(sys.argv[1]), sys.argv[2]
with smtplib.SMTP('127.0.0.1', port) as s:
    s.starttls(context=ssl.create_default_context(cadata=sys.stdin.read()))
    s.login('jo', 'secret')
    print(s.has_extn('pipelining'), s.verify('x')[0], s.expn('x')[0], s.noop()[0], s.rset()[0], s.help()[:4])
    refused = s.sendmail('a@a.example', ['b@b.example', 'fault-450@b.example'], b'Subject: x\\r\\n\\r\\n.\\r\\n..x\\r\\n\\xff',
                         mail_options=['BODY=8BITMIME'], rcpt_options=['NOTIFY=NEVER'])
    print(refused)
    try:
        s.sendmail('a@a.example', ['fault-message-552@b.example'], 'x')
    except smtplib.SMTPDataError as e:
        print(e.smtp_code, e.smtp_error)
with smtplib.LMTP('127.0.0.1', int(sys.argv[2])) as s:
    s.sendmail('a@a.example', ['b@b.example'], 'Subject: lmtp')
`;
    const lmtp = await startCapture({ port: 0, store, protocol: 'lmtp' });
    const python = spawn('python3', ['-c', script, `${server.port}`, `${lmtp.port}`]);
    let output = '';
    python.stdout.on('data', (octets: Buffer) => {
      output += octets.toString();
    });
    python.stderr.on('data', (octets: Buffer) => {
      output += octets.toString();
    });
    python.stdin.on('error', () => {});
    python.stdin.end(pair.certificate);
    const code = await new Promise<number | string | null>((resolve) => {
      python.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
      python.once('close', resolve);
    });
    await lmtp.close();
    // A machine need not have Python; it is not what is tested here.
    if (code === 'ENOENT') this.skip();
    assert.equal(
      output,
      "True 252 550 250 250 b'2.0.'\n{'fault-450@b.example': (450, b'4.0.0 As the address asked')}\n552 b'5.0.0 As the address asked'\n",
    );
    assert.equal(code, 0);
    const [first, second] = await store.list();
    assert.equal(
      Buffer.from((await store.read(first!.id))!).toString('latin1'),
      'Subject: x\r\n\r\n.\r\n..x\r\n\xff\r\n',
    );
    assert.equal(first?.irregularities, undefined);
    assert.equal(first?.session?.protocol, 'ESMTPSA');
    assert.equal(second?.session?.protocol, 'LMTP');
    assert.equal(second?.summary.subject, 'lmtp');
    await store.clear();
  });
});
