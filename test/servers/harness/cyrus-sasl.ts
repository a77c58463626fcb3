import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeyPair } from '../../../src/capture/server.ts';
import type { ChannelBindingType } from '../../../src/net/sasl/mechanism.ts';
import { account } from './accounts.ts';
import { freePorts, newFolder, removeFolder } from './places.ts';
import { Program, runOrFail } from './program.ts';

export interface CyrusSasl {
  readonly port: number;
  log(): string;
  end(): Promise<void>;
}

/** Starts Cyrus SASL behind TLS of one version. It knows one account, SCRAM with and without -PLUS, and one type of channel binding. */
export async function startCyrusSasl(
  pair: KeyPair,
  version: '1.2' | '1.3',
  binding: ChannelBindingType,
): Promise<CyrusSasl> {
  const folder = await newFolder();
  const { smtp: port } = await freePorts('smtp');
  const [certificate, key, users] = [join(folder, 'cert.pem'), join(folder, 'key.pem'), join(folder, 'sasldb2')];
  await writeFile(certificate, pair.certificate);
  await writeFile(key, pair.key, { mode: 0o600 });
  await runOrFail({
    command: 'saslpasswd2',
    args: ['-p', '-c', '-f', users, '-u', 'sasl.test', account.user],
    input: account.password,
  });
  await mkdir(join(folder, 'sasl2'));
  await writeFile(
    join(folder, 'sasl2', 'mailbench.conf'),
    `pwcheck_method: auxprop\nauxprop_plugin: sasldb\nsasldb_path: ${users}\n` +
      'mech_list: SCRAM-SHA-1 SCRAM-SHA-256 SCRAM-SHA-1-PLUS SCRAM-SHA-256-PLUS\n',
  );
  const program = new Program('Cyrus SASL', {
    command: '/usr/bin/python3',
    args: [join(import.meta.dirname, 'cyrus_sasl_server.py'), folder, `${port}`, certificate, key, version, binding],
  });
  const end = async () => {
    await program.end();
    await removeFolder(folder);
  };
  try {
    await program.ready({ ports: [port] });
  } catch (error) {
    await end();
    throw error;
  }
  return { port, log: () => program.output, end };
}
