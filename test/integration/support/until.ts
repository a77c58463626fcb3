/** Milliseconds after which a test has failed: long, since a busy machine is no fault of the program's. */
const deadline = 15_000;

/** Waits until `find` gives something, looking again whenever the event loop comes round. Says what was awaited. */
export async function until<T>(
  what: string,
  find: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  const began = Date.now();
  for (;;) {
    const found = await find();
    if (found !== undefined && found !== false) return found;
    if (Date.now() - began > deadline) throw new Error(`${what}: not within ${deadline / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
