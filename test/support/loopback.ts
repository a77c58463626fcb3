import type { AddressInfo, Server, Socket } from 'node:net';

export interface Listening {
  /** 0 at a Unix socket. */
  readonly port: number;
  /** Drops whoever is connected, and listens no more. */
  close(): Promise<void>;
}

/** Has a server listen on a free port of the loopback, or at the path of a Unix socket. Connections that break are no errors. */
export async function onLoopback(server: Server, path?: string): Promise<Listening> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    if (path === undefined) server.listen(0, '127.0.0.1', resolve);
    else server.listen(path, resolve);
  });
  return {
    port: path === undefined ? (server.address() as AddressInfo).port : 0,
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
