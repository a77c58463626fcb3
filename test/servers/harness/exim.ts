import { chmod, chown, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeyPair } from '../../../src/capture/server.ts';
import { account, idsOf } from './accounts.ts';
import { freePorts, newFolder, removeFolder, unpacked } from './places.ts';
import { Program, programPath } from './program.ts';

export interface Exim {
  /** STARTTLS and AUTH offered, neither wanted. */
  readonly smtp: number;
  /** TLS from the first octet. */
  readonly smtps: number;
  log(): Promise<string>;
  end(): Promise<void>;
}

/**
 * Starts Exim. It takes mail for anybody and hands it on to `next` by SMTP; `refused@…` has no such user, `later@…` is
 * put off, at RCPT; a message with `X-Refuse` is refused after its text.
 */
export async function startExim(next: number, pair: KeyPair): Promise<Exim> {
  const folder = await newFolder();
  const { uid, gid } = await idsOf('Debian-exim');
  const ports = await freePorts('smtp', 'smtps');
  for (const name of ['spool', 'log']) {
    await mkdir(join(folder, name));
    await chown(join(folder, name), uid, gid);
  }
  for (const [name, text] of [
    ['cert.pem', pair.certificate],
    ['key.pem', pair.key],
  ] as const) {
    await writeFile(join(folder, name), text, { mode: 0o600 });
    await chown(join(folder, name), uid, gid);
  }
  const configuration = `
exim_user = Debian-exim
exim_group = Debian-exim
deliver_drop_privilege
spool_directory = ${folder}/spool
log_file_path = ${folder}/log/%slog
pid_file_path = ${folder}/spool/exim.pid
keep_environment =
primary_hostname = exim.test
local_interfaces = 127.0.0.1
daemon_smtp_ports = ${ports.smtp} : ${ports.smtps}
tls_on_connect_ports = ${ports.smtps}
tls_advertise_hosts = *
tls_certificate = ${folder}/cert.pem
tls_privatekey = ${folder}/key.pem
tls_require_ciphers = NORMAL:-VERS-TLS1.0:-VERS-TLS1.1
smtputf8_advertise_hosts = *
dsn_advertise_hosts = *
message_size_limit = 5000000
smtp_accept_max = 100
smtp_accept_queue_per_connection = 100
remote_max_parallel = 4
rfc1413_hosts =
host_lookup =
helo_allow_chars = _
acl_smtp_vrfy = accept
acl_smtp_rcpt = recipient
acl_smtp_data = text

begin acl
recipient:
  deny    local_parts = refused
          message     = 5.1.1 No such user here
  defer   local_parts = later
          message     = 4.2.1 Mailbox busy
  accept
text:
  deny    condition = \${if def:h_X-Refuse:}
          message   = 5.7.1 Refused by its header
  accept

begin routers
next:
  driver = manualroute
  route_list = * 127.0.0.1
  self = send
  transport = next

begin transports
next:
  driver = smtp
  port = ${next}
  hosts_try_fastopen =
  hosts_avoid_tls = *

begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = \${if and{{eq{$auth2}{${account.user}}}{eq{$auth3}{${account.password}}}}}
  server_set_id = $auth2
login:
  driver = plaintext
  public_name = LOGIN
  server_prompts = <| Username: | Password:
  server_condition = \${if and{{eq{$auth1}{${account.user}}}{eq{$auth2}{${account.password}}}}}
  server_set_id = $auth1
cram:
  driver = cram_md5
  public_name = CRAM-MD5
  server_secret = \${if eq{$auth1}{${account.user}}{${account.password}}fail}
  server_set_id = $auth1
`;
  const file = join(folder, 'exim.conf');
  await writeFile(file, configuration, { mode: 0o644 });
  // For each delivery it starts itself again as its own user, who may not get at the checkout.
  const command = join(folder, 'exim4');
  await copyFile(programPath(join(unpacked('exim4-daemon-light'), 'usr/sbin/exim4')), command);
  await chmod(command, 0o755);
  const daemon = new Program('Exim', {
    command,
    args: ['-C', file, '-bdf', '-q1h'],
  });
  const read = (name: string) => readFile(join(folder, 'log', name), 'utf8').catch(() => '');
  const log = async () =>
    `${daemon.output}\n${await read('mainlog')}\n${await read('paniclog')}\n${await read('rejectlog')}`;
  const end = async () => {
    await daemon.end();
    await removeFolder(folder);
  };
  try {
    await daemon.ready({ ports: Object.values(ports) });
  } catch (error) {
    const said = await log();
    await end();
    throw new Error(`${String(error)}\n${said}`);
  }
  return { ...ports, log, end };
}
