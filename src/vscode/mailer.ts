import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { nodeFiles } from '../base/node-files.ts';
import { systemClock } from '../base/system-clock.ts';
import type { MessageRecord } from '../capture/message.ts';
import { parseDocument } from '../document/parse.ts';
import { type BatchOutcome, type BatchPorts, sendBatch } from '../send/batch.ts';
import { checkServerName, compose, settingOf } from '../send/compose.ts';
import { type Composed, hasErrors, type Problem } from '../send/composed.ts';
import { type DeliverPorts, deliver } from '../send/deliver.ts';
import { Confirmations } from '../send/guard.ts';
import { parseGuard } from '../send/guard-settings.ts';
import { hasLeft, type Outcome } from '../send/outcome.ts';
import type { Question } from '../send/question.ts';
import { askedTogether } from '../send/sentences/question.ts';
import type { Server } from '../send/server.ts';
import type { ServerProblem } from '../send/server-problems.ts';
import type { SendOptions } from '../smtp/options.ts';
import { composePorts } from './compose-document.ts';
import { guardSettings, setting } from './configuration.ts';
import type { Drafts } from './drafts.ts';
import type { LocalInbox } from './local-inbox.ts';
import { settings } from './names.ts';
import { askPassword } from './password-input.ts';
import type { Passwords } from './passwords.ts';
import type { Running } from './progress.ts';
import { knownServers, readServers } from './servers.ts';
import type { TranscriptChannel } from './transcript-channel.ts';

export interface MailerParts {
  readonly drafts: Drafts;
  readonly inbox: LocalInbox;
  readonly passwords: Passwords;
  readonly transcript: TranscriptChannel;
}

/** How a send went: as far as there was a server to send to and a message. */
export type SendResult =
  /** `captured`: what the Local Inbox kept, where the message went there. */
  | { readonly kind: 'attempted'; readonly outcome: Outcome; readonly captured?: MessageRecord }
  /** On request, while the message was made. */
  | { readonly kind: 'cancelled' }
  /** The document has errors; nothing was asked or sent. */
  | { readonly kind: 'document-errors'; readonly problems: readonly Problem[] }
  /** The settings describe no such server, or not so that it can be used. */
  | { readonly kind: 'no-server'; readonly name: string; readonly problems: readonly ServerProblem[] };

/** How a batch went; see `SendResult`. */
export type BatchResult = BatchOutcome | Extract<SendResult, { kind: 'no-server' }>;

/** Sends documents for this window: what the commands and the public API call. */
export class Mailer {
  readonly #parts: MailerParts;
  readonly #confirmations = new Confirmations();

  constructor(parts: MailerParts) {
    this.#parts = parts;
  }

  /**
   * `serverName`: in place of the document's `@server` and the active one. `sendOptions`: what the engine is to do beyond
   * the ordinary. Rejects only for a fault in this program.
   */
  async send(
    document: vscode.TextDocument,
    serverName: string | undefined,
    running: Running,
    sendOptions?: SendOptions,
  ): Promise<SendResult> {
    const { drafts } = this.#parts;
    const found = serverFor(document, serverName);
    // A server's sender matters for the envelope, so the server comes first; what is wrong with the document, though,
    // is told before what is wrong with the settings.
    const from = 'server' in found ? found.server.envelopeFrom : undefined;
    const seed = drafts.draftOf(document).seed;
    const { signal } = running;
    const choice = { signal, ...(from === undefined ? {} : { serverEnvelopeFrom: from }) };
    const composed = await drafts.compose(document, choice).catch((error: unknown) => {
      if (signal.aborted) return undefined;
      throw error;
    });
    if (!composed) return { kind: 'cancelled' };
    const unknown = serverName === undefined ? checkServerName(composed, knownServers(document.uri)) : undefined;
    const problems: readonly Problem[] = unknown ? [unknown, ...composed.problems] : composed.problems;
    if (unknown || hasErrors(composed)) return { kind: 'document-errors', problems };
    if (!('server' in found)) return { kind: 'no-server', name: found.name, problems: found.problems };
    // A yes holds for the document, whatever is sent of it next; an unsaved one has no path to be known by.
    const known = { ...composed, key: document.uri.toString() };
    const result = await this.#deliver(known, found.server, document.uri, running, sendOptions);
    if (result.kind === 'attempted' && hasLeft(result.outcome)) drafts.sent(document, seed);
    return result;
  }

  /** A captured message once more, to the recipients that it had, as its bytes stand. */
  async sendAgain(
    record: MessageRecord,
    octets: Uint8Array,
    serverName: string,
    running: Running,
  ): Promise<SendResult> {
    const found = findServer(serverName);
    if (!('server' in found)) return { kind: 'no-server', name: found.name, problems: found.problems };
    // One that an application sent may have no MIME-Version; it is finished all the same.
    const finished = Buffer.concat([Buffer.from('@raw: on\r\n'), octets]);
    const composed = await compose(
      { text: finished.toString(), disk: finished, edited: false, seed: randomUUID() },
      composePorts(),
    );
    if (hasErrors(composed)) return { kind: 'document-errors', problems: composed.problems };
    const envelope = record.envelope && { sender: record.envelope.sender, recipients: record.envelope.recipients };
    const again = { ...composed, key: `inbox ${record.id}`, ...(envelope ? { envelope } : {}) };
    return this.#deliver(again, found.server, undefined, running);
  }

