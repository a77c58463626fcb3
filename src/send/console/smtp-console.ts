import { type DeliveryFailure, isDeliveryFailure } from '../../base/errors.ts';
import type { ByteSource } from '../../base/source.ts';
import { Transcript } from '../../net/transcript.ts';
import { connect, type SmtpClient } from '../../smtp/client.ts';
import type { ConnectOptions } from '../../smtp/options.ts';
import type { Reply } from '../../smtp/reply.ts';
import { sessionFactsOf } from '../../smtp/session-facts.ts';
import { lookUpPassword, rememberPassword } from '../credentials.ts';
import { sessionLines } from '../delivery-report.ts';
import { type OpeningPorts, openingOf } from '../opening.ts';
import { tellFailure } from '../sentences/failure.ts';
import { refusalSentence } from '../sentences/refusal.ts';
import { sentences } from '../sentences/words.ts';
import type { InboxServer, SmtpServer } from '../server.ts';
import { CONSOLE_HELP, type ConsoleAction, readConsoleLine } from './words.ts';

export interface ConsolePorts extends Omit<OpeningPorts, 'signal'> {
  /** Gets each line: of the transcript, as `net/transcript.ts` writes them, and of the console’s own. */
  readonly print: (line: string) => void;
  /** `mailbench.transcript.data`: whether a message shows in full. */
  readonly transcriptData?: 'summary' | 'full';
  /** Called once the server has ended a session that nothing was asked of, and that was printed. */
  readonly lost?: () => void;
}

/**
 * What the next line is taken for. `closed`: there is no session. `command`: a command, or a word of the console.
 * `exchange`: an answer to a 334 of AUTH. `message`: a line of the message after a 354.
 */
export type ConsoleState = 'closed' | 'command' | 'exchange' | 'message';

/** The servers that there can be a session with: one host that is always the same. */
export type ConsoleServer = SmtpServer | InboxServer;

/**
 * One live session with a server, driven by lines as a person types them or a script has them. What goes over the wire
 * is printed as the transcript has it, secrets hidden; nothing here knows of a terminal.
 */
export class SmtpConsole {
  readonly server: ConsoleServer;
  readonly #ports: ConsolePorts;
  #transcript: Transcript;
  #client: SmtpClient | undefined;
  #interruption = new AbortController();
  #state: ConsoleState = 'closed';
  #message: string[] = [];
  /** Recipients of the transaction at hand: LMTP answers the message once for each (RFC 2033 section 4.2). */
  #accepted = 0;
  #troubles = 0;

  constructor(server: ConsoleServer, ports: ConsolePorts) {
    this.server = server;
    this.#ports = ports;
    this.#transcript = this.#newTranscript();
  }

  get state(): ConsoleState {
    return this.#state;
  }

  get isOpen(): boolean {
    return this.#state !== 'closed';
  }

  /** Replies that said no, and whatever else went wrong. */
  get troubles(): number {
    return this.#troubles;
  }

  /** Opens a session as a send would, the login apart; `bare`: up to the server's first line only. */
  async open(bare: boolean): Promise<void> {
    await this.close();
    this.#interruption = new AbortController();
    this.#transcript = this.#newTranscript();
    const ports = { ...this.#ports, signal: this.#interruption.signal };
    await this.#guarded(async () => {
      const opening = await openingOf(this.server, ports, this.#transcript, { login: false });
      if (opening.kind === 'refused') this.#trouble(refusalSentence(opening.refusal, this.server));
      if (opening.kind !== 'ready') return;
      const options: ConnectOptions = bare ? { ...opening.options, upTo: 'greeting' } : opening.options;
      const client = await connect(options);
      this.#client = client;
      this.#state = 'command';
      client.onUnasked = () => void this.#hear(client);
      // What came along with the last reply of the opening was nobody’s to hear yet.
      if (!client.usable) await this.#hear(client);
    });
  }

  /** The server has said something unasked, or closed: mostly a 421 to one who was idle for too long. */
  async #hear(client: SmtpClient): Promise<void> {
    // What it was is in the transcript; who ends a session by it has heard all there is.
    await client.lastWords().catch(() => {});
    if (this.#client !== client) return;
    this.#over(client);
    this.#ports.lost?.();
  }

