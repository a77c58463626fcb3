import assert from 'node:assert/strict';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
// Loaded before mocha looks for leaks: tslib, which comes with it, sets global names where it is not bundled.
import '@peculiar/asn1-schema';
import { after, before, describe, it } from 'mocha';
import { makeCertificate } from '../../src/capture/certificate.ts';
import { type CaptureServer, startCapture } from '../../src/capture/server.ts';
import { type MessageStore, openMessageStore } from '../../src/capture/store.ts';
import { newMark, textOf } from './harness/exchange.ts';
import { newFolder, removeFolder } from './harness/places.ts';
import { run, runOrFail } from './harness/program.ts';

/** Clients that people test mail with, against the Local Inbox's server. */
describe('the capture server', () => {
  let folder: string;
  let store: MessageStore;
  let server: CaptureServer;
  let secure: CaptureServer;
  let lmtp: CaptureServer;
  let ca: string;

  before(async () => {
    folder = await newFolder();
    const pair = await makeCertificate({ now: Date.now() });
    ca = join(folder, 'ca.pem');
    await writeFile(ca, pair.certificate);
    store = await openMessageStore(join(folder, 'inbox'));
    const certificate = async () => pair;
    server = await startCapture({ port: 0, host: '127.0.0.1', store, certificate });
    secure = await startCapture({ port: 0, host: '127.0.0.1', store, certificate, security: 'tls' });
    lmtp = await startCapture({ port: 0, host: '127.0.0.1', store, protocol: 'lmtp' });
  });
  after(async () => {
    await Promise.all([server, secure, lmtp].map((each) => each?.close()));
    await removeFolder(folder);
  });

  const body = '.\r\n..\r\n.x\r\n\r\n trailing \r\nFrom here\r\nlast.\r\n';

  /** The one message whose text holds that, and its record. */
  async function kept(mark: string) {
    for (const record of await store.list()) {
      const text = Buffer.from((await store.read(record.id)) ?? []).toString('latin1');
      if (text.includes(mark)) return { text, record };
    }
    return assert.fail(`no message with ${mark} was kept`);
  }

  async function fileOf(text: string): Promise<string> {
    const file = join(folder, 'message');
    await writeFile(file, text, 'latin1');
    return file;
  }

  describe('and swaks', () => {
    const swaks = (port: number, ...args: string[]) =>
      run({
        command: 'swaks',
        args: ['--server', `127.0.0.1:${port}`, '--from', 'ann@a.example', '--helo', 'swaks.example', ...args],
      });

    it('over STARTTLS, authenticated, pipelining', async () => {
      for (const [mechanism, more] of [
        ['PLAIN', ['--pipeline']],
        ['LOGIN', []],
      ] as const) {
        const mark = newMark();
        const file = await fileOf(textOf(mark, body).replaceAll('\r\n', '\n'));
        const { code, output } = await swaks(
          server.port,
          ...['--to', 'bob@b.example', '--tls', '--tls-ca-path', ca, '--tls-verify'],
          ...['--auth', mechanism, '--auth-user', 'jo', '--auth-password', 'secret', '--data', file, ...more],
        );
        assert.equal(code, 0, output);
        const { text, record } = await kept(mark);
        // swaks puts an empty line after what it was given.
        assert.equal(text.trimEnd(), textOf(mark, body).trimEnd());
        assert.equal(record.session?.protocol, 'ESMTPSA');
        assert.equal(record.session?.user, 'jo');
        assert.equal(record.session?.hello, 'swaks.example');
        assert.match(output, /^ *<~ {2}235 2\.7\.0 Accepted$/m);
      }
    });

    it('over TLS from the first octet, over LMTP, and with a recipient that is refused', async () => {
      const [first, second] = [newMark(), newMark()];
      const secureRun = await swaks(secure.port, '--tls-on-connect', '--to', 'bob@b.example', '--body', first);
      assert.equal(secureRun.code, 0, secureRun.output);
      assert.equal((await kept(first)).record.session?.protocol, 'ESMTPS');
      const to = 'bob@b.example,jo+fault-message-452@b.example';
      const { output } = await swaks(lmtp.port, '--protocol', 'LMTP', '--to', to, '--body', second);
      assert.match(output, /^<- {2}250 2\.0\.0 Kept as .*\n<\*\* 452 4\.0\.0 As the address asked$/m);
      assert.deepEqual((await kept(second)).record.envelope?.recipients, ['bob@b.example']);
      const refused = await swaks(server.port, '--to', 'fault-550@b.example', '--body', 'x');
      assert.equal(refused.code, 24, refused.output);
    });
  });

  it('and msmtp', async () => {
    const config = join(folder, 'msmtprc');
    const mark = newMark();
    for (const [port, starttls] of [
      [server.port, 'on'],
      [secure.port, 'off'],
    ] as const) {
      await writeFile(
        config,
        `account default\nhost localhost\nport ${port}\nfrom ann@a.example\ntls on\ntls_starttls ${starttls}\ntls_trust_file ${ca}\n` +
          'auth plain\nuser jo\npassword secret\ndomain msmtp.example\ndsn_notify failure\ndsn_return headers\n',
      );
      await chmod(config, 0o600);
      await runOrFail({
        command: 'msmtp',
        args: ['-C', config, 'bob@b.example', 'eve@b.example'],
        input: Buffer.from(textOf(`${mark}${starttls}`, body).replaceAll('\r\n', '\n'), 'latin1'),
      });
      const { text, record } = await kept(`${mark}${starttls}`);
      assert.equal(text, textOf(`${mark}${starttls}`, body));
      assert.equal(record.session?.protocol, 'ESMTPSA');
      assert.deepEqual(record.envelope?.recipients, ['bob@b.example', 'eve@b.example']);
      assert.deepEqual(record.envelope?.mailParameters, [{ keyword: 'RET', value: 'HDRS' }]);
      assert.deepEqual(record.envelope?.accepted?.[0]?.parameters, [{ keyword: 'NOTIFY', value: 'FAILURE' }]);
    }
    const { code, output } = await run({ command: 'msmtp', args: ['-C', config, 'fault-551@b.example'], input: 'x\n' });
    assert.notEqual(code, 0);
    assert.match(output, /551 5\.0\.0 As the address asked/);
  });

  it('and curl', async () => {
    for (const [url, mechanism] of [
      [`smtp://localhost:${server.port}/curl.example`, 'PLAIN'],
      [`smtps://localhost:${secure.port}/curl.example`, 'LOGIN'],
    ] as const) {
      const mark = newMark();
      const file = await fileOf(textOf(mark, body));
      await runOrFail({
        command: 'curl',
        args: [
          ...['--silent', '--show-error', '--url', url, '--ssl-reqd', '--cacert', ca, '--user', 'jo:secret'],
          ...['--login-options', `AUTH=${mechanism}`, '--mail-from', 'ann@a.example', '--mail-rcpt', 'bob@b.example'],
          ...['--mail-rcpt', 'fault-550@b.example', '--mail-rcpt-allowfails', '--upload-file', file],
        ],
      });
      const { text, record } = await kept(mark);
      assert.equal(text, textOf(mark, body));
      assert.equal(record.session?.protocol, 'ESMTPSA');
      assert.deepEqual(record.envelope?.recipients, ['bob@b.example']);
    }
    const { code, output } = await run({
      command: 'curl',
      args: ['--silent', '--show-error', '--url', `smtp://localhost:${server.port}`, '--request', 'VRFY postmaster'],
    });
    assert.equal(code, 0, output);
  });

  it('and smtplib', async () => {
    const mark = newMark();
    const output = await runOrFail({
      command: '/usr/bin/python3',
      args: ['-c', script, `${server.port}`, `${secure.port}`, `${lmtp.port}`, ca, mark],
    });
    assert.equal(
      output,
      "(235, b'2.7.0 Accepted')\n{'fault-550@b.example': (550, b'5.0.0 As the address asked')}\n252 550 214 250 250\n" +
        "450 b'4.0.0 As the address asked'\n421 b'4.0.0 As the address asked'\n",
    );
    for (const [name, protocol, user] of [
      ['starttls', 'ESMTPSA', 'jo'],
      ['ssl', 'ESMTPS', undefined],
      ['lmtp', 'LMTP', undefined],
      ['utf8', 'UTF8SMTP', undefined],
    ] as const) {
      const { text, record } = await kept(`${mark}-${name}`);
      assert.equal(record.session?.protocol, protocol, name);
      assert.equal(record.session?.user, user);
      if (name === 'starttls') assert.equal(text, `Subject: ${mark}-starttls\r\n\r\n.\r\n..x\r\n`);
      if (name === 'utf8') assert.equal(record.summary.subject, `${mark}-utf8 ✓`);
    }
  });
});

