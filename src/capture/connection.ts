import type { Socket } from 'node:net';
import { type SecureContext, TLSSocket } from 'node:tls';
import type { DialogueOptions, TlsFacts } from './dialogue.ts';
import type { MessageRecord, ReceivedMessage } from './message.ts';
import { CaptureSession, type SessionPort } from './session.ts';
import type { MessageSink } from './store.ts';

export interface ConnectionOptions {
  readonly dialogue: Omit<DialogueOptions, 'client'>;
  readonly store: MessageSink;
  /** Milliseconds without a word from the client. */
  readonly idle: number;
  /** Whether TLS begins with the first octet. */
  readonly implicitTls: boolean;
  readonly secureContext: () => Promise<SecureContext>;
  readonly onMessage: (record: MessageRecord) => void;
}

/** Octets that may wait in a session before the socket is read no further. */
const MOST_PENDING = 262_144;
/** Milliseconds that a client has to hang up after the last reply. */
const LINGER = 1000;

/** Carries a session over a socket: reads, writes, upgrades to TLS, waits, times out. */
export class Connection implements SessionPort {
  readonly #options: ConnectionOptions;
  readonly #client: { readonly address: string; readonly port: number };
  /** The socket as it came; `#socket` is the one under TLS, once there is one. */
  readonly #raw: Socket;
  #socket: Socket;
  #session: CaptureSession | undefined;
  #delay: NodeJS.Timeout | undefined;
  #linger: NodeJS.Timeout | undefined;
  #keeping = false;

  constructor(socket: Socket, options: ConnectionOptions) {
    this.#raw = socket;
    this.#socket = socket;
    this.#options = options;
    this.#client = { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 };
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      clearTimeout(this.#delay);
      clearTimeout(this.#linger);
    });
    if (options.implicitTls) this.#secure((tls) => this.#begin(tls));
    else this.#begin(undefined);
  }

  /** Whether the session has ended, though the socket may linger. */
  get over(): boolean {
    return this.#session?.closed ?? this.#raw.destroyed;
  }

  /** Says goodbye; resolves once the socket is closed. */
  async shutDown(): Promise<void> {
    const closed = this.#raw.destroyed ? undefined : new Promise((resolve) => this.#raw.once('close', resolve));
    if (this.#session === undefined) this.#raw.destroy();
    else this.#session.shutDown();
    await closed;
  }

  destroy(): void {
    this.#raw.destroy();
  }

  #begin(tls: TlsFacts | undefined): void {
    const session = new CaptureSession({ ...this.#options.dialogue, client: this.#client }, this, tls);
    this.#session = session;
    this.#listen();
    session.start();
  }

  #listen(): void {
    const socket = this.#socket;
    socket.on('data', this.#onData);
    socket.on('end', this.#onEnd);
    socket.setTimeout(this.#options.idle, this.#onIdle);
  }

  readonly #onData = (octets: Buffer): void => {
    this.#session?.receive(octets);
    this.#throttle();
  };

  readonly #onEnd = (): void => this.#session?.ended();

  readonly #onIdle = (): void => {
    // While the server itself takes its time the client has nothing to say.
    if (this.#delay === undefined && !this.#keeping) this.#session?.timedOut();
  };

  #throttle(): void {
    const session = this.#session;
    if (session === undefined || session.closed) return;
    const full = session.waiting && session.pending > MOST_PENDING;
    if (full || this.#socket.writableNeedDrain) this.#socket.pause();
    else if (this.#socket.isPaused()) this.#socket.resume();
  }

  write(text: string): void {
    if (this.#socket.destroyed || this.#socket.writableEnded) return;
    if (!this.#socket.write(text, 'utf8')) this.#socket.once('drain', () => this.#throttle());
  }

  startTls(): void {
    const socket = this.#raw;
    socket.off('data', this.#onData);
    socket.off('end', this.#onEnd);
    socket.off('timeout', this.#onIdle);
    // The handshake may begin to arrive before the certificate is there.
    socket.pause();
    this.#secure((tls) => {
      this.#listen();
      this.#session?.secured(tls);
    });
  }

  #secure(then: (tls: TlsFacts) => void): void {
    const raw = this.#raw;
    raw.setTimeout(this.#options.idle, () => raw.destroy());
    this.#options.secureContext().then(
      (secureContext) => {
        if (raw.destroyed) return;
        const socket = new TLSSocket(raw, { isServer: true, secureContext });
        this.#socket = socket;
        // A failed handshake leaves nothing that could be said.
        socket.on('error', () => raw.destroy());
        socket.on('close', () => raw.destroy());
        socket.once('secure', () => {
          raw.setTimeout(0);
          then({ version: socket.getProtocol() ?? 'unknown', cipher: socket.getCipher()?.name ?? 'unknown' });
        });
      },
      () => raw.destroy(),
    );
  }

  wait(milliseconds: number): void {
    this.#delay = setTimeout(() => {
      this.#delay = undefined;
      this.#session?.resume();
      this.#throttle();
    }, milliseconds);
  }

  keep(message: ReceivedMessage): void {
    this.#keeping = true;
    this.#options.store.add(message).then(
      (record) => {
        this.#keeping = false;
        this.#session?.kept(record.id);
        this.#options.onMessage(record);
        this.#throttle();
      },
      (error: unknown) => {
        this.#keeping = false;
        this.#session?.notKept(error);
        this.#throttle();
      },
    );
  }

  close(): void {
    const socket = this.#socket;
    if (socket.destroyed) return;
    socket.end();
    // What the client still sends is read and thrown away: unread octets would make the system reset the
    // connection, and the last reply could be lost with it.
    socket.resume();
    this.#linger = setTimeout(() => this.#raw.destroy(), LINGER);
  }

  drop(): void {
    this.#raw.destroy();
  }
}
