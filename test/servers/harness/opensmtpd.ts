import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeyPair } from '../../../src/capture/server.ts';
import { account, idsOf } from './accounts.ts';
import { freePorts, newFolder, removeFolder, unpacked } from './places.ts';
import { Program, runOrFail } from './program.ts';

export interface OpenSmtpd {
  /** STARTTLS offered. */
  readonly smtp: number;
  /** TLS and AUTH wanted. */
  readonly submission: number;
  /** Both, TLS from the first octet. */
  readonly smtps: number;
  log(): string;
  end(): Promise<void>;
}

/**
 * Starts OpenSMTPD. It takes mail for anybody and hands it on to `next` by SMTP; `refused@…` is refused at RCPT. Its
 * spool and its socket have paths that are built in: where the system allows it, it sees other folders there.
 */
export async function startOpenSmtpd(next: number, pair: KeyPair): Promise<OpenSmtpd> {
  const folder = await newFolder();
  const ports = await freePorts('smtp', 'submission', 'smtps');
  const program = unpacked('opensmtpd');
  const queue = await idsOf('opensmtpq');
  await mkdir(join(folder, 'run'));
  await mkdir(join(folder, 'empty'));
  // The modes and owners that it insists on.
  await mkdir(join(folder, 'spool'));
  await chmod(join(folder, 'spool'), 0o711);
  for (const name of ['offline', 'purge', 'temporary']) {
    const each = join(folder, 'spool', name);
    await mkdir(each);
    if (name === 'offline') await chown(each, 0, queue.gid);
    else await chown(each, queue.uid, 0);
    await chmod(each, name === 'offline' ? 0o770 : 0o700);
  }
  await writeFile(join(folder, 'cert.pem'), pair.certificate, { mode: 0o600 });
  await writeFile(join(folder, 'key.pem'), pair.key, { mode: 0o600 });
  const hash = await runOrFail({
    command: 'openssl',
    args: ['passwd', '-6', '-stdin'],
    input: `${account.password}\n`,
  });
  await writeFile(join(folder, 'accounts'), `${account.user} ${hash.trim()}\n`, { mode: 0o644 });
  const configuration = `
pki servers.test cert "${folder}/cert.pem"
pki servers.test key "${folder}/key.pem"
table accounts file:${folder}/accounts
smtp max-message-size 5000000
smtp ciphers "HIGH:AECDH-AES256-SHA:@SECLEVEL=0"
listen on 127.0.0.1 port ${ports.smtp} tls pki servers.test hostname opensmtpd.test
listen on 127.0.0.1 port ${ports.submission} tls-require pki servers.test auth <accounts> hostname opensmtpd.test
listen on 127.0.0.1 port ${ports.smtps} smtps pki servers.test auth <accounts> hostname opensmtpd.test
action "next" relay host smtp://127.0.0.1:${next}
match from any for rcpt-to regex "^refused@" reject
match from any for any action "next"
match auth from any for any action "next"
`;
  const file = join(folder, 'smtpd.conf');
  await writeFile(file, configuration, { mode: 0o600 });
  const smtpd = join(program, 'usr/sbin/smtpd');
  const bind = `
mkdir -p /var/spool/smtpd /var/lib/opensmtpd/empty
if unshare --mount true 2>/dev/null; then
  exec unshare --mount --propagation private sh -c '
    mount --bind "$0/spool" /var/spool/smtpd &&
    mount --bind "$0/empty" /var/lib/opensmtpd/empty &&
    mount --bind "$0/run" /run &&
    exec "$1" -d -f "$0/smtpd.conf"' "$0" "$1"
fi
chmod 711 /var/spool/smtpd
for name in offline purge temporary; do cp -a "$0/spool/$name" /var/spool/smtpd/; done
exec "$1" -d -f "$0/smtpd.conf"
`;
  const daemon = new Program('OpenSMTPD', { command: 'sh', args: ['-c', bind, folder, smtpd] });
  const end = async () => {
    await daemon.end();
    await removeFolder(folder);
  };
  try {
    await daemon.ready({ ports: Object.values(ports) });
  } catch (error) {
    await end();
    throw error;
  }
  return { ...ports, log: () => daemon.output, end };
}
