import assert from 'node:assert/strict';
import { type DeliveryFailure, isDeliveryFailure } from '../../src/base/errors.ts';
import type { ConnectOptions } from '../../src/smtp/options.ts';

/** A plain session with a server on the loopback. */
export function optionsFor(port: number, more: Partial<ConnectOptions> = {}): ConnectOptions {
  return { protocol: 'smtp', host: '127.0.0.1', port, security: 'none', clientName: 'client.example', ...more };
}

/** What a promise that is to fail fails with. */
export async function failureOf(promise: Promise<unknown>): Promise<DeliveryFailure> {
  const error: unknown = await promise.then(
    () => assert.fail('it did not fail'),
    (reason: unknown) => reason,
  );
  if (!isDeliveryFailure(error)) throw error;
  return error;
}