  /** The document once for each record of its data. */
  async sendAll(
    document: vscode.TextDocument,
    running: Running,
    progress: NonNullable<BatchPorts['progress']>,
  ): Promise<BatchResult> {
    const found = serverFor(document);
    if (!('server' in found)) return { kind: 'no-server', name: found.name, problems: found.problems };
    const ports = this.portsFor(document.uri, running);
    if ('problems' in ports) return { kind: 'no-server', name: found.server.name, problems: ports.problems };
    const { drafts } = this.#parts;
    const { seed, drafted } = drafts.draftOf(document);
    const from = found.server.envelopeFrom;
    const dataSets = new Map();
    const outcome = await sendBatch(found.server, {
      ...ports,
      progress,
      compose: async (record) => {
        const choice = {
          record: String(record),
          dataSets,
          ...(from === undefined ? {} : { serverEnvelopeFrom: from }),
        };
        const composed = await drafts.compose(document, choice, { seed: `${seed}.${record}`, drafted });
        return { ...composed, key: document.uri.toString() };
      },
    });
    if (outcome.kind === 'sent' && outcome.results.some((result) => hasLeft(result.outcome)))
      drafts.sent(document, seed);
    return outcome;
  }

  /** What a delivery needs of this window; or what is wrong with the settings of the guard. */
  portsFor(
    resource: vscode.Uri | undefined,
    { signal, asking }: Running,
  ): DeliverPorts | { readonly problems: readonly ServerProblem[] } {
    const { inbox, passwords, transcript } = this.#parts;
    const problems: ServerProblem[] = [];
    const guard = parseGuard(guardSettings(resource), 'mailbench.guard', problems);
    if (problems.length > 0) return { problems };
    const { environment } = composePorts();
    let begun = false;
    return {
      files: nodeFiles,
      clock: systemClock,
      secrets: passwords,
      askPassword: (request) => asking(() => askPassword(request, signal)),
      ask: (questions) => asking(() => ask(questions)),
      confirmations: this.#confirmations,
      guard,
      signal,
      transcript: (line) => {
        if (!begun) transcript.separate();
        begun = true;
        transcript.write(line);
      },
      transcriptData: setting(settings.transcriptData, resource) ? 'full' : 'summary',
      transcriptTimes: setting(settings.transcriptTimes, resource),
      inbox: async () => {
        const { address, port } = await inbox.start();
        return { host: address, port };
      },
      ...(environment === undefined ? {} : { environment }),
    };
  }

  async #deliver(
    composed: Composed,
    server: Server,
    resource: vscode.Uri | undefined,
    running: Running,
    sendOptions?: SendOptions,
  ): Promise<SendResult> {
    const ports = this.portsFor(resource, running);
    if ('problems' in ports) return { kind: 'no-server', name: server.name, problems: ports.problems };
    const captured: MessageRecord[] = [];
    const listening = this.#parts.inbox.onDidCapture((record) => captured.push(record));
    try {
      const outcome = await deliver(composed, server, sendOptions === undefined ? ports : { ...ports, sendOptions });
      const kept = server.transport === 'inbox' && hasLeft(outcome) ? latestFor(captured, outcome) : undefined;
      return { kind: 'attempted', outcome, ...(kept ? { captured: kept } : {}) };
    } finally {
      listening.dispose();
    }
  }
}

type Found = { readonly server: Server } | { readonly name: string; readonly problems: readonly ServerProblem[] };

/** The server of that name, else of the document's `@server`, else the active one. */
function serverFor(document: vscode.TextDocument, name?: string): Found {
  const own = settingOf(parseDocument(document.getText()).document, 'server')?.value.text;
  return findServer(name ?? (own || setting(settings.server, document.uri)), document.uri);
}

/** The server of that name as the settings describe it now; or what is wrong with its description. */
export function findServer(name: string, resource?: vscode.Uri): Found {
  const { servers, problems } = readServers(resource);
  const server = servers.get(name);
  if (server) return { server };
  const path = `mailbench.servers.${name}`;
  const its = problems.filter((problem) => problem.path === path || problem.path.startsWith(`${path}.`));
  if (its.length > 0) return { name, problems: its };
  const known = knownServers(resource);
  return {
    name,
    problems: [{ code: 'server-unknown-name', severity: 'error', path: 'mailbench.server', value: name, known }],
  };
}

/** An application under development may send to the inbox in the same moment. */
function latestFor(captured: readonly MessageRecord[], outcome: Outcome): MessageRecord | undefined {
  if (!('envelope' in outcome)) return undefined;
  const { sender, recipients } = outcome.envelope;
  return captured.findLast(
    ({ envelope }) => envelope?.sender === sender && envelope.recipients.join('\n') === recipients.join('\n'),
  );
}

async function ask(questions: readonly Question[]): Promise<boolean> {
  const { title, lines } = askedTogether(questions);
  const send = 'Send';
  const answer = await vscode.window.showWarningMessage(title, { modal: true, detail: lines.join('\n') }, send);
  return answer === send;
}
