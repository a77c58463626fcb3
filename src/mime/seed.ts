import { createHash } from 'node:crypto';

/**
 * Names that follow from a draft's seed and from what they are for: unguessable without the seed, the same with it. Base 64 of
 * the URL-safe kind without its `-` and `_`, which not every reader expects at the ends of an identifier.
 */
export function seededName(seed: string, purpose: string, length: number): string {
  return createHash('sha256')
    .update(`${purpose}\0${seed}`)
    .digest('base64')
    .replace(/[^A-Za-z0-9]/g, '')
    .slice(0, length);
}
