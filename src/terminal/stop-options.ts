import type { StopPhase, StopPoint } from '../smtp/options.ts';
import { usage } from './usage.ts';

const PHASES: readonly StopPhase[] = [
  'connect',
  'greeting',
  'ehlo',
  'starttls',
  'tls',
  'auth',
  'mail',
  'rcpt',
  'data',
  'message',
];

/** Leaving off on purpose, to see what a server makes of it. */
export const stopOptions = {
  'stop-after': { type: 'string' },
  'stop-in': { type: 'string' },
  'stop-before': { type: 'string' },
  drop: { type: 'boolean' },
} as const;

export const stopHelp = `  --stop-after PHASE say QUIT once PHASE had its reply; it is ${PHASES.slice(0, 2).join(', ')},
                     ${PHASES.slice(2).join(', ')}
                     (the final dot)
  --stop-in PHASE    the same, without waiting for the reply of PHASE
  --stop-before PHASE
                     the same, without sending the command of PHASE
  --drop             with one of these: close the connection without QUIT. The
                     exit code is 0 where the stop was reached`;

interface Values {
  readonly 'stop-after'?: string | undefined;
  readonly 'stop-in'?: string | undefined;
  readonly 'stop-before'?: string | undefined;
  readonly drop?: boolean | undefined;
}

const WHERE = [
  ['stop-after', 'next'],
  ['stop-in', 'reply'],
  ['stop-before', 'command'],
] as const;

/** The stop point that the options come to; undefined where there is none. */
export function stopPoint(command: string, values: Values): StopPoint | undefined {
  const given = WHERE.filter(([option]) => values[option] !== undefined);
  const [first, second] = given;
  if (second) throw usage(command, `--${first?.[0]} and --${second[0]} exclude each other`);
  if (!first) {
    if (values.drop) throw usage(command, '--drop needs --stop-after, --stop-in or --stop-before');
    return undefined;
  }
  const [option, before] = first;
  const at = PHASES.find((phase) => phase === values[option]?.toLowerCase());
  if (at === undefined) throw usage(command, `--${option} is one of ${PHASES.join(', ')}, not "${values[option]}"`);
  return { at, before, how: values.drop ? 'drop' : 'quit' };
}