const script = `
import smtplib, ssl, sys
from email.message import EmailMessage
port, secure, lmtp, ca, mark = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], sys.argv[5]
context = ssl.create_default_context(cafile=ca)
with smtplib.SMTP('localhost', port) as s:
    s.starttls(context=context)
    print(s.login('jo', 'secret'))
    print(s.sendmail('a@a.example', ['b@b.example', 'fault-550@b.example'],
                     'Subject: ' + mark + '-starttls\\n\\n.\\n..x\\n'))
    print(s.verify('x')[0], s.expn('x')[0], s.docmd('HELP')[0], s.noop()[0], s.rset()[0])
with smtplib.SMTP_SSL('localhost', secure, context=context) as s:
    s.sendmail('a@a.example', 'b@b.example', 'Subject: ' + mark + '-ssl\\n\\n')
with smtplib.LMTP('localhost', lmtp) as s:
    # One recipient: smtplib reads one reply, however many there are.
    s.sendmail('a@a.example', ['b@b.example'], 'Subject: ' + mark + '-lmtp\\n\\n')
with smtplib.SMTP('localhost', port) as s:
    message = EmailMessage()
    message['From'], message['To'], message['Subject'] = 'ä@a.example', 'b@b.example', mark + '-utf8 ✓'
    message.set_content('ü')
    s.send_message(message)
    for address in 'fault-mail-450@a.example', 'fault-data-421@a.example':
        try:
            s.sendmail(address, 'b@b.example', 'x')
        except smtplib.SMTPSenderRefused as e:
            print(e.smtp_code, e.smtp_error)
        except smtplib.SMTPDataError as e:
            print(e.smtp_code, e.smtp_error)
`;
