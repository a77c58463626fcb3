/**
 * Lets the event loop go round that many times. On the loopback what one end has written is there for the other in its
 * next turn, however busy the machine is.
 */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Goes round until it is so; the test's own time limit is the end of it. */
export async function turnsUntil(isSo: () => boolean): Promise<void> {
  while (!isSo()) await turns(1);
}

/** Whether a promise is settled, one way or the other, within that many turns: at once, that is, and by no timer. */
export async function settlesWithin(count: number, promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const settle = () => {
    settled = true;
  };
  promise.then(settle, settle);
  for (let turn = 0; turn < count && !settled; turn++) await turns(1);
  return settled;
}
