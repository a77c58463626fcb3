import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { makeCertificate } from '../../../src/capture/certificate.ts';
import type { MessageRecord, ReceivedMessage } from '../../../src/capture/message.ts';
import { type CaptureOptions, startCapture } from '../../../src/capture/server.ts';

export interface TestServer {
  readonly port: number;
  readonly received: ReceivedMessage[];
  close(): Promise<void>;
}

/** A server that keeps what it gets in memory, on any free port of this machine. */
export async function mailServer(options: Partial<CaptureOptions> = {}): Promise<TestServer> {
  const received: ReceivedMessage[] = [];
  const add = async (message: ReceivedMessage): Promise<MessageRecord> => {
    received.push(message);
    return { id: String(received.length), received: 0, size: message.size, summary: {} };
  };
  const server = await startCapture({ port: 0, ...options, store: { add } });
  return { port: server.port, received, close: () => server.close() };
}

/** One whose certificate nobody has a reason to trust. */
export async function selfSignedServer(): Promise<TestServer> {
  const pair = await makeCertificate({ now: Date.now() });
  return mailServer({ security: 'tls', certificate: async () => pair });
}

export interface SilentServer {
  readonly port: number;
  /** Resolves once somebody has called. */
  readonly called: Promise<void>;
  close(): Promise<void>;
}

/** One that takes calls and never says a word. */
export async function silentServer(): Promise<SilentServer> {
  const sockets = new Set<Socket>();
  let answer: () => void = () => {};
  const called = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    answer();
  });
  await listening(server);
  return {
    port: (server.address() as AddressInfo).port,
    called,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** A port that nobody listens on. */
export async function closedPort(): Promise<number> {
  const server = createServer();
  await listening(server);
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function listening(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve());
  });
}
