import assert from 'node:assert/strict';
import type { DialogueOptions } from '../../../src/capture/dialogue.ts';
import { FaultPlan, type FaultRule } from '../../../src/capture/faults.ts';
import type { ReceivedMessage } from '../../../src/capture/message.ts';
import { CaptureSession, type SessionPort } from '../../../src/capture/session.ts';

export interface Setting extends Partial<Omit<DialogueOptions, 'faults'>> {
  readonly faults?: readonly FaultRule[];
  /** What the store answers: an id for each message in turn is the default. */
  readonly store?: (message: ReceivedMessage, count: number) => string | Error;
}

/** How the client's octets reach the session: all that may be sent at once, by line, or one by one. */
export const deliveries = ['whole', 'lines', 'octets'] as const;
export type Delivery = (typeof deliveries)[number];

/** A session over nothing: what it asks of its port stands in `log`, in parentheses, among what it writes. */
export class ScriptedSession {
  log = '';
  readonly messages: ReceivedMessage[] = [];
  readonly session: CaptureSession;
  readonly #queue: (() => void)[] = [];

  constructor(setting: Setting = {}) {
    const { faults = [], store = (_, count) => `id${count}`, ...options } = setting;
    const port: SessionPort = {
      write: (text) => {
        this.log += text;
      },
      startTls: () => {
        this.log += '(tls)\r\n';
        this.#queue.push(() => this.session.secured({ version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' }));
      },
      wait: (milliseconds) => {
        this.log += `(wait ${milliseconds})\r\n`;
        this.#queue.push(() => this.session.resume());
      },
      keep: (message) => {
        this.messages.push(message);
        const answer = store(message, this.messages.length);
        this.#queue.push(() => {
          if (typeof answer === 'string') this.session.kept(answer);
          else this.session.notKept(answer);
        });
      },
      close: () => {
        this.log += '(close)\r\n';
      },
      drop: () => {
        this.log += '(drop)\r\n';
      },
    };
    const client = { address: '127.0.0.1', port: 40_000 };
    const defaults = {
      protocol: 'smtp',
      hostname: 'mx.test',
      client,
      maxSize: 1000,
      maxRecipients: 3,
      startTls: true,
    } as const;
    const plan = new FaultPlan(faults, true);
    this.session = new CaptureSession({ ...defaults, without: new Set(), ...options, faults: plan }, port);
  }

  /** Lets all that was asked of the port come true. */
  settle(): void {
    while (this.#queue.length > 0) this.#queue.shift()!();
  }

  send(octets: Buffer): void {
    this.session.receive(octets);
    this.settle();
  }

  texts(): string[] {
    return this.messages.map((message) => Buffer.concat(message.pieces).toString('latin1'));
  }
}

/**
 * Plays a two-sided transcript, however its octets are delivered, and compares all that the server says with it. Lines
 * begin with `C: ` or `S: `; each stands for one with CRLF. In a line of the client `\r`, `\n`, `\0` and `\xNN` are
 * octets, and `\` at its end takes the CRLF away. What the session asks of its port stands in parentheses.
 */
export function play(transcript: string, setting: Setting = {}, delivery: Delivery = 'whole'): ScriptedSession {
  const scripted = new ScriptedSession(setting);
  scripted.session.start();
  scripted.settle();
  let expected = '';
  let unsent: Buffer[] = [];
  const deliver = () => {
    if (delivery === 'whole' && unsent.length > 0) scripted.send(Buffer.concat(unsent));
    else if (delivery === 'lines') for (const line of unsent) scripted.send(line);
    else for (const octet of Buffer.concat(unsent)) scripted.send(Buffer.of(octet));
    unsent = [];
  };
  for (const line of transcript.trim().split('\n')) {
    const [, side, text = ''] = /^\s*([CS]):(?: (.*))?$/.exec(line) ?? assert.fail(`no transcript line: ${line}`);
    if (side === 'C') unsent.push(octetsOf(text));
    else {
      deliver();
      expected += `${text}\r\n`;
    }
  }
  deliver();
  assert.equal(scripted.log, expected);
  return scripted;
}

function octetsOf(line: string): Buffer {
  const whole = line.endsWith('\\') ? line.slice(0, -1) : `${line}\r\n`;
  const parts = whole.split(/(\\r|\\n|\\0|\\x[0-9a-f]{2})/).map((part, index) => {
    if (index % 2 === 0) return Buffer.from(part, 'utf8');
    return Buffer.of({ '\\r': 13, '\\n': 10, '\\0': 0 }[part] ?? Number.parseInt(part.slice(2), 16));
  });
  return Buffer.concat(parts);
}
