import { nodeFiles } from '../../../../src/base/node-files.ts';
import type { Clock } from '../../../../src/base/ports.ts';
import type { DeliverPorts } from '../../../../src/send/deliver.ts';
import { Confirmations } from '../../../../src/send/guard.ts';

/** 2026-11-20 14:02:11.093 UTC, always. */
export const fixedClock: Clock = {
  now: () => Date.UTC(2026, 10, 20, 14, 2, 11, 93),
  offsetMinutes: () => 0,
  ticks: () => 0,
};

/** Ports of a send that nobody is asked about. */
export function portsOf(given: Partial<DeliverPorts> = {}): DeliverPorts {
  return {
    files: nodeFiles,
    clock: fixedClock,
    confirmations: new Confirmations(),
    ask: () => Promise.reject(new Error('nobody was to be asked')),
    ...given,
  };
}

/** The transcript with what differs from run to run taken out: the port. */
export function told(transcript: readonly string[], port: number): string[] {
  return transcript.map((line) => line.replaceAll(`:${port}`, ':PORT').replaceAll(`:${port}`, ':PORT'));
}
