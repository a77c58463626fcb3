import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface PythonNode {
  readonly type: string;
  readonly children?: readonly PythonNode[];
  readonly name?: string | null;
  readonly legacyName?: string | null;
  readonly disposition?: string | null;
  readonly cid?: string | null;
  readonly description?: string | null;
  readonly charset?: string | null;
  readonly method?: string | null;
  /** Of the octets, transfer encoding undone. */
  readonly sha?: string;
  /** Of a text, with LF and without line ends at its end. */
  readonly text?: string;
  /** The subject of an attached message. */
  readonly inner?: string;
}

export interface PythonReading {
  readonly error?: string;
  readonly subject: string | null;
  readonly extra: string | null;
  readonly messageId: string | null;
  readonly references: string | null;
  readonly from: readonly (readonly [string, string])[];
  readonly to: readonly (readonly [string, string])[];
  readonly cc: readonly (readonly [string, string])[];
  readonly tree: PythonNode;
  readonly defects: readonly string[];
}

/** The Python that there is; undefined where there is none, or none as new as 3.8. */
export function findPython(): string | undefined {
  return ['python3', 'python'].find((command) => {
    const probe = spawnSync(command, ['-c', 'import sys; sys.exit(sys.version_info < (3, 8))'], { stdio: 'ignore' });
    return probe.status === 0;
  });
}

/** One Python that lives as long as the run: a message in, what its `email` makes of it out. */
export class PythonReader {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #waiting = new Map<number, { resolve: (reading: PythonReading) => void; reject: (error: Error) => void }>();
  #next = 0;

  constructor(command: string) {
    const script = fileURLToPath(new URL('./reader.py', import.meta.url));
    this.#process = spawn(command, ['-I', script], {
      stdio: 'pipe',
      env: { ...process.env, PYTHONIOENCODING: 'utf-8' },
    });
    let complaints = '';
    this.#process.stderr.on('data', (chunk: Buffer) => {
      complaints += chunk.toString();
    });
    createInterface({ input: this.#process.stdout }).on('line', (line) => {
      const answer = JSON.parse(line) as PythonReading & { id: number };
      this.#waiting.get(answer.id)?.resolve(answer);
      this.#waiting.delete(answer.id);
    });
    this.#process.on('close', (code) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(`Python ended with ${code}: ${complaints}`));
      this.#waiting.clear();
    });
  }

  read(message: Uint8Array, extra: string): Promise<PythonReading> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#process.stdin.write(`${JSON.stringify({ id, extra, message: Buffer.from(message).toString('base64') })}\n`);
    });
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#process.once('close', resolve));
    this.#process.stdin.end();
    await closed;
  }
}
