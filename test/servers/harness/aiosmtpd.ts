import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeyPair } from '../../../src/capture/server.ts';
import { account } from './accounts.ts';
import type { Arrived, Hop } from './next-hop.ts';
import { freePorts, newFolder, removeFolder } from './places.ts';
import { Program, pause } from './program.ts';

export interface Aiosmtpd {
  readonly smtp: number;
  readonly lmtp: number;
  /** What it took, as it took it. */
  readonly hop: Hop;
  log(): string;
  end(): Promise<void>;
}

/** Starts Python's aiosmtpd. It takes everything but `refused@…`, and keeps the octets as they were after unstuffing. */
export async function startAiosmtpd(pair: KeyPair): Promise<Aiosmtpd> {
  const folder = await newFolder();
  const ports = await freePorts('smtp', 'lmtp');
  const [certificate, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  await writeFile(certificate, pair.certificate);
  await writeFile(key, pair.key, { mode: 0o600 });
  const program = new Program('aiosmtpd', {
    // Debian's own Python is the one that has Debian's aiosmtpd.
    command: '/usr/bin/python3',
    args: [
      join(import.meta.dirname, 'aiosmtpd_server.py'),
      folder,
      `${ports.smtp}`,
      `${ports.lmtp}`,
      certificate,
      key,
      account.user,
      account.password,
    ],
  });
  const end = async () => {
    await program.end();
    await removeFolder(folder);
  };
  try {
    await program.ready({ ports: Object.values(ports) });
  } catch (error) {
    await end();
    throw error;
  }
  return { ...ports, hop: new MessageFiles(folder), log: () => program.output, end };
}

class MessageFiles implements Hop {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async arrived(): Promise<Arrived[]> {
    const names = (await readdir(this.#folder)).filter((name) => name.endsWith('.message'));
    return Promise.all(
      names.map(async (name) => {
        const octets = await readFile(join(this.#folder, name));
        const end = octets.indexOf('\n');
        return { envelope: JSON.parse(octets.toString('utf8', 0, end)), text: octets.toString('latin1', end + 1) };
      }),
    );
  }

  async messages(mark: string, count: number): Promise<Arrived[]> {
    for (;;) {
      const found = (await this.arrived()).filter(({ text }) => text.includes(mark));
      if (found.length >= count) return found;
      await pause(20);
    }
  }

  async message(mark: string): Promise<Arrived> {
    return (await this.messages(mark, 1))[0]!;
  }
}
