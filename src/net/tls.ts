import { isIP, type Socket } from 'node:net';
import * as tls from 'node:tls';
import {
  type ConnectionOptions,
  checkServerIdentity,
  connect,
  createSecureContext,
  type DetailedPeerCertificate,
  rootCertificates,
  type SecureContext,
  type TLSSocket,
} from 'node:tls';
import { serverEndPoint } from './certificate-hash.ts';
import { codeOf, type Details, netFailure } from './failure.ts';
import type { ChannelBinding } from './sasl/mechanism.ts';
import { certificateFailure, tlsFailure } from './tls-failure.ts';
import type { PeerCertificateFacts, TlsFacts, TlsOptions } from './tls-options.ts';
import { within } from './within.ts';

export interface HandshakeOptions {
  /** The host connected to: for SNI and for the check of the certificate, unless `options.serverName` stands in. */
  readonly host: string;
  readonly options: TlsOptions;
  readonly ms: number;
  readonly signal?: AbortSignal | undefined;
  readonly details: Details;
}

/**
 * Makes the TLS handshake over a connected socket nobody reads from. Rejects with a failure of step `tls`, the
 * socket destroyed.
 */
export async function handshake(
  socket: Socket,
  given: HandshakeOptions,
): Promise<{ socket: TLSSocket; facts: TlsFacts }> {
  const { options, ms, signal, details } = given;
  const name = (options.serverName ?? given.host).replace(/\.$/, '').replace(/^\[(.*)\]$/, '$1');
  let secureContext: SecureContext;
  try {
    secureContext = contextOf(options);
  } catch (error) {
    socket.destroy();
    throw netFailure('local', 'tls', 'tls-settings', false, { ...details, code: codeOf(error) }, error);
  }
  return within({ step: 'tls', phase: 'tls', ms, signal, details }, (done, fail) => {
    const setup: ConnectionOptions = {
      socket,
      secureContext,
      // The verdict is read below, so that it can be told with the certificate's facts.
      rejectUnauthorized: false,
      checkServerIdentity: (_, certificate) => checkServerIdentity(name, certificate),
      // RFC 6066 section 3: no addresses in SNI.
      ...(isIP(name) === 0 ? { servername: name } : {}),
    };
    const secured = connect(setup);
    const undo = () => {
      secured.destroy();
      socket.destroy();
    };
    const broken = (error: Error) => {
      undo();
      fail(
        tlsFailure(error, details) ??
          netFailure('closed', 'tls', 'closed', true, { ...details, code: codeOf(error) }, error),
      );
    };
    secured.on('error', broken);
    secured.once('end', () => broken(new Error('closed by the peer')));
    secured.once('secureConnect', () => {
      const facts = factsOf(secured, options);
      if (options.verify !== false && facts.verificationProblem !== undefined) {
        undo();
        return fail(certificateFailure(facts.verificationProblem, facts.peer, details));
      }
      secured.removeAllListeners('end');
      secured.removeListener('error', broken);
      secured.on('error', () => {});
      secured.pause();
      done({ socket: secured, facts });
    });
    return undo;
  });
}

/** One context for each set of options: parsing the system's issuers takes milliseconds. */
const contexts = new WeakMap<TlsOptions, SecureContext>();

function contextOf(options: TlsOptions): SecureContext {
  let context = contexts.get(options);
  if (context !== undefined) return context;
  context = createSecureContext({
    ...(options.ca === undefined ? {} : { ca: [...systemIssuers(), ...[options.ca].flat()] }),
    ...(options.cert === undefined ? {} : { cert: options.cert }),
    ...(options.key === undefined ? {} : { key: options.key }),
    ...(options.passphrase === undefined ? {} : { passphrase: options.passphrase }),
    ...(options.ciphers === undefined ? {} : { ciphers: options.ciphers }),
    // RFC 8996: nothing older than TLS 1.2 unless asked for.
    minVersion: options.minVersion ?? 'TLSv1.2',
    ...(options.maxVersion === undefined ? {} : { maxVersion: options.maxVersion }),
  });
  contexts.set(options, context);
  return context;
}

