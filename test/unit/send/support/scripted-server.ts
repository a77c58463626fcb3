import { createServer, type Socket } from 'node:net';
import { type Listening, onLoopback } from '../../../support/loopback.ts';

export interface ScriptedServer extends Listening {
  /** Lines that came in, the message's lines among them. */
  readonly received: readonly string[];
  /** Says something unasked to whoever is connected, and closes. */
  hangUp(lastWords?: string): void;
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
    socket.once('close', () => sockets.delete(socket));
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
  const hangUp = (lastWords?: string) => {
    for (const socket of sockets) socket.end(lastWords === undefined ? '' : `${lastWords}\r\n`);
  };
  return { ...(await onLoopback(server)), received, hangUp };
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
