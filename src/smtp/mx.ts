import { randomInt } from 'node:crypto';
import { isIP } from 'node:net';
import type { Envelope } from '../base/envelope.ts';
import { DeliveryFailure, isDeliveryFailure } from '../base/errors.ts';
import type { ByteSource } from '../base/source.ts';
import { systemClock } from '../base/system-clock.ts';
import { codeOf, resolveFailure } from '../net/failure.ts';
import type { MxRecord, Resolver } from '../net/resolver.ts';
import { systemResolver } from '../net/system-resolver.ts';
import { timeoutsOf } from '../net/timeouts.ts';
import { within } from '../net/within.ts';
import { connect, type SmtpClient } from './client.ts';
import { type Delivery, deliveryOf, outcomeOf, type RecipientResult, withDelivery } from './delivery.ts';
import { localFailure } from './failure.ts';
import type { ConnectOptions, SendOptions } from './options.ts';
import { type SessionFacts, sessionFactsOf } from './session-facts.ts';
import { domainOf } from './syntax.ts';

/** How to reach the recipients' own servers. Security is usually `opportunistic` with `tls.verify` false. */
export interface MxOptions
  extends Omit<ConnectOptions, 'protocol' | 'host' | 'port' | 'path' | 'credentials' | 'auth' | 'upTo'> {
  /** 25 unless a test has it otherwise. */
  readonly port?: number;
  /** A number from 0 up to, not including, `below`: the order among hosts of equal preference (RFC 5321 section 5.1). */
  readonly random?: (below: number) => number;
  /** Gets each attempt that failed and is not the last, as it ends, and the host that is tried next. */
  readonly onNextHost?: (failed: MxAttempt & { readonly failure: DeliveryFailure }, next: string) => void;
}

/** One host that was tried for a domain. */
export interface MxAttempt {
  readonly host: string;
  readonly preference: number;
  /** Whether TLS was given up for this attempt, because the one before it failed in the handshake. */
  readonly plain: boolean;
  /** What the session taught about the host, as far as it was ready for a message. */
  readonly session?: SessionFacts;
  /** Why it went no further; none for the host that took the conversation to its end. */
  readonly failure?: DeliveryFailure;
}

/** What became of the recipients of one domain. */
export interface DomainDelivery {
  readonly domain: string;
  readonly attempts: readonly MxAttempt[];
  readonly delivery?: Delivery;
  /** Where no host could be used. */
  readonly failure?: DeliveryFailure;
}

export interface MxDelivery {
  /** All domains as one. */
  readonly delivery: Delivery;
  readonly domains: readonly DomainDelivery[];
}

export interface MxHost {
  readonly host: string;
  readonly preference: number;
}

/** What is the same for every domain and host. */
interface Mailing {
  readonly message: ByteSource;
  readonly options: MxOptions;
  readonly sending: SendOptions;
  /** Over all sessions. */
  readonly meter: { roundTrips: number };
}

/**
 * Sends a message straight to the servers of its recipients, one session for each domain, one after another (RFC 5321
 * section 5). Never rejects for what servers do: what each domain came to stands in the result. Rejects when aborted.
 */
export async function deliverByMx(
  envelope: Envelope,
  message: ByteSource,
  options: MxOptions,
  sending: SendOptions = {},
): Promise<MxDelivery> {
  const clock = options.clock ?? systemClock;
  const began = clock.ticks();
  const domains: DomainDelivery[] = [];
  const results = new Map<string, RecipientResult>();
  const mailing: Mailing = { message, options, sending, meter: { roundTrips: 0 } };
  for (const [domain, recipients] of byDomain(envelope.recipients)) {
    const done = await deliverToDomain(domain, { ...envelope, recipients }, mailing);
    domains.push(done);
    const known = done.delivery?.recipients ?? deliveryOf(done.failure)?.recipients ?? [];
    for (const one of known) results.set(one.address, one);
    for (const address of recipients) {
      const result = results.get(address) ?? { address, status: 'unsent', step: 'mail' };
      results.set(address, done.failure === undefined ? result : { ...result, failure: done.failure });
    }
  }
  const recipients = envelope.recipients.map((address) => results.get(address)!);
  const outcome = outcomeOf(recipients);
  const last = domains.at(-1);
  const reply = last?.delivery?.reply;
  const failure = domains.map((one) => one.failure ?? one.delivery?.failure).find((one) => one !== undefined);
  return {
    domains,
    delivery: {
      outcome,
      recipients,
      ...(reply === undefined ? {} : { reply }),
      ...(failure === undefined || outcome === 'accepted' || outcome === 'partial' ? {} : { failure }),
      ...(domains.some((one) => one.delivery?.stopped) ? { stopped: true } : {}),
      sent: Math.max(0, ...domains.map((one) => one.delivery?.sent ?? 0)),
      duration: clock.ticks() - began,
      roundTrips: mailing.meter.roundTrips,
    },
  };
}