function systemIssuers(): readonly string[] {
  const { getCACertificates } = tls as { getCACertificates?: (type: 'default') => string[] };
  return getCACertificates?.('default') ?? rootCertificates;
}

function factsOf(socket: TLSSocket, options: TlsOptions): TlsFacts {
  const problem = socket.authorized ? undefined : problemOf(socket.authorizationError);
  const certificate = socket.getPeerCertificate(true);
  const peer = peerOf(certificate);
  const protocol = socket.getProtocol() ?? 'TLS';
  const { channelBinding: only } = options;
  const bindings = channelBindings(socket, protocol, certificate.raw).filter(
    ({ type }) => only === undefined || type === only,
  );
  return {
    protocol: protocol.replace(/^TLSv/, 'TLS '),
    cipher: socket.getCipher().standardName ?? socket.getCipher().name,
    verified: problem === undefined,
    ...(problem === undefined ? {} : { verificationProblem: problem }),
    ...(peer === undefined ? {} : { peer }),
    channelBindings: bindings,
  };
}

/** Node types it as an Error and sets a string, at times. */
function problemOf(error: unknown): string {
  return typeof error === 'string' ? error : codeOf(error) || 'CERT_UNTRUSTED';
}

/**
 * RFC 5802 section 6.1 makes tls-unique the one that everybody has; RFC 9266 section 3 puts tls-exporter in its place where
 * TLS is 1.3. What only knows certificates, as a server behind something that ends TLS for it, is left tls-server-end-point.
 */
function channelBindings(socket: TLSSocket, protocol: string, certificate: Buffer | undefined): ChannelBinding[] {
  const bindings: ChannelBinding[] = [];
  if (protocol === 'TLSv1.3') {
    // RFC 9266 section 2: an empty context, 32 octets.
    const data = socket.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0));
    bindings.push({ type: 'tls-exporter', data });
  } else {
    // RFC 7627 section 1: the first Finished message of a resumed session binds to nothing.
    const finished = socket.isSessionReused() ? undefined : socket.getFinished();
    if (finished !== undefined) bindings.push({ type: 'tls-unique', data: finished });
  }
  const endPoint = certificate === undefined ? undefined : serverEndPoint(certificate);
  if (endPoint !== undefined) bindings.push({ type: 'tls-server-end-point', data: endPoint });
  return bindings;
}

function peerOf(certificate: DetailedPeerCertificate | Record<string, never>): PeerCertificateFacts | undefined {
  if (!('valid_to' in certificate) || certificate.valid_to === undefined) return undefined;
  const found = certificate as DetailedPeerCertificate;
  const names = (found.subjectaltname ?? '').split(', ').filter((name) => name !== '');
  return {
    subject: distinguished(found.subject),
    issuer: distinguished(found.issuer),
    names: names.map((name) => name.replace(/^(?:DNS|IP Address):/, '')),
    validFrom: Date.parse(found.valid_from),
    validTo: Date.parse(found.valid_to),
    fingerprint256: found.fingerprint256,
  };
}

/** `CN=mail.example.com, O=Example`, the most telling first. */
function distinguished(name: DetailedPeerCertificate['subject'] | undefined): string {
  const parts: string[] = [];
  for (const key of ['CN', 'O', 'OU', 'C'] as const) {
    const value = name?.[key] as string | string[] | undefined;
    for (const one of value === undefined ? [] : [value].flat()) parts.push(`${key}=${one}`);
  }
  return parts.join(', ');
}

/** One line for the transcript: `TLS 1.3, TLS_AES_256_GCM_SHA384, peer CN=…, valid until 2027-01-31`. */
export function tlsSummary(facts: TlsFacts): string {
  const parts = [facts.protocol, facts.cipher];
  if (facts.peer !== undefined) {
    parts.push(`peer ${facts.peer.subject || facts.peer.names.join(' ')}`);
    parts.push(`valid until ${new Date(facts.peer.validTo).toISOString().slice(0, 10)}`);
  }
  if (facts.verificationProblem !== undefined) parts.push(`certificate not verified (${facts.verificationProblem})`);
  return parts.join(', ');
}
