import { createServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { type Listening, onLoopback } from './loopback.ts';
import { asScript, parseScript, type ScriptStep, scriptLines } from './smtp-script.ts';

export type Feed = 'whole' | 'line' | 'byte';
export const feeds: readonly Feed[] = ['whole', 'line', 'byte'];

export interface ScriptedServerOptions {
  readonly feed?: Feed;
  /** For `!tls`. */
  readonly key?: string;
  readonly cert?: string;
  readonly path?: string;
  /** Called at `!hold`, and waited for; `heard` resolves once the client has said more than it was to, or is gone. */
  readonly onHold?: (heard: () => Promise<void>) => unknown;
  /** Called at `!silence`: the client has said everything up to there, and now waits. */
  readonly onSilence?: () => void;
}

export interface ScriptedServer extends Listening {
  /** What was really said, in the form of the scripts, each connection after the one before it. */
  readonly said: Promise<string>;
}

/**
 * A server on a free port of the loopback that says what the scripts say, one script a connection, and keeps what the
 * client said. Where the client says something else, its words stand in `said` and the connection is closed.
 */
export async function scriptedServer(
  scripts: string | readonly string[],
  options: ScriptedServerOptions = {},
): Promise<ScriptedServer> {
  const waiting = [scripts].flat().map(parseScript);
  const said: string[] = [];
  let left = waiting.length;
  let finish: (text: string) => void = () => {};
  const done = new Promise<string>((resolve) => {
    finish = resolve;
  });
  const server = createServer({ noDelay: true }, (socket) => {
    const steps = waiting.shift();
    if (steps === undefined) return void socket.destroy();
    const lines: string[] = [];
    void play(socket, steps, lines, options).then(() => {
      said.push(...lines);
      if (--left === 0) finish(said.join('\n'));
    });
  });
  return { ...(await onLoopback(server, options.path)), said: done };
}

/** A script as it is compared: its lines, unindented. */
export function script(text: string): string {
  return scriptLines(text).join('\n');
}

async function play(
  raw: Socket,
  steps: readonly ScriptStep[],
  lines: string[],
  options: ScriptedServerOptions,
): Promise<void> {
  let socket = raw;
  let held = Buffer.alloc(0);
  let ended = false;
  let wake: (() => void) | undefined;
  const listenTo = () => {
    socket.on('data', (piece) => {
      held = Buffer.concat([held, piece]);
      wake?.();
    });
    for (const event of ['end', 'close', 'error'])
      socket.on(event, () => {
        ended = true;
        wake?.();
      });
  };
  const change = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
    });
  const heard = async () => {
    while (held.length === 0 && !ended) await change();
  };
  listenTo();
  for (let index = 0; index < steps.length; index++) {
    const step = steps[index]!;
    if (step.side === '!') {
      lines.push(`!${step.what}`);
      if (step.what === 'hold') await options.onHold?.(heard);
      else if (step.what === 'silence') options.onSilence?.();
      else if (step.what === 'close') socket.end();
      else if (step.what === 'reset') raw.resetAndDestroy();
      else if (step.what === 'tls') {
        raw.removeAllListeners('data');
        socket = new TLSSocket(raw, { isServer: true, key: options.key, cert: options.cert });
        socket.on('error', () => {});
        listenTo();
      }
      continue;
    }
    if (step.side === 'S') {
      const octets = [step.octets];
      while (steps[index + 1]?.side === 'S') octets.push((steps[++index] as { octets: Buffer }).octets);
      lines.push(...asScript('S', Buffer.concat(octets)));
      await feedTo(socket, octets, options.feed ?? 'whole');
      continue;
    }
    while (held.length < step.octets.length && step.octets.subarray(0, held.length).equals(held) && !ended)
      await change();
    const given = held.subarray(0, step.octets.length);
    if (!given.equals(step.octets)) {
      lines.push(...asScript('C', held));
      held = Buffer.alloc(0);
      socket.destroy();
      break;
    }
    lines.push(...asScript('C', given));
    held = held.subarray(step.octets.length);
  }
  // Whatever else the client says, until it goes.
  while (!ended) await change();
  lines.push(...asScript('C', held));
}

async function feedTo(socket: Socket, octets: readonly Buffer[], feed: Feed): Promise<void> {
  const pieces =
    feed === 'whole'
      ? [Buffer.concat(octets)]
      : feed === 'line'
        ? octets
        : [...Buffer.concat(octets)].map((octet) => Buffer.from([octet]));
  for (const piece of pieces) {
    socket.write(piece);
    if (pieces.length > 1) await new Promise((resolve) => setImmediate(resolve));
  }
}
