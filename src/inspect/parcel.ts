import { MessageChannel, type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { Turns } from '../base/steps.ts';

/** An answer on its way out of a thread. Its long lists come piece by piece: to read thousands of values at once takes longer than a frame. */
export interface Parcel {
  /** The answer, its long lists empty. */
  readonly output: unknown;
  /** Where these belong, in the order in which they come. */
  readonly lists: readonly (readonly string[])[];
  /** Hands out pieces of lists, each with the number of its own; undefined where nothing is left. */
  readonly rest?: MessagePort;
}

interface Piece {
  readonly list: number;
  readonly values: readonly unknown[];
}

/** Values that are handed over together: a millisecond's worth. */
const together = 250;
/** How many objects in each other are looked into. */
const deepest = 4;

/** @param post sends the parcel to the other thread */
export function sendParcel(output: unknown, post: (parcel: Parcel, transfer: readonly MessagePort[]) => void): void {
  const found: { readonly path: readonly string[]; readonly values: readonly unknown[] }[] = [];
  const withoutLists = (value: unknown, path: readonly string[]): unknown => {
    if (Array.isArray(value)) {
      if (value.length <= together) return value;
      found.push({ path, values: value });
      return [];
    }
    if (!isPlain(value) || path.length >= deepest) return value;
    const entries = Object.entries(value).map(([key, inner]) => [key, withoutLists(inner, [...path, key])] as const);
    // What holds no long list goes as it is.
    return entries.every(([key, inner]) => inner === value[key]) ? value : Object.fromEntries(entries);
  };
  const frame = withoutLists(output, ['output']);
  if (found.length === 0) {
    post({ output: frame, lists: [] }, []);
    return;
  }
  const { port1, port2 } = new MessageChannel();
  try {
    for (const [list, { values }] of found.entries())
      for (let at = 0; at < values.length; at += together)
        port1.postMessage({ list, values: values.slice(at, at + together) } satisfies Piece);
    post({ output: frame, lists: found.map(({ path }) => path), rest: port2 }, [port2]);
  } finally {
    port1.close();
  }
}

/** The answer whole; rejects where the signal of `turns` fires. */
export async function openParcel(parcel: Parcel, turns: Turns): Promise<unknown> {
  const { lists, rest } = parcel;
  if (!rest) return parcel.output;
  try {
    const targets = lists.map((path) =>
      path.reduce((value: unknown, key) => (value as Record<string, unknown>)[key], parcel),
    ) as unknown[][];
    await turns.next();
    for (let piece = receive(rest); piece; piece = receive(rest)) {
      for (const value of piece.values) targets[piece.list]!.push(value);
      if (turns.over) await turns.pause();
    }
    return parcel.output;
  } finally {
    rest.close();
  }
}

function receive(port: MessagePort): Piece | undefined {
  return receiveMessageOnPort(port)?.message as Piece | undefined;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
