import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeCertificate } from '../capture/certificate.ts';
import type { KeyPair } from '../capture/server.ts';

/** A new one is made this long before the old one ends. Milliseconds. */
const renewal = 30 * 86_400_000;

/**
 * The key and certificate of the Local Inbox, made once and kept in `file`, so that an application that was told to
 * trust it goes on doing so.
 */
export async function inboxCertificate(file: string, now: number): Promise<KeyPair> {
  const kept = await readFile(file, 'utf8').then(
    (text) => JSON.parse(text) as Partial<KeyPair & { until: number }>,
    () => undefined,
  );
  if (kept?.key && kept.certificate && (kept.until ?? 0) > now + renewal) {
    return { key: kept.key, certificate: kept.certificate };
  }
  const days = 800;
  const made = await makeCertificate({ now, days });
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify({ ...made, until: now + days * 86_400_000 }), { mode: 0o600 });
  return made;
}
