import { promises as dns, type LookupAddress, lookup } from 'node:dns';
import { codeOf } from './failure.ts';
import type { Address, MxRecord, Resolver } from './resolver.ts';

/** What this machine's own resolver says: its hosts file and name services for addresses, DNS for MX. */
export const systemResolver: Resolver = {
  addresses(host) {
    return new Promise((resolve, reject) => {
      lookup(host, { all: true, verbatim: true }, (error, found: LookupAddress[]) =>
        error === null ? resolve(found.map(asAddress)) : reject(error),
      );
    });
  },
  async mx(domain, signal) {
    return queryMx(new dns.Resolver(), domain, signal);
  },
};

/** Asks the name servers given (`192.0.2.53`, `127.0.0.1:5353`, `[::1]:5353`) and nothing else: no hosts file, no search list. */
export function resolverAt(servers: readonly string[]): Resolver {
  const make = () => {
    const resolver = new dns.Resolver({ timeout: 3000, tries: 2 });
    resolver.setServers(servers);
    return resolver;
  };
  return {
    servers: servers.join(', '),
    async addresses(host, signal) {
      const resolver = make();
      const cancel = () => resolver.cancel();
      signal?.addEventListener('abort', cancel);
      try {
        const [six, four] = await Promise.allSettled([resolver.resolve6(host), resolver.resolve4(host)]);
        const found: Address[] = [];
        if (six.status === 'fulfilled') for (const address of six.value) found.push({ address, family: 6 });
        if (four.status === 'fulfilled') for (const address of four.value) found.push({ address, family: 4 });
        // Of the two answers the one that is no plain "none of that kind" says more.
        if (found.length === 0) throw pick(six, four);
        return found;
      } finally {
        signal?.removeEventListener('abort', cancel);
      }
    },
    mx: (domain, signal) => queryMx(make(), domain, signal),
  };
}

async function queryMx(
  resolver: InstanceType<typeof dns.Resolver>,
  domain: string,
  signal?: AbortSignal,
): Promise<readonly MxRecord[]> {
  const cancel = () => resolver.cancel();
  signal?.addEventListener('abort', cancel);
  try {
    const found = await resolver.resolveMx(domain);
    return found.map(({ exchange, priority }) => ({ exchange, preference: priority }));
  } catch (error) {
    if (codeOf(error) === 'ENODATA') return [];
    throw error;
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}

function pick(...results: readonly PromiseSettledResult<unknown>[]): unknown {
  const reasons = results.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  return reasons.find((reason) => codeOf(reason) !== 'ENODATA' && codeOf(reason) !== 'ENOTFOUND') ?? reasons[0];
}

function asAddress({ address, family }: LookupAddress): Address {
  return { address, family: family === 6 ? 6 : 4 };
}
