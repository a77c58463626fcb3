/**
 * Conversations as literal two-sided text. A line begins with its side:
 *
 *     S: 220 mx.example ESMTP        the server says it, CRLF added
 *     C: EHLO client.example         the client is to say it, CRLF added
 *     S> "250 ok\n"                  the same, octets as a JSON string, nothing added
 *     C> "no line end"
 *     !tls                           TLS from here on
 *     !close  !reset                 the server ends the connection, orderly or not
 *     !silence                       the server says nothing more
 *     !hold                          the test does something first
 */
export type ScriptStep =
  | { readonly side: 'S' | 'C'; readonly octets: Buffer }
  | { readonly side: '!'; readonly what: 'tls' | 'close' | 'reset' | 'silence' | 'hold' };

export function parseScript(text: string): ScriptStep[] {
  return scriptLines(text).map((line): ScriptStep => {
    if (line.startsWith('!')) return { side: '!', what: line.slice(1) as 'tls' };
    const side = line[0] as 'S' | 'C';
    const rest = line.slice(3);
    return { side, octets: Buffer.from(line[1] === '>' ? (JSON.parse(rest) as string) : `${rest}\r\n`, 'latin1') };
  });
}

/** The lines of a script, indentation taken off. */
export function scriptLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trimStart())
    .filter((line) => line !== '');
}

/** Octets of one side as script lines: what has CRLF plainly, what has not as a JSON string. */
export function asScript(side: 'S' | 'C', octets: Buffer): string[] {
  const lines: string[] = [];
  for (const line of octets.toString('latin1').split(/(?<=\r\n)/)) {
    if (line === '') continue;
    const plain = line.endsWith('\r\n') && /^[\x20-\xff]+$/.test(line.slice(0, -2));
    lines.push(plain ? `${side}: ${line.slice(0, -2)}` : `${side}> ${JSON.stringify(line)}`);
  }
  return lines;
}
