import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Where install.sh unpacks the servers that can't be installed side by side. */
export function unpacked(packageName: string): string {
  return resolve(import.meta.dirname, '../../../.vscode-test/servers', packageName);
}

/** A folder that the users of the servers can reach; short, since the path of a Unix socket has at most 107 octets. */
export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mb-'));
  await chmod(folder, 0o755);
  return folder;
}

export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** Loopback ports that nobody listens on, all of them different. */
export async function freePorts<const Names extends readonly string[]>(
  ...names: Names
): Promise<Record<Names[number], number>> {
  const servers = names.map(() => createServer());
  const ports: Record<string, number> = {};
  await Promise.all(
    servers.map(
      (server, index) =>
        new Promise<void>((done, fail) => {
          server.once('error', fail);
          server.listen(0, '127.0.0.1', () => {
            const address = server.address();
            ports[names[index]!] = typeof address === 'object' && address !== null ? address.port : 0;
            done();
          });
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports as Record<Names[number], number>;
}
