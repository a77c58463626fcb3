import { createServer } from 'node:net';
import { type Listening, onLoopback } from './loopback.ts';

/**
 * A server on a free port of the loopback that answers each line with what `answer` gives: a reply without its last line
 * end, or nothing. `close` ends the connection, orderly.
 */
export async function lineServer(
  greeting: string,
  answer: (line: string, close: () => undefined) => string | undefined,
): Promise<Listening> {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.write(`${greeting}\r\n`);
    let held = '';
    socket.on('data', (piece) => {
      const lines = (held + piece.toString('latin1')).split('\r\n');
      held = lines.pop()!;
      for (const line of lines) {
        const reply = answer(line, () => void socket.end());
        if (reply !== undefined && socket.writable) socket.write(`${reply}\r\n`, 'latin1');
      }
    });
  });
  return onLoopback(server);
}
