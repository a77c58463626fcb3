import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer, connect as open, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

/** Postfix's smtp-sink: takes anything and throws it away, as fast as it can. */
export async function startSink(): Promise<{ port: number; stop(): void }> {
  const [program, env] = postfixProgram('smtp-sink');
  const port = await freePort();
  // Where the suite runs as root, smtp-sink wants to become somebody else.
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const sink: ChildProcess = spawn(program, [...user, `127.0.0.1:${port}`, '1000'], { stdio: 'inherit', env });
  for (let i = 0; i < 100; i++) {
    if (await answers(port)) return { port, stop: () => void sink.kill() };
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  sink.kill();
  throw new Error('smtp-sink did not start');
}

/** A program of Postfix: the machine's own, else the one that the suite against real servers has unpacked; and what it has to find. */
export function postfixProgram(name: string): [program: string, env: NodeJS.ProcessEnv] {
  const unpacked = fileURLToPath(new URL('../../../.vscode-test/servers/postfix/usr', import.meta.url));
  const found = ['/usr/sbin', '/usr/bin', '/usr/local/sbin', `${unpacked}/sbin`].find((path) =>
    existsSync(`${path}/${name}`),
  );
  if (found === undefined)
    throw new Error(`${name} was not found: run test/servers/install.sh (Debian), or install Postfix`);
  const libraries = found.startsWith(unpacked) ? { LD_LIBRARY_PATH: `${unpacked}/lib/postfix` } : {};
  return [`${found}/${name}`, { ...process.env, ...libraries }];
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = open(port, '127.0.0.1');
    socket.once('data', () => {
      socket.end('QUIT\r\n');
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** A relay that holds every octet back for half a round trip, both ways. */
export async function startDelay(to: number, roundTrip: number): Promise<{ port: number; stop(): void }> {
  const pipe = (from: Socket, into: Socket) => {
    from.on('data', (piece) => setTimeout(() => into.write(piece), roundTrip / 2));
    from.on('end', () => setTimeout(() => into.end(), roundTrip / 2));
    from.on('error', () => into.destroy());
  };
  const server = createServer({ noDelay: true }, (near) => {
    const far = open({ port: to, host: '127.0.0.1', noDelay: true });
    pipe(near, far);
    pipe(far, near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as { port: number }).port, stop: () => void server.close() };
}

/** The floor: a socket, octets made beforehand, replies merely counted by their lines. */
export async function bareSocket(port: number, count: number, recipients: number, message: Buffer): Promise<void> {
  const envelope = `MAIL FROM:<a@a.example>\r\n${'RCPT TO:<b@b.example>\r\n'.repeat(recipients)}DATA\r\n`;
  const both = Buffer.concat([message, Buffer.from(`.\r\n${envelope}`)]);
  const last = Buffer.concat([message, Buffer.from('.\r\nQUIT\r\n')]);
  const socket = open({ port, host: '127.0.0.1', noDelay: true });
  // Greeting; the reply to HELO and the first envelope; then what each message and the next envelope get.
  let due = 1;
  let step = 0;
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', () => resolve());
    socket.on('data', (piece) => {
      for (let at = piece.indexOf(0x0a); at !== -1; at = piece.indexOf(0x0a, at + 1)) due--;
      if (due > 0) return;
      if (step === 0) socket.write(`HELO x\r\n${envelope}`);
      else socket.write(step < count ? both : last);
      due = step === 0 ? recipients + 3 : recipients + 3;
      step++;
    });
  });
}

/** A pipelined socket that does what the protocol asks for, and nothing more; one write a message, the next envelope in it. */
export async function pipeliningSocket(
  port: number,
  count: number,
  recipients: number,
  message: Buffer,
): Promise<void> {
  const socket = open({ port, host: '127.0.0.1', noDelay: true });
  const envelope = () => {
    let text = 'MAIL FROM:<a@a.example>\r\n';
    for (let i = 0; i < recipients; i++) text += `RCPT TO:<b${i}@b.example>\r\n`;
    return `${text}DATA\r\n`;
  };
  let wanted: number[] = [220];
  let begun = 0;
  let held = '';
  const next = () => {
    const replies = [250, ...Array.from({ length: recipients }, () => 250), 354];
    if (begun === 0) {
      socket.write(`HELO x\r\n${envelope()}`);
      wanted = [250, ...replies];
    } else {
      const text = message.toString('latin1').replace(/^\./gm, '..');
      socket.write(`${text}.\r\n${begun < count ? envelope() : 'QUIT\r\n'}`, 'latin1');
      wanted = begun < count ? [250, ...replies] : [250, 221];
    }
    begun++;
  };
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', () => resolve());
    socket.on('data', (piece) => {
      held += piece.toString('latin1');
      for (let end = held.indexOf('\r\n'); end !== -1; end = held.indexOf('\r\n')) {
        const line = held.slice(0, end);
        held = held.slice(end + 2);
        if (!/^\d{3} /.test(line) || Number(line.slice(0, 3)) !== wanted.shift()) reject(new Error(line));
      }
      if (wanted.length === 0 && begun <= count) next();
    });
  });
}

/** Runs a program to its end, and gives what it printed. */
export function run(program: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'], env: env ?? process.env });
    let text = '';
    child.stdout.on('data', (piece) => {
      text += piece;
    });
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(text) : reject(new Error(`${program} ended with ${code}`))));
  });
}
