import { chmod, chown, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeyPair } from '../../../src/capture/server.ts';
import { freePorts, newFolder, removeFolder, unpacked } from './places.ts';
import { Program, run, runOrFail } from './program.ts';

export interface Postfix {
  /** Port 25 as it were: STARTTLS offered, recipients of the table below. */
  readonly mx: number;
  /** Submission: TLS and AUTH wanted. */
  readonly submission: number;
  /** Submission with TLS from the first octet. */
  readonly submissions: number;
  /** Takes XCLIENT from this machine. */
  readonly xclient: number;
  /** Wants a PROXY header. */
  readonly proxied: number;
  log(): Promise<string>;
  end(): Promise<void>;
}

export const postfixUser = { user: 'jo@postfix.test', password: 'pass wörd', plainUser: 'jo' } as const;

/**
 * Starts Postfix. It takes mail for anybody and hands it on to `next` by SMTP. `refused@…` has no such user, `later@…`
 * is put off, at RCPT; a text with `X-Refuse` is refused.
 */
export async function startPostfix(next: number, pair: KeyPair): Promise<Postfix> {
  const folder = await newFolder();
  const program = unpacked('postfix');
  const ports = await freePorts('mx', 'submission', 'submissions', 'xclient', 'proxied');
  const [etc, queue, data, sasl] = ['etc', 'queue', 'data', 'etc/sasl'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
    string,
  ];
  for (const each of [etc, queue, data, sasl]) await mkdir(each);
  const libraries = join(program, 'usr/lib/postfix');
  const main = {
    compatibility_level: '3.6',
    queue_directory: queue,
    data_directory: data,
    daemon_directory: join(libraries, 'sbin'),
    command_directory: join(program, 'usr/sbin'),
    shlib_directory: libraries,
    meta_directory: join(program, 'etc/postfix'),
    mail_owner: 'postfix',
    setgid_group: 'postdrop',
    sendmail_path: join(program, 'usr/sbin/sendmail'),
    newaliases_path: '/bin/true',
    mailq_path: '/bin/true',
    html_directory: 'no',
    manpage_directory: join(program, 'usr/share/man'),
    readme_directory: 'no',
    sample_directory: etc,
    import_environment: `MAIL_CONFIG LD_LIBRARY_PATH=${libraries}`,
    maillog_file: join(folder, 'log'),
    maillog_file_prefixes: folder,
    myhostname: 'postfix.test',
    inet_interfaces: '127.0.0.1',
    inet_protocols: 'ipv4',
    mynetworks: '127.0.0.1',
    mydestination: '',
    alias_maps: '',
    local_recipient_maps: '',
    disable_dns_lookups: 'yes',
    smtp_host_lookup: 'native',
    smtp_tls_security_level: 'none',
    default_transport: `smtp:[127.0.0.1]:${next}`,
    relay_transport: `smtp:[127.0.0.1]:${next}`,
    message_size_limit: '5000000',
    smtputf8_enable: 'yes',
    // Postfix's tarpit would make the tests of errors slow.
    smtpd_error_sleep_time: '0',
    smtpd_tls_cert_file: join(folder, 'cert.pem'),
    smtpd_tls_key_file: join(folder, 'key.pem'),
    smtpd_tls_security_level: 'may',
    smtpd_tls_protocols: '>=TLSv1.2',
    smtpd_tls_mandatory_protocols: '>=TLSv1.2',
    smtpd_tls_ask_ccert: 'yes',
    smtpd_tls_received_header: 'yes',
    smtpd_sasl_local_domain: 'postfix.test',
    smtpd_recipient_restrictions:
      'check_recipient_access regexp:$config_directory/recipients, permit_mynetworks, reject',
    header_checks: 'regexp:$config_directory/headers',
  };
  const authenticated =
    '-o smtpd_sasl_auth_enable=yes -o smtpd_tls_auth_only=yes -o smtpd_client_restrictions=permit_sasl_authenticated,reject';
  const services = [
    `127.0.0.1:${ports.mx} inet n - n - - smtpd`,
    `127.0.0.1:${ports.submission} inet n - n - - smtpd -o smtpd_tls_security_level=encrypt ${authenticated}`,
    `127.0.0.1:${ports.submissions} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes ${authenticated}`,
    `127.0.0.1:${ports.xclient} inet n - n - - smtpd -o smtpd_authorized_xclient_hosts=127.0.0.1 -o mynetworks=192.0.2.0/24`,
    `127.0.0.1:${ports.proxied} inet n - n - - smtpd -o smtpd_upstream_proxy_protocol=haproxy -o mynetworks=192.0.2.0/24`,
    'postlog unix-dgram n - n - 1 postlogd',
    'pickup unix n - n 60 1 pickup',
    'cleanup unix n - n - 0 cleanup',
    'qmgr unix n - n 300 1 qmgr',
    'rewrite unix - - n - - trivial-rewrite',
    'bounce unix - - n - 0 bounce',
    'defer unix - - n - 0 bounce',
    'trace unix - - n - 0 bounce',
    'verify unix - - n - 1 verify',
    'proxymap unix - - n - - proxymap',
    'smtp unix - - n - - smtp',
    'relay unix - - n - - smtp',
    'error unix - - n - - error',
    'retry unix - - n - - error',
    'discard unix - - n - - discard',
    'local unix - n n - - local',
    'anvil unix - - n - 1 anvil',
    'scache unix - - n - 1 scache',
    'tlsmgr unix - - n 1000? 1 tlsmgr',
  ];
  await writeFile(
    join(etc, 'main.cf'),
    Object.entries(main)
      .map(([key, value]) => `${key} = ${value}\n`)
      .join(''),
  );
  await writeFile(join(etc, 'master.cf'), `${services.join('\n')}\n`);
  await writeFile(
    join(etc, 'recipients'),
    '/^refused@/ 550 5.1.1 No such user here\n/^later@/ 450 4.2.1 Mailbox busy\n',
  );
  await writeFile(join(etc, 'headers'), '/^X-Refuse:/ REJECT Refused by its header\n');
  await writeFile(join(folder, 'cert.pem'), pair.certificate);
  await writeFile(join(folder, 'key.pem'), pair.key, { mode: 0o600 });

  // Cyrus SASL: mechanisms, and the one user, with the password from which each mechanism makes what it wants.
  const database = join(sasl, 'sasldb2');
  await writeFile(
    join(sasl, 'smtpd.conf'),
    `pwcheck_method: auxprop\nauxprop_plugin: sasldb\nsasldb_path: ${database}\nmech_list: PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256\n`,
  );
  await runOrFail({
    command: 'saslpasswd2',
    args: ['-p', '-c', '-f', database, '-u', 'postfix.test', postfixUser.plainUser],
    input: postfixUser.password,
  });
  const owner = (await readFile('/etc/passwd', 'utf8')).match(/^postfix:[^:]*:(\d+):(\d+):/m);
  if (owner === null) throw new Error('there is no user postfix: test/servers/install.sh makes it');
  await chown(database, Number(owner[1]), Number(owner[2]));
  await chown(data, Number(owner[1]), Number(owner[2]));
  await chmod(database, 0o600);

  const command = join(program, 'usr/sbin/postfix');
  const env = { LD_LIBRARY_PATH: libraries, MAIL_CONFIG: etc };
  const master = new Program('Postfix', {
    command,
    args: ['-c', etc, 'start-fg'],
    env,
    pidFile: join(queue, 'pid/master.pid'),
  });
  const log = async () => `${master.output}\n${await readFile(main.maillog_file, 'utf8').catch(() => '')}`;
  const end = async () => {
    await run({ command, args: ['-c', etc, 'stop'], env });
    await master.end();
    await removeFolder(folder);
  };
  try {
    await master.ready({ ports: Object.values(ports) });
  } catch (error) {
    const said = await log();
    await end();
    throw new Error(`${String(error)}\n${said}`);
  }
  return { ...ports, log, end };
}