  /** Carries one line out; resolves once its answer is printed. Never rejects for what a server does. */
  async run(text: string): Promise<void> {
    if (this.#state === 'message') return this.#messageLine(text);
    if (this.#state === 'exchange') return this.#raw(text);
    const action = readConsoleLine(text);
    if (this.#state === 'closed' && needsSession(action)) {
      this.#trouble('There is no session: "open" begins one.');
      return;
    }
    await this.#do(action);
  }

  /**
   * Says QUIT, bounded; there is no session then. In a message, or in the midst of AUTH, QUIT would be taken for a line of it:
   * the connection is dropped then, and nothing of the message was sent.
   */
  async close(): Promise<void> {
    const client = this.#client;
    if (this.#state === 'message' || this.#state === 'exchange') {
      this.#transcript.event(`Dropped in the midst of ${this.#state === 'message' ? 'a message' : 'AUTH'}`);
      client?.destroy();
    }
    this.#message = [];
    this.#client = undefined;
    this.#state = 'closed';
    if (!client) return;
    await client.quit();
    this.#transcript.close();
  }

  /** Breaks off whatever is under way. The session ends with it. */
  interrupt(): void {
    this.#interruption.abort();
  }

  async #do(action: ConsoleAction): Promise<void> {
    const { print } = this.#ports;
    switch (action.do) {
      case 'nothing':
        return;
      case 'help':
        for (const line of CONSOLE_HELP) print(line);
        return;
      case 'misuse':
        return this.#trouble(action.sentence);
      case 'status': {
        if (!this.#client) return;
        const lines = sessionLines(sessionFactsOf(this.#client), undefined, this.#ports.clock.now());
        for (const line of asPlainText(lines)) print(line);
        return;
      }
      case 'open':
        return this.open(action.bare);
      case 'quit':
        return this.close();
      case 'raw':
        return this.#raw(action.line);
      case 'hello':
        return this.#talk((client) => client.hello(action.verb));
      case 'starttls':
        return this.#talk(async (client) => {
          await client.startTls();
          return undefined;
        });
      case 'login':
        return this.#login(action);
    }
  }

  async #login({ user, mechanism }: Extract<ConsoleAction, { do: 'login' }>): Promise<void> {
    const { server } = this;
    const name = user ?? ('user' in server ? server.user : undefined);
    if (server.transport === 'inbox' || name === undefined) {
      return this.#trouble('Who is to log in? Write "login USER"; the password is asked for.');
    }
    const auth = mechanism ?? server.auth;
    const as: SmtpServer = { ...server, user: name, auth };
    const found =
      auth === 'external'
        ? ({ kind: 'found', user: name, password: '', from: 'asked', remember: false } as const)
        : await lookUpPassword(as, this.#ports, this.#interruption.signal);
    if (found.kind === 'refused') return this.#trouble(refusalSentence(found.refusal, as));
    if (found.kind !== 'found') return;
    await this.#talk(async (client) => {
      const reply = await client.authenticate({ user: found.user, password: found.password }, auth);
      await rememberPassword(as, found, this.#ports).catch(() => {});
      return reply;
    });
  }

  async #raw(line: string): Promise<void> {
    await this.#talk(async (client) => {
      const reply = await client.command(line);
      this.#follow(line, reply);
      return reply;
    });
  }

  /** What a command and its reply change for the lines that come after it. */
  #follow(line: string, { code }: Reply): void {
    const verb = /^\s*(\S*)/.exec(line)?.[1]?.toUpperCase() ?? '';
    const wasExchange = this.#state === 'exchange';
    this.#state = code === 354 ? 'message' : code === 334 ? 'exchange' : 'command';
    if (wasExchange) return;
    if (verb === 'RCPT' && code < 300) this.#accepted++;
    else if (['MAIL', 'RSET', 'EHLO', 'LHLO', 'HELO'].includes(verb) && code < 300) this.#accepted = 0;
  }

  async #messageLine(text: string): Promise<void> {
    if (text !== '.') {
      this.#message.push(text);
      return;
    }
    const source = sourceOf(this.#message);
    this.#message = [];
    this.#state = 'command';
    const replies = this.server.transport === 'lmtp' ? Math.max(1, this.#accepted) : 1;
    this.#accepted = 0;
    await this.#talk(async (client) => {
      for (const reply of await client.message(source, replies)) this.#judge(reply);
      return undefined;
    });
  }

  async #talk(work: (client: SmtpClient) => Promise<Reply | undefined>): Promise<void> {
    const client = this.#client;
    if (!client) return;
    await this.#guarded(async () => {
      const reply = await work(client);
      if (reply) this.#judge(reply);
    });
    // A refusal leaves it as it was; what broke it, or a 421, ended it.
    if (this.#client === client && !client.usable) this.#over(client);
  }

  #over(client: SmtpClient): void {
    const unsent = this.#state === 'message' ? ', the message was not sent' : '';
    client.destroy();
    this.#client = undefined;
    this.#state = 'closed';
    this.#message = [];
    this.#transcript.event(`The session is over${unsent}: "open" begins another`);
    this.#transcript.close();
  }

  #judge({ code }: Reply): void {
    if (code >= 400) this.#troubles++;
  }

  async #guarded(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!isDeliveryFailure(error)) throw error;
      if (error.failure === 'aborted') {
        this.#troubles++;
        this.#transcript.event('Broken off');
      } else this.#trouble(troubleOf(error, this.server));
    }
  }

  #trouble(sentence: string): void {
    this.#troubles++;
    this.#transcript.trouble(sentence);
  }

  #newTranscript(): Transcript {
    const { clock, print, transcriptData } = this.#ports;
    return new Transcript({ clock, sink: print, ...(transcriptData === undefined ? {} : { data: transcriptData }) });
  }
}

/** What ends a session here leaves neither a message nor a document behind that could be sent again. */
function troubleOf(error: DeliveryFailure, server: ConsoleServer): string {
  const told = tellFailure(error, server);
  const loses = ['closed', 'not-connected'].includes(error.reason) && error.step !== 'greeting';
  return loses ? told.what : sentences(told.what, told.next);
}

function needsSession(action: ConsoleAction): boolean {
  return !['nothing', 'help', 'misuse', 'open', 'quit'].includes(action.do);
}

/** Sections of a report without the marks that only Markdown needs. */
function asPlainText(lines: readonly string[]): string[] {
  return lines
    .filter((_, index) => !lines[index - 1]?.startsWith('## '))
    .map((line) =>
      line
        .replace(/^## (.*)$/, '$1:')
        .replace(/^- /, '  ')
        .trimEnd(),
    );
}

/** The lines of a message as they were typed. The engine stuffs the dots. */
function sourceOf(lines: readonly string[]): ByteSource {
  const whole = Buffer.from(lines.map((line) => `${line}\r\n`).join(''), 'utf8');
  return {
    size: whole.length,
    transparency: whole.some((octet) => octet > 0x7f) ? '8bit' : '7bit',
    utf8Header: false,
    whole,
    async *read() {
      yield whole;
    },
  };
}
