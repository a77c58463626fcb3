import assert from 'node:assert/strict';
import { type DeliverPorts, deliver } from '../../../../src/send/deliver.ts';
import type { Outcome } from '../../../../src/send/outcome.ts';
import { outcomeSentence } from '../../../../src/send/sentences/outcome.ts';
import type { Server } from '../../../../src/send/server.ts';
import { parseServer } from '../../../../src/send/server-settings.ts';
import { composedOf } from './composed.ts';
import { portsOf } from './fixed.ts';
import { type ScriptedServer, scriptedServer } from './scripted-server.ts';

export type Rules = readonly (readonly [RegExp, string | null])[];

export function serverOf(settings: Record<string, unknown>): Server {
  const { server, problems } = parseServer('staging', settings);
  assert.ok(server, JSON.stringify(problems));
  return server;
}

export interface Sent {
  readonly outcome: Outcome;
  /** The transcript and the last word, `PORT` in place of the port. */
  readonly transcript: readonly string[];
  readonly sentence: string;
  readonly server: ScriptedServer;
}

export async function sendTo(
  greeting: string | null,
  rules: Rules,
  options: {
    readonly settings?: Record<string, unknown>;
    readonly ports?: Partial<DeliverPorts>;
    readonly recipients?: readonly string[];
  } = {},
): Promise<Sent> {
  const server = await scriptedServer(greeting, rules);
  try {
    const settings = { host: `127.0.0.1:${server.port}`, security: 'none', ...options.settings };
    const composed = composedOf(options.recipients === undefined ? {} : { recipients: options.recipients });
    const outcome = await deliver(composed, serverOf(settings), portsOf(options.ports));
    const mask = (text: string) => text.replaceAll(`:${server.port}`, ':PORT');
    return {
      outcome,
      transcript: 'transcript' in outcome ? outcome.transcript.map(mask) : [],
      sentence: mask(outcomeSentence(outcome)),
      server,
    };
  } finally {
    await server.close();
  }
}

export const CONNECTED = [
  '=== 14:02:11.093  Connecting to 127.0.0.1:PORT (server "staging")',
  '=== +0 ms  Connected to 127.0.0.1:PORT in 0.0 ms',
];
export const GREETED = [
  ...CONNECTED,
  '<-  220 mail.example.org ESMTP',
  ' -> EHLO [127.0.0.1]',
  '<-  250 mail.example.org',
];
export const ACCEPTED = [
  ' -> MAIL FROM:<ann@example.com>',
  '<-  250 OK',
  ' -> RCPT TO:<bob@example.org>',
  '<-  250 OK',
  ' -> DATA',
  '<-  354 Go on',
  ' -> [66 bytes of message, 5 lines]',
];
export const BYE = [' -> QUIT', '<-  221 Bye'];
export const HI = '220 mail.example.org ESMTP';
