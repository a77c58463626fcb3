import { coloured, colouredPrompt } from './colours.ts';
import { LineEditor } from './line-editor.ts';
import { type ConsolePorts, type ConsoleServer, SmtpConsole } from './smtp-console.ts';
import { completions, readConsoleLine, secretFrom } from './words.ts';

export interface ShellPorts extends Omit<ConsolePorts, 'print' | 'lost'> {
  /** Writes to the terminal, control sequences and all. */
  readonly write: (text: string) => void;
  readonly columns: number;
}

/**
 * The console in a terminal: keys in, coloured lines out. A command takes its line off the screen, since the transcript
 * shows it as it went over the wire.
 */
export class ConsoleShell {
  readonly #ports: ShellPorts;
  readonly #console: SmtpConsole;
  readonly #editor: LineEditor;
  #busy = false;
  #ended = false;
  /** Whether Enter alone opens another session. */
  #reopens = false;
  #bare = false;
  /** Takes the next line as an answer to a question; undefined for none. */
  #answer: ((text: string | undefined) => void) | undefined;
  #finish: () => void = () => {};

  /** Resolves once the session is over and the person has had the last line. */
  readonly ended = new Promise<void>((resolve) => {
    this.#finish = resolve;
  });

  constructor(server: ConsoleServer, ports: ShellPorts) {
    this.#ports = ports;
    const { write: _write, columns, ...others } = ports;
    this.#editor = new LineEditor(columns, {
      complete: completions,
      secretFrom: (text) => (this.#console.state === 'message' ? text.length : secretFrom(text)),
      paint: colouredPrompt,
    });
    this.#console = new SmtpConsole(server, {
      askPassword: async ({ user }) => {
        const password = await this.#ask(`Password of ${user}: `);
        return password ? { password, remember: false } : undefined;
      },
      ...others,
      print: (line) => this.#print(line),
      lost: () => this.#lost(),
    });
  }

  /** Replies that said no, and whatever else went wrong. */
  get troubles(): number {
    return this.#console.troubles;
  }

  async start(bare: boolean): Promise<void> {
    this.#busy = true;
    this.#bare = bare;
    await this.#console.open(bare);
    if (this.#console.state === 'command') {
      this.#print('Type a command, "help" for what there is, "quit" to end.');
    }
    this.#busy = false;
    await this.#work();
  }

  /** What the terminal sends: typed ahead, it waits for its turn. */
  async input(data: string): Promise<void> {
    if (this.#ended) return;
    if (this.#busy && !this.#answer) {
      if (data.includes('\x03')) {
        this.#editor.dropInput();
        this.#console.interrupt();
      } else this.#editor.feed(data);
      return;
    }
    this.#editor.feed(data);
    if (this.#answer) this.#takeAnswer();
    else await this.#work();
  }

  resize(columns: number): void {
    this.#editor.resize(columns);
    if (!this.#busy && !this.#ended) this.#ports.write(this.#editor.render());
  }

  /** Ends the session without another key: the terminal was closed. */
  async end(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    // QUIT is still said where the session is idle; nobody waits for what is under way.
    if (this.#busy) this.#console.interrupt();
    await this.#console.close();
    this.#finish();
  }

  async #work(): Promise<void> {
    for (;;) {
      if (this.#ended) return;
      this.#editor.prompt = this.#prompt();
      this.#editor.hidden = this.#console.state === 'exchange';
      const event = this.#editor.next();
      switch (event?.type) {
        case undefined:
          this.#ports.write(this.#editor.render());
          return;
        case 'line':
          await this.#line(event.text);
          break;
        case 'interrupt':
          // An exchange is called off by a "*" (RFC 4954 section 4); a line is simply given up.
          if (this.#console.state === 'exchange') await this.#line('*');
          else if (this.#editor.text === '') this.#print(this.#wayOut());
          this.#editor.clear();
          break;
        case 'end':
          // Not as a line: it would be one of the message.
          if (this.#console.state === 'message' || this.#console.state === 'exchange') await this.end();
          else await this.#line('quit');
          break;
        case 'clear-screen':
          this.#ports.write('\x1b[2J\x1b[H');
          break;
        case 'candidates':
          this.#print(event.words.join('   '));
          break;
      }
    }
  }

  /** The server has ended an idle session: what is being typed stays, under what is told of it. */
  #lost(): void {
    // Enter means nothing of the kind in what was pasted, and waits for its turn.
    if (this.#ended || (this.#busy && !this.#answer)) return;
    this.#reopens = true;
    this.#print('Press Enter to open another, or type "quit".');
    if (this.#busy) this.#ports.write(this.#editor.render());
    else void this.#work();
  }

  async #line(typed: string): Promise<void> {
    const { state } = this.#console;
    const again = this.#reopens && state === 'closed' && typed.trim() === '';
    this.#reopens = false;
    const text = again ? `open${this.#bare ? ' bare' : ''}` : typed;
    const action = state === 'message' || state === 'exchange' ? undefined : readConsoleLine(text);
    if (action?.do === 'open') this.#bare = action.bare;
    // The transcript has what goes over the wire; everything else stays where it was typed.
    const shown = state === 'message' || (action !== undefined && !['raw', 'hello'].includes(action.do));
    this.#ports.write(
      shown ? `${this.#editor.erase()}${colouredPrompt(this.#editor.prompt)}${safe(text)}\r\n` : this.#editor.erase(),
    );
    if (state !== 'message' && state !== 'exchange' && secretFrom(text) >= text.length) this.#editor.remember(text);
    this.#busy = true;
    await this.#console.run(text);
    this.#busy = false;
    if (action?.do === 'quit' && !this.#ended) {
      this.#ended = true;
      this.#finish();
    }
  }

  #wayOut(): string {
    return this.#console.state === 'message'
      ? 'A dot on a line of its own sends the message; Ctrl+D drops it, and the connection.'
      : '"quit", or Ctrl+D, ends the session.';
  }

  #prompt(): string {
    const { state, server } = this.#console;
    switch (state) {
      case 'command':
        return server.transport === 'lmtp' ? 'lmtp> ' : 'smtp> ';
      case 'exchange':
        return 'answer (hidden)> ';
      case 'message':
        return 'message> ';
      case 'closed':
        return 'closed> ';
    }
  }

  /** Asks for a line that is not shown; undefined where the person would rather not. */
  async #ask(prompt: string): Promise<string | undefined> {
    const before = this.#editor.prompt;
    this.#editor.prompt = prompt;
    this.#editor.hidden = true;
    this.#ports.write(this.#editor.render());
    const answer = new Promise<string | undefined>((resolve) => {
      this.#answer = resolve;
    });
    this.#takeAnswer();
    const text = await answer;
    this.#answer = undefined;
    this.#editor.prompt = before;
    this.#editor.hidden = false;
    this.#ports.write('\r\n');
    return text;
  }

  #takeAnswer(): void {
    for (let event = this.#editor.next(); event; event = this.#editor.next()) {
      if (event.type === 'line') {
        this.#answer?.(event.text);
        return;
      }
      if (event.type === 'interrupt' || event.type === 'end') {
        this.#editor.clear();
        this.#answer?.(undefined);
        return;
      }
    }
  }

  #print(line: string): void {
    this.#ports.write(`${this.#editor.erase()}${coloured(safe(line))}\r\n`);
  }
}

/** Without anything that a terminal would obey. */
function safe(text: string): string {
  return text.replace(
    /[\0-\x1f\x7f-\x9f]/g,
    (char) => `\\x${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}
