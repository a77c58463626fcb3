import type { ServerProblem } from './server-problems.ts';
import { type ParsedServer, parseServer } from './server-settings.ts';

const URL_SCHEMES = ['smtp', 'smtps', 'lmtp', 'mx', 'inbox', 'folder'] as const;

/** Parameters of a URL that stand for a property with another type than text. */
const NUMBERS = new Set(['port']);
const BOOLEANS = new Set(['pipelining', 'production']);

/**
 * A server as a terminal names it:
 *
 *     smtp://user@host:port?security=none     smtps://user@host     lmtp://host:24
 *     lmtp:///run/dovecot/lmtp                (a Unix socket; smtp:///path too)
 *     mx:     inbox:     folder:./out     folder:/var/tmp/mail
 *
 * What follows `?` are properties of `mailbench.servers`, those of `tls` and `timeouts` with a dot: `tls.verify=false`.
 * A password in a URL is refused: it would stand in the history of the shell and in the list of processes.
 */
export function parseServerUrl(url: string): ParsedServer {
  const match = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(url.trim());
  const scheme = match?.[1]?.toLowerCase() ?? '';
  const [rest, query] = cut(match?.[2] ?? '', '?');
  if (!match || /[\0-\x20\x7f]/.test(url.trim())) return bad({ code: 'server-bad-url', value: withoutPassword(url) });
  if (!(URL_SCHEMES as readonly string[]).includes(scheme)) {
    return bad({ code: 'server-unknown-scheme', value: scheme, allowed: URL_SCHEMES });
  }
  const settings: Record<string, unknown> = { transport: scheme === 'smtps' ? 'smtp' : scheme };
  if (scheme === 'smtps') settings.security = 'tls';
  const fault = scheme === 'folder' ? folder(rest, settings) : authority(rest, settings);
  if (fault)
    return bad(fault === 'password' ? { code: 'server-password-in-settings' } : { code: 'server-bad-url', value: url });
  for (const [name, value] of new URLSearchParams(query ?? '')) assign(settings, name, value);
  const parsed = parseServer(withoutPassword(url.trim()), settings, 'server');
  return { ...parsed, problems: parsed.problems.map(atUrl) };
}

/** Whether it is meant as a URL, not as the name of a server. */
export function isServerUrl(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:/i.test(text.trim());
}

type Fault = 'password' | 'url' | undefined;

function folder(rest: string, settings: Record<string, unknown>): Fault {
  const path = decode(rest.replace(/^\/\/(?=\/)/, ''));
  if (path === undefined || path === '' || path.startsWith('//')) return 'url';
  settings.path = path;
  return undefined;
}

function authority(rest: string, settings: Record<string, unknown>): Fault {
  if (rest === '' || rest === '//') return undefined;
  if (!rest.startsWith('//')) return 'url';
  const slash = rest.indexOf('/', 2);
  const where = slash === -1 ? rest.slice(2) : rest.slice(2, slash);
  const path = slash === -1 ? '' : rest.slice(slash);
  // The last @: an unescaped one in the user's name is what people write (`me@qq.com@smtp.qq.com`).
  const at = where.lastIndexOf('@');
  if (at !== -1) {
    const [user, password] = cut(where.slice(0, at), ':');
    if (password !== undefined) return 'password';
    const decoded = decode(user);
    if (decoded === undefined) return 'url';
    if (decoded !== '') settings.user = decoded;
  }
  const host = where.slice(at + 1);
  if (host !== '') settings.host = host;
  if (path !== '' && path !== '/') {
    if (host !== '') return 'url';
    const decoded = decode(path);
    if (decoded === undefined) return 'url';
    settings.path = decoded;
  }
  return undefined;
}

function assign(settings: Record<string, unknown>, name: string, text: string): void {
  const [group, member] = cut(name, '.');
  if (member !== undefined && (group === 'tls' || group === 'timeouts')) {
    const inner = (settings[group] ??= Object.create(null)) as Record<string, unknown>;
    inner[member] = group === 'timeouts' ? numeric(text) : text === 'true' || text === 'false' ? text === 'true' : text;
    return;
  }
  if (NUMBERS.has(name)) settings[name] = numeric(text);
  else if (BOOLEANS.has(name) && /^(true|false)$/.test(text)) settings[name] = text === 'true';
  // `__proto__` and its like must not be taken for something that is there.
  else Object.defineProperty(settings, name, { value: text, enumerable: true, configurable: true, writable: true });
}

function numeric(text: string): number | string {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

function cut(text: string, at: string): [string, string | undefined] {
  const index = text.indexOf(at);
  return index === -1 ? [text, undefined] : [text.slice(0, index), text.slice(index + 1)];
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** As it may be shown. */
function withoutPassword(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/[^/?@:]*):[^/?]*@/i, '$1:•••@');
}

type Bare<P> = P extends ServerProblem ? Omit<P, 'severity' | 'path'> : never;

function bad(problem: Bare<ServerProblem>): ParsedServer {
  return { problems: [{ ...problem, severity: 'error', path: 'server' } as ServerProblem] };
}

/** `server.tls.verify` is `tls.verify` to somebody who wrote a URL. */
function atUrl(problem: ServerProblem): ServerProblem {
  return { ...problem, path: problem.path.replace(/^server\./, '') };
}