async function deliverToDomain(domain: string, envelope: Envelope, mailing: Mailing): Promise<DomainDelivery> {
  const { options } = mailing;
  const attempts: MxAttempt[] = [];
  let hosts: readonly MxHost[];
  try {
    hosts = await mailHosts(domain, options);
  } catch (error) {
    return { domain, attempts, failure: known(error) };
  }
  options.transcript?.event(
    `Mail for ${domain} goes to ${hosts.map((one) => `${one.host} (${one.preference})`).join(', ')}${asked(options)}`,
  );
  let failure: DeliveryFailure | undefined;
  for (const [index, { host, preference }] of hosts.entries()) {
    for (const plain of [false, true]) {
      let met: { readonly session?: SessionFacts } = {};
      const ready = (client: SmtpClient) => {
        met = { session: sessionFactsOf(client) };
      };
      try {
        const delivery = await deliverToHost({ host, plain, ready }, envelope, mailing);
        attempts.push({ host, preference, plain, ...met });
        return { domain, attempts, delivery };
      } catch (error) {
        failure = known(error);
        const attempt = { host, preference, plain, ...met, failure };
        attempts.push(attempt);
        // After the dot nobody knows: another host might deliver it twice.
        if (!mayTryNext(failure)) return { domain, attempts, failure };
        // RFC 7435 section 3: where TLS was a bonus, its failure is no reason not to deliver. One who verifies wants it.
        const again =
          options.security === 'opportunistic' && failure.step === 'tls' && failure.failure !== 'certificate';
        if (!again) {
          const next = hosts[index + 1]?.host;
          if (next !== undefined) options.onNextHost?.(attempt, next);
          break;
        }
        options.transcript?.event(`TLS with ${host} failed: trying again without`);
      }
    }
  }
  return {
    domain,
    attempts,
    failure: hosts.length === 1 ? failure! : noneOf(attempts, hosts.length, domain, failure!),
  };
}

/** One try: `plain` without TLS; `ready` is told once the session stands. */
interface Try {
  readonly host: string;
  readonly plain: boolean;
  ready(client: SmtpClient): void;
}

async function deliverToHost({ host, plain, ready }: Try, envelope: Envelope, mailing: Mailing): Promise<Delivery> {
  const { message, options, sending, meter } = mailing;
  const client = await connect({
    ...options,
    protocol: 'smtp',
    host,
    port: options.port ?? 25,
    security: plain ? 'none' : options.security,
    // Each attempt is listed here.
    plainFallback: false,
  });
  try {
    ready(client);
    const delivery = await client.send(envelope, message, sending);
    const early = delivery.failure;
    // RFC 5321 section 5.1: a host that is about to close is as good as one that is down.
    if (early?.reason === 'service-closing' && early.step !== 'data') throw early;
    return delivery;
  } finally {
    meter.roundTrips += client.roundTrips;
    await client.quit();
  }
}

/**
 * Where there was more than one, the last failure alone would tell too little; what it left of the recipients holds. It may pass
 * if that of any host may: one that was down can be up again.
 */
