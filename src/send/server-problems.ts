import type { Severity } from '../base/problem.ts';
import type { Transport } from './server.ts';

interface Base<Code extends string> {
  readonly code: Code;
  readonly severity: Severity;
  /** The setting it is about, whole (`mailbench.servers.staging.port`), or what stands for it in a URL. */
  readonly path: string;
}

/** What can be wrong with the description of a server. Values never hold a password. */
export type ServerProblem =
  | (Base<'server-wrong-type'> & { readonly expected: string })
  | (Base<'server-unknown-property'> & { readonly allowed: readonly string[]; readonly suggestion?: string })
  | (Base<'server-not-one-of'> & {
      readonly value: string;
      readonly allowed: readonly string[];
      readonly suggestion?: string;
    })
  | (Base<'server-missing-property'> & { readonly transport: Transport })
  | (Base<'server-out-of-range'> & { readonly value: number; readonly minimum: number; readonly maximum: number })
  | (Base<'server-unsafe-text'> & { readonly what: 'control characters' | 'nothing in it' })
  | Base<'server-password-in-settings'>
  | (Base<'server-bad-host'> & { readonly value: string; readonly only?: 'address' })
  | (Base<'server-bad-address'> & { readonly value: string })
  | Base<'server-bad-variable-name'>
  | (Base<'server-bad-proxy'> & { readonly value: string })
  | (Base<'server-bad-rule'> & { readonly value: string })
  | (Base<'server-two-ports'> & { readonly inHost: number; readonly port: number })
  | (Base<'server-does-not-apply'> & { readonly transport: Transport })
  | Base<'server-needs-user'>
  | Base<'server-needs-proxy-user'>
  | (Base<'server-key-without-certificate'> & { readonly missing: 'key' | 'certificate' })
  | (Base<'server-bad-url'> & { readonly value: string })
  | (Base<'server-unknown-scheme'> & { readonly value: string; readonly allowed: readonly string[] })
  /** `inbox` for something that is not the Local Inbox. */
  | Base<'server-name-reserved'>
  | (Base<'server-unknown-name'> & { readonly value: string; readonly known: readonly string[] });
