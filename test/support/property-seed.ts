/**
 * Loaded before every suite: property tests draw the same examples in each run. `MAILBENCH_SEED=N` draws others,
 * `MAILBENCH_SEED=random` new ones; a test that fails says with which it did.
 */
import fc from 'fast-check';

const asked = process.env.MAILBENCH_SEED ?? '1';
const seed = asked === 'random' ? Date.now() % 0x7fffffff : Number(asked);
if (!Number.isInteger(seed)) throw new Error(`MAILBENCH_SEED has to be an integer or "random", not "${asked}".`);
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });
