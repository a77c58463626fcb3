import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { Question } from '../send/question.ts';
import { askedTogether } from '../send/sentences/question.ts';
import { safe, type Terminal, write } from './streams.ts';

/** Shows what `send/` asks; answers whether to go on. Where nobody can be asked, says what would have been. */
export async function askInTerminal(
  questions: readonly Question[],
  terminal: Terminal,
  yes: boolean,
): Promise<boolean> {
  const { title, lines } = askedTogether(questions);
  const text = [title, ...lines.map((each) => `  ${each}`)].map(safe).join('\n');
  if (yes) return true;
  await write(terminal.stderr, `${text}\n`);
  if (!terminal.interactive) {
    await write(terminal.stderr, 'Not sent: nobody can be asked here. Add --yes to send all the same.\n');
    return false;
  }
  const answer = await readLine('Send? [y/N] ', terminal, false);
  return /^(y|yes)$/i.test(answer?.trim() ?? '');
}

/** A password typed in the dark; undefined where the person would rather not. */
export async function askPasswordInTerminal(
  user: string,
  place: string,
  terminal: Terminal,
): Promise<string | undefined> {
  const answer = await readLine(safe(`Password of ${user} on ${place}: `), terminal, true);
  return answer === '' ? undefined : answer;
}

async function readLine(prompt: string, terminal: Terminal, hidden: boolean): Promise<string | undefined> {
  // readline echoes what is typed to its output: into the void, for a password.
  const output = hidden ? new Writable({ write: (_chunk, _encoding, done) => done() }) : process.stderr;
  const reader = createInterface({ input: process.stdin, output, terminal: true });
  // A reader that takes over the terminal also takes its Ctrl+C.
  const interrupted = new AbortController();
  reader.once('SIGINT', () => {
    interrupted.abort();
    process.kill(process.pid, 'SIGINT');
  });
  // Only now that the terminal no longer echoes by itself: somebody may type ahead.
  if (hidden) await write(terminal.stderr, prompt);
  try {
    const signal = AbortSignal.any([terminal.signal, interrupted.signal]);
    return await reader.question(hidden ? '' : prompt, { signal });
  } catch {
    // The signal that was sent above has still to come round.
    if (interrupted.signal.aborted && !terminal.signal.aborted) await once(terminal.signal, 'abort');
    return undefined;
  } finally {
    reader.close();
    if (hidden) await write(terminal.stderr, '\n');
  }
}
