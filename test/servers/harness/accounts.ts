import { readFile } from 'node:fs/promises';

/** The ids of a user of this machine, as install.sh made it. */
export async function idsOf(user: string): Promise<{ uid: number; gid: number }> {
  for (const line of (await readFile('/etc/passwd', 'utf8')).split('\n')) {
    const [name, , uid, gid] = line.split(':');
    if (name === user) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error(`there is no user ${user}: test/servers/install.sh sees to it`);
}

/** The account of every server of the suite that has accounts; the password takes an encoding to get right. */
export const account = { user: 'jo@servers.test', password: 'pass wörd' } as const;
