import { createServer } from 'node:net';
import { makeCertificate } from '../../../src/capture/certificate.ts';
import type { MessageRecord, ReceivedMessage } from '../../../src/capture/message.ts';
import { type CaptureOptions, startCapture } from '../../../src/capture/server.ts';
import { type Listening, onLoopback } from '../../support/loopback.ts';

export interface TestServer extends Listening {
  readonly received: ReceivedMessage[];
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

export interface SilentServer extends Listening {
  /** Resolves once somebody has called. */
  readonly called: Promise<void>;
}

/** One that takes calls and never says a word. */
export async function silentServer(): Promise<SilentServer> {
  let answer: () => void = () => {};
  const called = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const server = createServer(() => answer());
  return { ...(await onLoopback(server)), called };
}

/** A port that nobody listens on. */
export async function closedPort(): Promise<number> {
  const { port, close } = await onLoopback(createServer());
  await close();
  return port;
}
