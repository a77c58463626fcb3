import { type ChildProcess, spawn } from 'node:child_process';
import { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { main } from '../../../../src/terminal/main.ts';

export interface Ran {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

const CLI = fileURLToPath(new URL('../../../../src/cli.ts', import.meta.url));

/** Runs a command line in this process: what it writes, and its exit code. */
export async function run(
  args: readonly string[],
  options: {
    readonly cwd?: string;
    readonly env?: Record<string, string>;
    readonly signal?: AbortSignal;
    readonly stdout?: Writable;
    /** What stands on standard input. */
    readonly stdin?: string;
    readonly fetch?: typeof globalThis.fetch;
  } = {},
): Promise<Ran> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  const code = await main(
    args,
    {
      stdout: options.stdout ?? collector(out),
      stderr: collector(err),
      env: options.env ?? {},
      cwd: options.cwd ?? process.cwd(),
      signal: options.signal ?? new AbortController().signal,
      interactive: false,
      ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
      ...(options.stdin === undefined ? {} : { stdin: Readable.from([Buffer.from(options.stdin)]) }),
    },
    '1.2.3',
  );
  return { code, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString('utf8') };
}

function collector(into: Buffer[]): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      into.push(Buffer.from(chunk));
      done();
    },
  });
}

export interface Spawned {
  readonly child: ChildProcess;
  /** Resolves once what was written to standard output so far fits. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
  readonly ended: Promise<Ran>;
}

/** Runs it as a program of its own, as a person does. */
export function start(args: readonly string[], options: { cwd?: string; env?: Record<string, string> } = {}): Spawned {
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd: options.cwd,
    env: { PATH: process.env.PATH, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  const waiting = new Set<() => void>();
  const collect = (into: Buffer[]) => (chunk: Buffer) => {
    into.push(chunk);
    for (const look of waiting) look();
  };
  child.stdout.on('data', collect(out));
  child.stderr.on('data', collect(err));
  const ended = new Promise<Ran>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      for (const look of waiting) look();
      resolve({ code, stdout: Buffer.concat(out), stderr: Buffer.concat(err).toString('utf8') });
    });
  });
  const until = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(`${Buffer.concat(out)}${Buffer.concat(err)}`);
        if (!match && child.exitCode === null) return;
        waiting.delete(look);
        if (match) resolve(match);
        else reject(new Error(`ended without ${pattern}: ${Buffer.concat(err)}`));
      };
      waiting.add(look);
      look();
    });
  return { child, until, ended };
}
