import { nodeFiles } from '../../../../src/base/node-files.ts';
import type { DeliverPorts } from '../../../../src/send/deliver.ts';
import { Confirmations } from '../../../../src/send/guard.ts';
import { clockAt } from '../../../support/fixed-clock.ts';

/** 2026-11-20 14:02:11.093 UTC, always. */
export const fixedClock = clockAt(Date.UTC(2026, 10, 20, 14, 2, 11, 93));

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