function noneOf(attempts: readonly MxAttempt[], hosts: number, domain: string, last: DeliveryFailure): DeliveryFailure {
  const retryable = attempts.some((one) => one.failure?.retryable);
  const details = { ...last.details, domain, hosts };
  const none = new DeliveryFailure({ ...last, reason: 'mx-failed', retryable, details, cause: last });
  const delivery = deliveryOf(last);
  return delivery === undefined ? none : withDelivery(none, delivery);
}

/** What a refusal in the dialogue decides, it decides for the domain; what broke before that, for this host only. */
function mayTryNext(failure: DeliveryFailure): boolean {
  if (failure.failure === 'aborted' || failure.failure === 'local' || failure.failure === 'source') return false;
  return !deliveryOf(failure)?.recipients.some((one) => one.status === 'unknown' || one.status === 'accepted');
}

/**
 * Where mail for a domain goes, in the order to try (RFC 5321 section 5.1): its MX hosts, the lower preference first and equals in
 * random order; without MX records the domain itself; for an address literal that address. Rejects with a failure of step `resolve`:
 * `null-mx` (RFC 7505), `no-such-host`, `dns-failed`.
 */
export async function mailHosts(
  domain: string,
  options: Pick<MxOptions, 'dns' | 'timeouts' | 'signal' | 'random'>,
): Promise<readonly MxHost[]> {
  const details = {
    host: domain,
    domain,
    ...(options.dns?.servers === undefined ? {} : { nameServers: options.dns.servers }),
  };
  if (domain === '') throw localFailure('rcpt', 'bad-address', { field: 'recipient', fault: 'domain' });
  const literal = /^\[(?:IPv6:)?(.*)\]$/i.exec(domain)?.[1];
  if (literal !== undefined) {
    if (isIP(literal) === 0)
      throw localFailure('rcpt', 'bad-address', { field: 'recipient', fault: 'domain', address: domain });
    return [{ host: literal, preference: 0 }];
  }
  const resolver: Resolver = options.dns ?? systemResolver;
  const ms = timeoutsOf(options.timeouts).dns;
  const records = await within<readonly MxRecord[]>(
    { step: 'resolve', phase: 'dns', ms, signal: options.signal, details },
    (done, fail) => {
      const stop = new AbortController();
      // Some servers answer NXDOMAIN for a type they do not know; the domain's own address decides then.
      const failed = (error: unknown) =>
        codeOf(error) === 'ENODATA' ? done([]) : fail(resolveFailure(error, details));
      resolver.mx(domain, stop.signal).then((found) => done([...found]), failed);
      return () => stop.abort();
    },
  );
  if (records.length === 0) return [{ host: domain, preference: 0 }];
  const usable = records.filter(({ exchange }) => exchange !== '' && exchange !== '.');
  // RFC 7505 section 3: a single "." says that there is no mail here.
  if (usable.length === 0) {
    throw new DeliveryFailure({
      failure: 'network',
      step: 'resolve',
      reason: 'null-mx',
      sessionSurvives: false,
      retryable: false,
      details,
    });
  }
  const random = options.random ?? randomInt;
  return shuffled(usable, random)
    .sort((a, b) => a.preference - b.preference)
    .map(({ exchange, preference }) => ({ host: exchange.replace(/\.$/, ''), preference }));
}

/** Fisher and Yates. */
function shuffled<T>(list: readonly T[], random: (below: number) => number): T[] {
  const out = [...list];
  for (let i = out.length - 1; i > 0; i--) {
    const j = random(i + 1);
    [out[i], out[j]] = [out[j]!, out[i]!];
  }
  return out;
}

/** Whose word it is, where somebody else was asked than usual. */
function asked({ dns }: Pick<MxOptions, 'dns'>): string {
  return dns?.servers === undefined ? '' : `, by ${dns.servers}`;
}

function byDomain(recipients: readonly string[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const address of recipients) {
    const domain = domainOf(address);
    const group = groups.get(domain);
    if (group === undefined) groups.set(domain, [address]);
    else group.push(address);
  }
  return groups;
}

/** Anything but an abort, which ends all of it. */
function known(error: unknown): DeliveryFailure {
  if (!isDeliveryFailure(error)) throw error;
  if (error.failure === 'aborted') throw error;
  return error;
}
