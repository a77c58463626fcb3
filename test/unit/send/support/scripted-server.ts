import { createServer } from 'node:net';
import { type Listening, onLoopback } from '../../../support/loopback.ts';

export interface ScriptedServer extends Listening {
  /** Lines that came in, the message's lines among them. */
  readonly received: readonly string[];
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
  const server = createServer((socket) => {
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
  return { ...(await onLoopback(server)), received };
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
