import type { Range } from '../base/problem.ts';
import type { Server } from './server.ts';

/** What a person is asked before a message leaves. All of a send's questions are asked together, in this order. */
export type Question =
  /** The server is not this machine. Lists who gets the mail; holds for the document and server (DESIGN.md). */
  | {
      readonly code: 'off-loopback';
      readonly server: Server;
      /** The reverse-path; empty for `<>`. */
      readonly sender: string;
      readonly recipients: readonly string[];
    }
  /** The guard puts other recipients in the place of some. Comes with `off-loopback`, never alone. */
  | {
      readonly code: 'redirected';
      readonly from: readonly string[];
      readonly to: readonly string[];
    }
  | { readonly code: 'no-subject' }
  | { readonly code: 'no-text' }
  /** The server's settings say that real people are behind it. Asked at every send. */
  | { readonly code: 'production'; readonly server: Server; readonly recipients: readonly string[] }
  /** `{{` stands in the document, and there is no data to put there. */
  | { readonly code: 'template-without-data'; readonly expression: string; readonly range: Range }
  /** A line of a finished message that would be a directive in a composed one. */
  | { readonly code: 'directive-in-finished'; readonly keyword: string; readonly count: number; readonly range: Range };

/** What stops a send on this side, before a connection is made. */
export type Refusal =
  /** The document has errors; `Composed.problems` lists them. */
  | { readonly code: 'document-has-errors'; readonly errors: number }
  /** The guard's `allow` leaves these out, and there is no `redirectTo`. */
  | { readonly code: 'guard-forbids'; readonly recipients: readonly string[]; readonly allow: readonly string[] }
  /** `passwordEnv`, or what `setting` names in its place, in a workspace that is not trusted. */
  | { readonly code: 'untrusted-password'; readonly variable: string; readonly setting?: 'proxyPasswordEnv' }
  /** The environment lacks the variable that `proxyPasswordEnv` names. */
  | { readonly code: 'no-proxy-password'; readonly variable: string }
  /** No password is known, and nobody can be asked. `variable`: the one that should have held it. */
  | { readonly code: 'no-password'; readonly server: Server; readonly user: string; readonly variable?: string }
  /** A file that the server's settings name. `error`: the system's word (`ENOENT`). */
  | {
      /** `settings-file-useless`: it can be read, and holds no PEM block of the kind that the setting takes. */
      readonly code: 'settings-file-unreadable' | 'settings-file-useless';
      readonly setting: string;
      readonly path: string;
      readonly error: string;
    }
  /** A relative path in the settings, and no workspace. */
  | { readonly code: 'no-workspace'; readonly setting: string; readonly path: string }
  | { readonly code: 'folder-unwritable'; readonly path: string; readonly error: string }
  | { readonly code: 'inbox-unavailable'; readonly error: string };
