import type { Clock } from '../../base/ports.ts';
import { isLocal, type LinkPlace } from './links.ts';
import { hasPlaceholder } from './placeholders.ts';
import type { LinkProblem } from './problems.ts';

/** One request, redirects not followed. Rejects where there is no answer; `signal` ends it. */
export type LinkFetch = (
  url: string,
  request: { readonly method: 'HEAD' | 'GET'; readonly signal: AbortSignal },
) => Promise<{ readonly status: number; readonly location?: string }>;

/** What came of asking for an address. */
export type Reached =
  | { readonly kind: 'status'; readonly status: number; readonly url: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** Answers by address, kept by the caller between checks. */
export type ReachCache = Map<string, { readonly at: number; readonly reached: Reached }>;

/** What one check leaves for the next, so that a second mail with the same links is as polite as the first. */
export interface ReachMemory {
  readonly cache: ReachCache;
  /** By host, when it was last asked: the clock's ticks. */
  readonly lastAsked: Map<string, number>;
}

export interface ReachPorts extends ReachMemory {
  readonly fetch: LinkFetch;
  readonly clock: Clock;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  readonly signal: AbortSignal;
}

export interface ReachOptions {
  /** Milliseconds between two requests to one host. */
  readonly interval?: number;
  /** How long an answer is good for, in milliseconds. */
  readonly keep?: number;
  /** How many addresses are asked for at most; a finding tells of the rest. */
  readonly limit?: number;
  /** Milliseconds after which no further request is begun; a finding tells of what is left. */
  readonly within?: number;
}

/**
 * Asks for every http(s) link of a mail as `inspectMessage` found them, each address once and one after the other, no host
 * more often than the interval allows. It is called only when somebody asks for it: a link may do something (unsubscribe,
 * confirm). Machines of the author's own network are not asked.
 */
export async function reachLinks(
  found: readonly LinkPlace[],
  ports: ReachPorts,
  options: ReachOptions = {},
): Promise<LinkProblem[]> {
  const byUrl = new Map<string, LinkPlace[]>();
  for (const link of found) {
    const parsed = /^https?:/i.test(link.url) && !hasPlaceholder(link.url) ? URL.parse(link.url) : null;
    if (!parsed || isLocal(parsed.hostname)) continue;
    parsed.hash = '';
    const group = byUrl.get(parsed.href);
    if (group) group.push(link);
    else byUrl.set(parsed.href, [link]);
  }
  const problems: LinkProblem[] = [];
  const limit = options.limit ?? 100;
  const within = options.within ?? 120_000;
  const until = ports.clock.ticks() + within;
  const unasked = (from: number, reason: 'limit' | 'time'): LinkProblem => {
    const { range } = [...byUrl.values()][from]![0]!;
    const facts = { left: byUrl.size - from, reason, seconds: Math.round(within / 1000) };
    return { check: 'links', where: 'html', range, code: 'links-unasked', severity: 'information', ...facts };
  };
  for (const [index, [url, links]] of [...byUrl].entries()) {
    if (ports.signal.aborted) break;
    if (index >= limit) {
      problems.push(unasked(index, 'limit'));
      break;
    }
    const cached = ports.cache.get(url);
    let reached = cached && ports.clock.now() - cached.at < (options.keep ?? 600_000) ? cached.reached : undefined;
    if (!reached) {
      reached = await reach(url, ports, options.interval ?? 500, until);
      if (ports.signal.aborted) break;
      if (!reached) {
        problems.push(unasked(index, 'time'));
        break;
      }
      ports.cache.set(url, { at: ports.clock.now(), reached });
    }
    for (const link of links) {
      const problem = problemOf(link, reached, url);
      if (problem) problems.push(problem);
    }
  }
  return problems;
}

/** Undefined where the time is up before there is an answer. */
async function reach(url: string, ports: ReachPorts, interval: number, until: number): Promise<Reached | undefined> {
  let current = url;
  for (let hop = 0; hop < 6; hop++) {
    const target = URL.parse(current);
    if (!target || !/^https?:$/.test(target.protocol)) return { kind: 'failed', reason: 'redirect' };
    // A public link must not make this machine ask its own network.
    if (isLocal(target.hostname)) return { kind: 'failed', reason: 'local' };
    try {
      if (!(await turnOf(target.host, ports, interval, until))) return undefined;
      let answer = await ports.fetch(current, { method: 'HEAD', signal: ports.signal });
      // Many servers do not know HEAD, or refuse it.
      if ([403, 404, 405, 501].includes(answer.status)) {
        if (!(await turnOf(target.host, ports, interval, until))) return undefined;
        answer = await ports.fetch(current, { method: 'GET', signal: ports.signal });
      }
      if (answer.status < 300 || answer.status >= 400 || !answer.location) {
        return { kind: 'status', status: answer.status, url: current };
      }
      const next = URL.parse(answer.location, current);
      if (!next) return { kind: 'failed', reason: 'redirect' };
      current = next.href;
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      const code = (cause as { code?: unknown } | null)?.code;
      return {
        kind: 'failed',
        reason: typeof code === 'string' ? code : cause instanceof Error ? cause.message : String(cause),
      };
    }
  }
  return { kind: 'failed', reason: 'redirects' };
}

/** Waits until the host may be asked again; false where the time is up by then. */
async function turnOf(host: string, ports: ReachPorts, interval: number, until: number): Promise<boolean> {
  const { clock, lastAsked } = ports;
  const last = lastAsked.get(host);
  const wait = last === undefined ? 0 : last + interval - clock.ticks();
  if (clock.ticks() + Math.max(wait, 0) >= until) return false;
  if (wait > 0) await ports.sleep(wait, ports.signal);
  lastAsked.set(host, clock.ticks());
  return true;
}

function problemOf(link: LinkPlace, reached: Reached, asked: string): LinkProblem | undefined {
  const base = { check: 'links', where: 'html', range: link.range, url: link.url } as const;
  if (reached.kind === 'failed') {
    return { ...base, code: 'link-unreachable', severity: 'warning', reason: reached.reason };
  }
  // 401, 403, 429 and 999 say that a program is not welcome, not that a reader would not be.
  if (reached.status >= 400 && ![401, 403, 429, 999].includes(reached.status)) {
    return { ...base, code: 'link-status', severity: 'warning', status: reached.status };
  }
  if (reached.url !== asked) return { ...base, code: 'link-moved', severity: 'hint', to: reached.url };
  return undefined;
}
