import type { Terminal } from './streams.ts';

/** One word behind `mailbench`. */
export interface Command {
  readonly name: string;
  /** What `--help` shows, whole. */
  readonly help: string;
  /** Answers the exit code. `args` are those behind the name; `version` is this program's. */
  run(args: readonly string[], terminal: Terminal, version: string): Promise<number>;
}

/** Everything as it should be. */
export const EXIT_OK = 0;
/** The document has errors, or not everything was delivered. */
export const EXIT_FAILED = 1;
/** The command line, or a file that it names, can't be used. */
export const EXIT_USAGE = 2;
/** As a shell reports a program that SIGINT ended. */
export const EXIT_CANCELLED = 130;
