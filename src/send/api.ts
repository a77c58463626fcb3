import type { Envelope } from '../base/envelope.ts';
import type { Clock, FileAccess } from '../base/ports.ts';
import type { Fix, Range, Severity } from '../base/problem.ts';
import type { Document } from '../document/nodes.ts';
import type { Composed, ComposePorts, Problem } from './composed.ts';
import type { DeliverPorts } from './deliver.ts';
import type { Server } from './server.ts';

/**
 * What `activate()` hands to other extensions, and what a script can use: the same compose, guard and deliver that the
 * commands go through. It asks what the commands ask; nothing is sent past the guard.
 *
 *     const mailbench = vscode.extensions.getExtension('mailbench.mailbench');
 *     const { build, send } = await mailbench.activate();
 *     const { message, problems } = await build(text, { path: '/project/mail/welcome.eml' });
 *     const outcome = await send(text, { path: '/project/mail/welcome.eml', server: 'inbox' });
 */
export interface MailbenchApi {
  /** The tree of a document, and what is wrong with the way it is written. Reads no file. Never throws. */
  parse(text: string): Promise<ApiParsed>;
  /** The message that a document becomes. Reads the files that it names, inside the workspace only. */
  build(text: string, options?: ApiOptions): Promise<ApiBuilt>;
  /**
   * Sends it. Whatever the guard has to ask, the person is asked. Rejects with an `Error` whose `kind` is
   * `unknown-server` where there is no server of that name, or its settings can't be used.
   */
  send(text: string, options: ApiSendOptions): Promise<ApiOutcome>;
}

export interface ApiOptions {
  /** Absolute: where the document is, or would be. Without it no relative path can be followed. */
  readonly path?: string;
  /** Absolute: what no file may stand outside of; by default the workspace's folder that `path` is in, else its own. */
  readonly workspaceRoot?: string;
  /** Message-ID and boundaries come from it: with `date`, the same text and seed make the same bytes. */
  readonly seed?: string;
  /** The instant of the Date field, in milliseconds since the epoch. */
  readonly date?: number;
  /** Which record of the data: a number from 1, or `name=value`. */
  readonly record?: string;
  /** Values beside, and above, those of `@var`. */
  readonly variables?: Readonly<Record<string, string>>;
}

export interface ApiSendOptions extends ApiOptions {
  /** The name of a server of `mailbench.servers`; `inbox` is always there. */
  readonly server: string;
  readonly signal?: AbortSignal;
}

export interface ApiProblem {
  readonly code: string;
  readonly severity: Severity;
  /** UTF-16 code units in the text. */
  readonly range: Range;
  readonly message: string;
  readonly fixes: readonly Fix[];
}

export interface ApiParsed {
  readonly document: Document;
  readonly problems: readonly ApiProblem[];
}

export interface ApiBuilt {
  /** Undefined where the errors leave none; else every byte as it would be sent, CRLF line ends included. */
  readonly message?: Uint8Array;
  readonly envelope?: Envelope;
  readonly problems: readonly ApiProblem[];
}

export interface ApiOutcome {
  /**
   * `delivered`: for every recipient; `partial`: for some; `failed`: for none, or nobody knows; `refused`: this side
   * would not; `declined`: the person said no.
   */
  readonly outcome: 'delivered' | 'partial' | 'failed' | 'cancelled' | 'refused' | 'declined';
  /** What a person is told about it. */
  readonly message: string;
  readonly recipients: readonly {
    readonly address: string;
    /** `unknown`: the connection ended before the reply; `unsent`: before the end of the message. */
    readonly status: 'accepted' | 'refused' | 'unknown' | 'unsent';
    /** The server's reply, code included. */
    readonly reply?: readonly string[];
  }[];
  readonly transcript: readonly string[];
  readonly problems: readonly ApiProblem[];
}

