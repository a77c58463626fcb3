import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeyPair } from '../../../src/capture/server.ts';
import { newFolder, removeFolder } from './places.ts';
import { runOrFail } from './program.ts';

/** A key and certificate for localhost with RSA, for servers that can't do without: made by openssl. */
export async function makeRsaCertificate(): Promise<KeyPair> {
  const folder = await newFolder();
  try {
    await runOrFail({
      command: 'openssl',
      args: [
        ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost'],
        ...['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
        ...['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')],
      ],
    });
    const [key, certificate] = await Promise.all(
      ['key.pem', 'cert.pem'].map((name) => readFile(join(folder, name), 'utf8')),
    );
    return { key: key!, certificate: certificate! };
  } finally {
    await removeFolder(folder);
  }
}
