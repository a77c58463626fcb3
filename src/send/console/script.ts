import { type ConsolePorts, type ConsoleServer, SmtpConsole } from './smtp-console.ts';

/**
 * Runs the lines of a script in one session, then says QUIT if the script did not: a line that begins with `#` is a
 * remark, but not within a message. Answers how many replies said no, and what else went wrong. Where the session ends
 * before the script does, the rest is not run, which counts as trouble.
 */
export async function runScript(
  server: ConsoleServer,
  ports: ConsolePorts,
  lines: AsyncIterable<string>,
  bare: boolean,
  signal?: AbortSignal,
): Promise<number> {
  const smtp = new SmtpConsole(server, ports);
  const stop = () => smtp.interrupt();
  signal?.addEventListener('abort', stop);
  try {
    await smtp.open(bare);
    if (!smtp.isOpen) return Math.max(1, smtp.troubles);
    for await (const line of lines) {
      if (signal?.aborted) break;
      if (smtp.state !== 'message' && line.startsWith('#')) continue;
      await smtp.run(line);
      if (!smtp.isOpen) return smtp.troubles;
    }
    const unfinished = smtp.state === 'message' || smtp.state === 'exchange' ? 1 : 0;
    await smtp.close();
    return smtp.troubles + unfinished;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}
