/** An AUTH that is typed line by line (RFC 4954 section 4): its mechanism, and the answers that were given to its 334s. */
export interface TypedAuth {
  readonly mechanism: string;
  readonly answers: number;
}

/** What the next line is a part of, if the one before it was answered by 334. */
export function typedAuth(line: string, before: TypedAuth | undefined): TypedAuth | undefined {
  if (before !== undefined) return { ...before, answers: before.answers + 1 };
  const command = /^\s*AUTH\s+(\S+)(?:\s+(\S))?/i.exec(line);
  if (command === null) return undefined;
  return { mechanism: command[1]!.toUpperCase(), answers: command[2] === undefined ? 0 : 1 };
}

/**
 * What of a typed line is secret, encoded and not, so that a server which repeats it in a reply does not show it either. `under`:
 * the AUTH that the line is an answer in; none for a command. A user's name is no secret, and would be hidden in every
 * address from then on.
 */
export function typedSecrets(line: string, under: TypedAuth | undefined): readonly string[] {
  const given = under === undefined ? /^\s*AUTH\s+\S+\s+(.*)$/is.exec(line)?.[1]?.trim() : line.trim();
  if (given === undefined || /^[*=]?$/.test(given)) return [];
  const { mechanism = '', answers = 0 } = typedAuth(line, under) ?? {};
  if (mechanism === 'LOGIN' && answers === 1) return [];
  const decoded = Buffer.from(given, 'base64').toString('utf8');
  // RFC 4616: authzid NUL authcid NUL passwd. XOAUTH2 and OAUTHBEARER (RFC 7628): auth=Bearer TOKEN between ^A.
  const secret =
    mechanism === 'PLAIN' ? decoded.split('\0').at(-1)! : (/auth=\S+\s+([^\x01]+)/i.exec(decoded)?.[1] ?? decoded);
  return [given, decoded, secret];
}
