import type { CapturedEnvelope, MessageRecord, ReceivedMessage } from '../../../src/capture/message.ts';
import { type CaptureOptions, startCapture } from '../../../src/capture/server.ts';

/** A message as the server under test handed it on; a character stands for each octet. */
export interface Arrived {
  readonly text: string;
  readonly envelope: CapturedEnvelope;
}

/** Where the messages come out again that a server under test has taken. */
export interface Hop {
  /** All so far. */
  arrived(): Promise<Arrived[]>;
  /** The message whose text holds that, once it is there. */
  message(mark: string): Promise<Arrived>;
  /** So many of them. */
  messages(mark: string, count: number): Promise<Arrived[]>;
}

/** Where the servers under test deliver: the capture server, by SMTP or LMTP, with its messages in memory. */
export class NextHop implements Hop {
  readonly port: number;
  readonly #arrived: Arrived[] = [];
  readonly #close: () => Promise<void>;
  #wake = () => {};

  private constructor(port: number, close: () => Promise<void>) {
    this.port = port;
    this.#close = close;
  }

  static async start(options: Partial<CaptureOptions> = {}): Promise<NextHop> {
    let hop: NextHop | undefined;
    let count = 0;
    const store = {
      add: async (message: ReceivedMessage): Promise<MessageRecord> => {
        hop?.take(message);
        return { id: `m${++count}`, received: 0, size: message.size, summary: {} };
      },
    };
    const server = await startCapture({ port: 0, host: '127.0.0.1', store, ...options });
    hop = new NextHop(server.port, () => server.close());
    return hop;
  }

  take(message: ReceivedMessage): void {
    this.#arrived.push({ envelope: message.envelope, text: Buffer.concat(message.pieces).toString('latin1') });
    this.#wake();
  }

  async arrived(): Promise<Arrived[]> {
    return [...this.#arrived];
  }

  async message(mark: string): Promise<Arrived> {
    return (await this.messages(mark, 1))[0]!;
  }

  async messages(mark: string, count: number): Promise<Arrived[]> {
    for (;;) {
      const found = this.#arrived.filter(({ text }) => text.includes(mark));
      if (found.length >= count) return found;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  close(): Promise<void> {
    return this.#close();
  }
}