export interface ApiPorts {
  readonly files: FileAccess;
  readonly clock: Clock;
  readonly random: () => string;
  /** Left out in a workspace that is not trusted. */
  readonly environment?: (name: string) => string | undefined;
  readonly dkimKeys?: NonNullable<ComposePorts['dkimKeys']>;
  /** The workspace's folder around a path, where there is one. */
  readonly workspaceRootOf?: (path: string) => string | undefined;
  /** The server of that name as of now, or why there is none. */
  readonly server: (name: string) => Promise<Server | { readonly trouble: string }>;
  /** Runs a send where it can be seen and cancelled: the signal that `work` gets aborts for the caller and for the person. */
  readonly running: <T>(signal: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>) => Promise<T>;
  /** What a send needs beyond that, for one document. */
  readonly deliverPorts: (signal: AbortSignal) => Promise<DeliverPorts>;
}

/** Loads the engine with the first call, so that `activate()` can hand this out at no cost. */
export function createApi(ports: ApiPorts): MailbenchApi {
  return {
    async parse(text) {
      const { parseDocument } = await import('../document/parse.ts');
      const { checkDocument } = await import('../document/check.ts');
      const { mergeProblems } = await import('../document/problems.ts');
      const { document, problems } = parseDocument(text);
      return { document, problems: await told(mergeProblems(problems, checkDocument(document))) };
    },
    async build(text, options = {}) {
      const composed = await composeFor(text, options, ports);
      const problems = await told(composed.problems);
      const envelope = composed.envelope === undefined ? {} : { envelope: composed.envelope };
      if (!composed.message || problems.some(({ severity }) => severity === 'error')) return { problems, ...envelope };
      const pieces: Uint8Array[] = [];
      for await (const piece of composed.message.read()) pieces.push(piece);
      return { message: Buffer.concat(pieces), problems, ...envelope };
    },
    async send(text, options) {
      const server = await ports.server(options.server);
      if ('trouble' in server) throw Object.assign(new Error(server.trouble), { kind: 'unknown-server' });
      const { deliver } = await import('./deliver.ts');
      const { outcomeSentence } = await import('./sentences/outcome.ts');
      const composed = await composeFor(text, options, ports, server);
      const outcome = await ports.running(options.signal, async (signal) =>
        deliver(composed, server, await ports.deliverPorts(signal)),
      );
      const recipients = 'recipients' in outcome ? outcome.recipients : [];
      return {
        outcome: outcome.kind,
        message: outcomeSentence(outcome),
        recipients: recipients.map(({ address, status, reply }) =>
          reply === undefined ? { address, status } : { address, status, reply: reply.full },
        ),
        transcript: 'transcript' in outcome ? outcome.transcript : [],
        problems: await told(composed.problems),
      };
    },
  };
}

async function composeFor(text: string, options: ApiOptions, ports: ApiPorts, server?: Server): Promise<Composed> {
  const { compose } = await import('./compose.ts');
  const { path, date, record, variables } = options;
  const workspaceRoot = options.workspaceRoot ?? (path === undefined ? undefined : ports.workspaceRootOf?.(path));
  return compose(
    {
      text,
      // There is no file behind it: a finished message is its text as UTF-8.
      edited: true,
      seed: options.seed ?? ports.random(),
      ...(path === undefined ? {} : { path }),
      ...(workspaceRoot === undefined ? {} : { workspaceRoot }),
      ...(date === undefined ? {} : { date }),
      ...(record === undefined ? {} : { record }),
      ...(variables === undefined ? {} : { variables }),
      ...(server?.envelopeFrom === undefined ? {} : { serverEnvelopeFrom: server.envelopeFrom }),
    },
    {
      files: ports.files,
      clock: ports.clock,
      ...(ports.environment === undefined ? {} : { environment: ports.environment }),
      ...(ports.dkimKeys === undefined ? {} : { dkimKeys: ports.dkimKeys }),
    },
  );
}

async function told(problems: readonly Problem[]): Promise<ApiProblem[]> {
  const { problemSentence } = await import('./sentences/problem.ts');
  return problems.map((problem) => ({
    code: problem.code,
    severity: problem.severity,
    range: problem.range,
    message: problemSentence(problem),
    fixes: problem.fixes ?? [],
  }));
}
