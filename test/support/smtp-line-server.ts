import { createServer, type Socket } from 'node:net';

export interface LineServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * A server on a free port of the loopback that answers each line with what `answer` gives: a reply without its last line
 * end, or nothing. `close` ends the connection, orderly.
 */
export async function lineServer(
  greeting: string,
  answer: (line: string, close: () => undefined) => string | undefined,
): Promise<LineServer> {
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
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
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as { port: number }).port,
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
