import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeyPair } from '../../../src/capture/server.ts';
import { account, idsOf } from './accounts.ts';
import { Maildirs } from './maildirs.ts';
import { freePorts, newFolder, removeFolder } from './places.ts';
import { Program } from './program.ts';

export interface Dovecot {
  /** LMTP over TCP; STARTTLS offered. */
  readonly lmtp: number;
  /** LMTP over a Unix socket. */
  readonly lmtpSocket: string;
  /** Submission, which hands on to the next hop: STARTTLS and AUTH wanted. */
  readonly submission: number;
  /** The same, TLS from the first octet. */
  readonly submissions: number;
  readonly imap: number;
  readonly imaps: number;
  readonly pop3: number;
  readonly pop3s: number;
  /** What LMTP delivered. */
  readonly mail: Maildirs;
  log(): string;
  end(): Promise<void>;
}

/** Starts Dovecot. Every user whose name begins with `bob`, and the account of the suite, has a mailbox. */
export async function startDovecot(next: number, pair: KeyPair): Promise<Dovecot> {
  const folder = await newFolder();
  const names = ['lmtp', 'submission', 'submissions', 'imap', 'imaps', 'pop3', 'pop3s'] as const;
  const ports = await freePorts(...names);
  const { uid, gid } = await idsOf('mail');
  const mail = join(folder, 'mail');
  await mkdir(mail);
  await chown(mail, uid, gid);
  await chmod(mail, 0o755);
  await writeFile(join(folder, 'cert.pem'), pair.certificate, { mode: 0o600 });
  await writeFile(join(folder, 'key.pem'), pair.key, { mode: 0o600 });
  const users = [account.user, ...Array.from({ length: 20 }, (_, index) => `bob${index}@b.example`)];
  await writeFile(
    join(folder, 'users'),
    users.map((user) => `${user}:{PLAIN}${account.password}:${uid}:${gid}::${mail}/${user}::\n`).join(''),
  );
  const listener = (service: string, plain: string, tls: string, withTls = true) => `
service ${service}-login {
  inet_listener ${plain} {
    address = 127.0.0.1
    port = ${ports[plain as keyof typeof ports]}
  }
  inet_listener ${tls} {
    address = 127.0.0.1
    port = ${withTls ? ports[tls as keyof typeof ports] : 0}
    ssl = yes
  }
}`;
  const configuration = `
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = /dev/stderr
protocols = lmtp submission imap pop3
listen = 127.0.0.1
hostname = dovecot.test
ssl = required
ssl_cert = <${folder}/cert.pem
ssl_key = <${folder}/key.pem
ssl_min_protocol = TLSv1.2
auth_mechanisms = plain login cram-md5 scram-sha-1 scram-sha-256 xoauth2 oauthbearer
auth_failure_delay = 0
disable_plaintext_auth = yes
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:${mail}/%u
postmaster_address = postmaster@b.example
recipient_delimiter = +
submission_relay_host = 127.0.0.1
submission_relay_port = ${next}
submission_relay_ssl = no
submission_relay_trusted = yes
submission_max_mail_size = 5M
lmtp_save_to_detail_mailbox = no
passdb {
  driver = passwd-file
  args = username_format=%u ${folder}/users
}
userdb {
  driver = passwd-file
  args = username_format=%u ${folder}/users
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = ${ports.lmtp}
  }
  unix_listener ${folder}/lmtp {
    mode = 0666
  }
}
service anvil {
  # Its penalty for wrong passwords would make the tests of them slow.
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  unix_listener stats-writer {
    mode = 0666
  }
}
${listener('submission', 'submission', 'submissions')}
${listener('imap', 'imap', 'imaps')}
${listener('pop3', 'pop3', 'pop3s')}
`;
  const file = join(folder, 'dovecot.conf');
  await writeFile(file, configuration);
  const master = new Program('Dovecot', {
    command: 'dovecot',
    args: ['-F', '-c', file],
    pidFile: join(folder, 'run/master.pid'),
  });
  const end = async () => {
    await master.end();
    await removeFolder(folder);
  };
  const lmtpSocket = join(folder, 'lmtp');
  try {
    await master.ready({ ports: Object.values(ports), paths: [lmtpSocket] });
  } catch (error) {
    await end();
    throw error;
  }
  return { ...ports, lmtpSocket, mail: new Maildirs(mail), log: () => master.output, end };
}
