#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { main } from './terminal/main.ts';

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  // Once: a second one ends the program as it would any other.
  process.once(name, () => stop.abort());
}

// A reader that went away (`mailbench build … | head`), a full disk: the write that failed says so by itself.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

// Two folders have it one up: src, and dist in the packed extension.
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

process.exitCode = await main(
  process.argv.slice(2),
  {
    stdout: process.stdout,
    stderr: process.stderr,
    stdin: process.stdin,
    env: process.env,
    cwd: process.cwd(),
    signal: stop.signal,
    interactive: process.stdin.isTTY === true && process.stderr.isTTY === true,
  },
  version,
);
