import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** Octets of the heap that something still holds. */
export async function heldOctets(): Promise<number> {
  // What is given up by the first sweep may hold more.
  for (let sweep = 0; sweep < 3; sweep++) {
    collect();
    await setImmediate();
  }
  return process.memoryUsage().heapUsed;
}

/** How much more is held after some more of the same, in octets a round; what the first rounds need for good is not counted. */
export async function growth(rounds: number, round: (index: number) => unknown): Promise<number> {
  for (let index = 0; index < rounds; index++) await round(index);
  const before = await heldOctets();
  for (let index = rounds; index < 2 * rounds; index++) await round(index);
  return ((await heldOctets()) - before) / rounds;
}
