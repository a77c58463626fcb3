import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';

export interface ProgramOptions {
  /** Absolute, or looked for where Debian puts programs. */
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What is written to its standard input; otherwise that is empty. */
  readonly input?: string | Uint8Array;
  /** Where it writes the id of a process that leads a group of its own, and has to be ended with it. */
  readonly pidFile?: string;
}

/** Ports, Unix sockets, or a line of output that tell that a server is up. */
export interface Readiness {
  readonly ports?: readonly number[];
  readonly paths?: readonly string[];
  readonly output?: RegExp;
}

const START_LIMIT = 20_000;
const END_LIMIT = 5000;
const running = new Set<Program>();
// A run that is cut short leaves no servers behind.
process.once('exit', () => {
  for (const program of running) program.signal('SIGKILL');
});

/** The path of a program; an error that names it where it is not installed: a server that does not run is a failure. */
export function programPath(command: string): string {
  if (command.startsWith('/')) {
    if (existsSync(command)) return command;
  } else {
    const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];
    const found = folders.map((folder) => join(folder, command)).find((path) => existsSync(path));
    if (found !== undefined) return found;
  }
  throw new Error(`${command} is not installed: test/servers/install.sh does that`);
}

/** A program in a process group of its own, with all that it says. */
export class Program {
  readonly name: string;
  output = '';
  readonly #child: ChildProcess;
  readonly #pidFile: string | undefined;
  readonly #ended: Promise<number | null>;
  #over = false;
  #said = () => {};

  constructor(name: string, options: ProgramOptions) {
    this.name = name;
    this.#pidFile = options.pidFile;
    this.#child = spawn(programPath(options.command), options.args, {
      cwd: options.cwd ?? '/',
      env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8', ...options.env },
      stdio: 'pipe',
      detached: true,
    });
    running.add(this);
    const hear = (octets: Buffer) => {
      this.output += octets.toString('latin1');
      this.#said();
    };
    this.#child.stdout?.on('data', hear);
    this.#child.stderr?.on('data', hear);
    this.#child.stdin?.on('error', () => {});
    this.#child.stdin?.end(options.input ?? '');
    this.#ended = new Promise((resolve) => {
      this.#child.once('error', (error) => hear(Buffer.from(String(error))));
      this.#child.once('close', (code) => {
        this.#over = true;
        running.delete(this);
        this.#said();
        resolve(code);
      });
    });
  }

  /** Its exit code, once it has ended. */
  get ended(): Promise<number | null> {
    return this.#ended;
  }

  signal(name: NodeJS.Signals): void {
    if (this.#over || this.#child.pid === undefined) return;
    const groups = [this.#child.pid];
    if (this.#pidFile !== undefined && existsSync(this.#pidFile)) {
      groups.push(Number.parseInt(readFileSync(this.#pidFile, 'utf8').trim(), 10));
    }
    for (const group of groups.filter((id) => id > 1)) {
      try {
        process.kill(-group, name);
      } catch {
        // It ended in between.
      }
    }
  }

  /** Resolves once the server is up; rejects with what it said where it is not after a while, or ended. */
  async ready(readiness: Readiness): Promise<void> {
    const limit = Date.now() + START_LIMIT;
    for (;;) {
      if (this.#over) throw new Error(`${this.name} ended instead of starting:\n${this.output}`);
      if (await isReady(readiness, this.output)) return;
      if (Date.now() > limit) throw new Error(`${this.name} did not start:\n${this.output}`);
      await pause(25);
    }
  }

  /** Ends it and everything that it started. */
  async end(): Promise<void> {
    this.signal('SIGTERM');
    const timer = setTimeout(() => this.signal('SIGKILL'), END_LIMIT);
    await this.#ended;
    clearTimeout(timer);
  }
}

/** Runs a program to its end: its exit code and all that it said. */
export async function run(options: ProgramOptions): Promise<{ code: number | null; output: string }> {
  const program = new Program(options.command, options);
  const timer = setTimeout(() => program.signal('SIGKILL'), 30_000);
  const code = await program.ended;
  clearTimeout(timer);
  return { code, output: program.output };
}

/** Runs a program that has to succeed. */
export async function runOrFail(options: ProgramOptions): Promise<string> {
  const { code, output } = await run(options);
  if (code !== 0) throw new Error(`${options.command} ${options.args.join(' ')} ended with ${code}:\n${output}`);
  return output;
}

async function isReady({ ports = [], paths = [], output }: Readiness, said: string): Promise<boolean> {
  if (output !== undefined && !output.test(said)) return false;
  if (paths.some((path) => !existsSync(path))) return false;
  for (const port of ports) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (!open) return false;
  }
  return true;
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
