import { createServer, type Socket } from 'node:net';

export interface ScriptedServer {
  readonly port: number;
  /** Lines that came in, the message's lines among them. */
  readonly received: readonly string[];
  close(): Promise<void>;
}

/**
 * A server that says `greeting`, then answers each line by the first rule whose pattern fits it: with lines, or by
 * closing (`null`), or not at all (`undefined` for a rule that is not there and `otherwise` left out).
 */
export async function scriptedServer(
  greeting: string | null,
  rules: readonly (readonly [RegExp, string | null])[],
): Promise<ScriptedServer> {
  const received: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    let pending = '';
    let inData = false;
    const answer = (reply: string | null) => {
      if (reply === null) socket.destroy();
      else socket.write(reply.replaceAll('\n', '\r\n') + '\r\n');
    };
    if (greeting === null) socket.end();
    else if (greeting !== '') answer(greeting);
    socket.on('data', (chunk) => {
      pending += chunk.toString('latin1');
      for (let end = pending.indexOf('\r\n'); end !== -1; end = pending.indexOf('\r\n')) {
        const line = pending.slice(0, end);
        pending = pending.slice(end + 2);
        received.push(line);
        if (inData && line !== '.') continue;
        const rule = rules.find(([pattern]) => pattern.test(line));
        inData = rule?.[1]?.startsWith('354') ?? false;
        if (rule) answer(rule[1]);
      }
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    received,
    close: () =>
      new Promise((closed) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => closed());
      }),
  };
}

/** What any server says to a message without trouble. */
export const friendly: readonly (readonly [RegExp, string | null])[] = [
  [/^EHLO/, '250 mail.example.org'],
  [/^MAIL/, '250 OK'],
  [/^RCPT/, '250 OK'],
  [/^DATA/, '354 Go on'],
  [/^\.$/, '250 Taken'],
  [/^RSET/, '250 OK'],
  [/^QUIT/, '221 Bye'],
];
