import type { PoolOptions } from '../smtp/pool.ts';
import type { SettingsReader } from './settings-reader.ts';

/** How a batch is spread over sessions. */
export interface PoolSettings {
  /** Sessions at a time; one if left out. */
  readonly connections?: number;
  /** Messages that a session carries before it is replaced; any number if left out. */
  readonly messagesPerConnection?: number;
  /** At most so many messages in a second, over all sessions; 0.5 is one every two seconds. */
  readonly rate?: number;
}

/** What `rate` and `connections` may be, in the settings and on a command line. */
export const RATE_LEAST = 0.001;
export const RATE_MOST = 10_000;
export const CONNECTIONS_MOST = 100;

/** `pool` of a server; what can't be used is noted on the reader. */
export function readPool(reader: SettingsReader): PoolSettings {
  const connections = reader.number('connections', 1, CONNECTIONS_MOST);
  const messagesPerConnection = reader.number('messagesPerConnection', 1, 1_000_000);
  const rate = reader.number('rate', RATE_LEAST, RATE_MOST, { fraction: true });
  reader.finish();
  return {
    ...(connections === undefined ? {} : { connections }),
    ...(messagesPerConnection === undefined ? {} : { messagesPerConnection }),
    ...(rate === undefined ? {} : { rate }),
  };
}

/** The same as the engine takes it: whole numbers of messages in a second as they are, fractions as one message in a while. */
export function poolLimits(pool: PoolSettings): Pick<PoolOptions, 'connections' | 'messagesPerConnection' | 'rate'> {
  const { rate, ...rest } = pool;
  if (rate === undefined) return rest;
  return {
    ...rest,
    rate: Number.isInteger(rate)
      ? { messages: rate, milliseconds: 1000 }
      : { messages: 1, milliseconds: Math.ceil(1000 / rate) },
  };
}
