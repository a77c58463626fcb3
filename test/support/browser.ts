/** The Chromium that set-up found or fetched, driven by playwright-core. */
import { type Browser, chromium } from 'playwright-core';
import { environment } from '../host/layout.mjs';
import { recordedBrowser } from '../host/setup-browser.mjs';

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** @throws when set-up has not been run with `host` */
export async function launchBrowser(): Promise<Browser> {
  const found = recordedBrowser();
  if (!found) throw new Error('No browser is set up: run `node test/host/setup.mjs host` first.');
  return chromium.launch({
    executablePath: found.path,
    args: flags,
    env: environment(found.env) as Record<string, string>,
    // The signals are this process's to handle: it has a server to end, too.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
}
