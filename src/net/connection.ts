import type { Socket } from 'node:net';
import { type HandshakeOptions, handshake } from './tls.ts';
import type { TlsFacts } from './tls-options.ts';

/** Input nobody took yet, past which the peer is made to wait. */
const highWater = 256 * 1024;

/**
 * An open connection. It writes, hands out what was read, upgrades to TLS, and nothing else: what is said over it,
 * and for how long one waits, is the business of sessions and of those who drive them.
 */
export class Connection {
  /** The other end: an IP address, or the path of a Unix socket. */
  readonly remoteAddress: string;
  readonly remotePort: number | undefined;
  readonly localAddress: string | undefined;
  readonly localPort: number | undefined;
  tls: TlsFacts | undefined;
  /** Called after anything happened: input, the end of input, a failure, room for output. */
  onChange: (() => void) | undefined;

  #socket: Socket;
  #input: Buffer[] = [];
  #held = 0;
  #ended = false;
  #failure: Error | undefined;
  #full = false;

  constructor(socket: Socket, path?: string) {
    this.#socket = socket;
    this.remoteAddress = path ?? socket.remoteAddress ?? '';
    this.remotePort = socket.remotePort;
    this.localAddress = socket.localAddress;
    this.localPort = socket.localPort;
    this.#listen();
  }

  /** The next piece of input, if there is one. */
  take(): Buffer | undefined {
    const piece = this.#input.shift();
    if (piece !== undefined) {
      this.#held -= piece.length;
      if (this.#held < highWater && this.#socket.isPaused()) this.#socket.resume();
    }
    return piece;
  }

  /** Whether input is waiting to be taken. */
  get readable(): boolean {
    return this.#input.length > 0;
  }

  /** Whether nothing more will come than what is waiting. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Why the connection broke, if it did. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Whether the peer has taken enough that more may be written. */
  get writable(): boolean {
    return !this.#full;
  }

  get destroyed(): boolean {
    return this.#socket.destroyed;
  }

  /** Writes all of it; look at `writable` before the next. */
  write(octets: Uint8Array | string, encoding: 'utf8' | 'latin1' = 'utf8'): void {
    if (this.#ended || this.#failure !== undefined || !this.#socket.writable) return;
    const free = typeof octets === 'string' ? this.#socket.write(octets, encoding) : this.#socket.write(octets);
    if (!free) this.#full = true;
  }

  /** All pieces in one write. */
  writeAll(pieces: readonly (string | Uint8Array)[]): void {
    if (pieces.length === 1) this.write(pieces[0]!);
    else if (pieces.every((piece) => typeof piece === 'string')) this.write(pieces.join(''));
    else this.write(Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece))));
  }

  /**
   * TLS from here on. Rejects with a failure of step `tls`, the connection destroyed. The caller has made sure that
   * nothing is waiting to be taken.
   */
  async upgrade(options: HandshakeOptions): Promise<TlsFacts> {
    const plain = this.#socket;
    this.#deafen(plain);
    // CVE-2011-0411: what a stream still holds was said in plain text. Paused, it goes to the handshake, which fails by it;
    // flowing, it would be dropped, and nobody would know.
    plain.pause();
    const { socket, facts } = await handshake(plain, options);
    this.#socket = socket;
    this.tls = facts;
    this.#listen();
    return facts;
  }

  /** Sends what was written, then closes. */
  end(): void {
    this.#socket.end();
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** A connection that nobody waits for need not keep the process alive. */
  unref(): void {
    this.#socket.unref();
  }

  ref(): void {
    this.#socket.ref();
  }

  #listen(): void {
    const socket = this.#socket;
    socket.on('data', (piece: Buffer) => {
      this.#input.push(piece);
      this.#held += piece.length;
      if (this.#held >= highWater) socket.pause();
      this.onChange?.();
    });
    socket.on('end', () => this.#over());
    socket.on('close', () => this.#over());
    socket.on('error', (error) => {
      this.#failure ??= error;
      this.#over();
    });
    socket.on('drain', () => {
      this.#full = false;
      this.onChange?.();
    });
    socket.resume();
  }

  #over(): void {
    this.#ended = true;
    this.onChange?.();
  }

  #deafen(socket: Socket): void {
    socket.removeAllListeners('data');
    socket.removeAllListeners('end');
    socket.removeAllListeners('close');
    socket.removeAllListeners('drain');
  }
}
