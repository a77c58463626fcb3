/**
 * Opens the sample workspace in VS Code with this checkout as its extension and the Local Inbox running: in the desktop's
 * VS Code where there is one, else in code-server, for a browser. MAILBENCH_HOST and MAILBENCH_PORT decide otherwise.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { linkCheckout, pageAddress, prepareUserData, scratchFolder, startCodeServer } from './code-server.ts';
import { findCodeCommand } from './desktop.ts';
import { fetched, root, samples } from './layout.mjs';
import { run, runMain } from './process.mjs';
import { setUp } from './setup.mjs';

/** Stable, because a browser keeps what it knows of a VS Code by its address. */
const preferredPort = Number(process.env.MAILBENCH_PORT ?? 3025);

/** Kept from one start to the next. */
const userData = join(fetched, 'start');
const settings = { 'mailbench.inbox.autoStart': true };
const first = join(samples, 'welcome.eml');

async function inDesktop(code: string): Promise<number> {
  const extensions = join(userData, 'extensions');
  prepareUserData({ userData, extensions, settings });
  console.log('VS Code opens in a window of its own. Press Send Email above the message. Close the window to end.');
  const place = [`--user-data-dir=${userData}`, `--extensions-dir=${extensions}`, '--disable-workspace-trust'];
  const files = [samples, ...(existsSync(first) ? ['--goto', first] : [])];
  const args = [`--extensionDevelopmentPath=${root}`, ...place, '--new-window', '--wait', ...files];
  return (await run(code, args, { cwd: root })).code;
}

async function inBrowser(): Promise<number> {
  await setUp({ host: true });
  /** @param port 0 takes any */
  const start = (port: number) => {
    const scratch = scratchFolder();
    const extensions = join(scratch, 'extensions');
    linkCheckout(extensions);
    // A person's terminal in this VS Code is to see a person's places.
    const env = { XDG_DATA_HOME: process.env.XDG_DATA_HOME ?? '', XDG_RUNTIME_DIR: process.env.XDG_RUNTIME_DIR ?? '' };
    return startCodeServer({ userData, extensions, settings, port, scratch, env });
  };
  const server = await start(preferredPort).catch((error: Error) => {
    if (!/EADDRINUSE/.test(error.message)) throw error;
    return start(0);
  });
  const address = pageAddress(server.port, samples, existsSync(first) ? { file: first } : {});
  console.log(`\nOpen this address in a browser:\n\n  ${address}\n`);
  console.log('Press Send Email above the message: it arrives in the Local Inbox. Ctrl+C here ends it all.');
  let asked = false;
  const stop = () => {
    asked = true;
    void server.stop();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  await server.gone;
  if (!asked) console.error('code-server ended by itself.');
  return asked ? 0 : 1;
}

await runMain(async () => {
  const code = findCodeCommand();
  return code ? inDesktop(code) : inBrowser();
});
