import { seededName } from './seed.ts';

/** RFC 2046 section 5.1.1: 1 to 70 characters, the last no space. */
export function isBoundary(text: string): boolean {
  return /^[0-9A-Za-z'()+_,\-./:=?]{1,70}$/.test(text);
}

/**
 * What every made boundary begins with. `=_` can't come about in quoted-printable or base64, so that only content that
 * travels unencoded has to be looked through.
 */
export const boundaryPrefix = '=_mb_';

/**
 * Boundaries for the multiparts of one message. All that are made have one length, so that none is the beginning of another;
 * one that is given for the outermost multipart is kept apart from them.
 */
export class Boundaries {
  readonly #seed: string;
  readonly #given: string | undefined;
  readonly #taken: (boundary: string) => boolean;

  /** `taken`: whether the content has a line that begins with `--` and that text. */
  constructor(seed: string, given: string | undefined, taken: (boundary: string) => boolean) {
    this.#seed = seed;
    this.#given = given;
    this.#taken = taken;
  }

  /** The boundary of the multipart that is number `index` of the message, from 0, outermost first. */
  of(index: number): string {
    if (index === 0 && this.#given !== undefined) return this.#given;
    for (let attempt = 0; ; attempt++) {
      const name = seededName(this.#seed, attempt === 0 ? `boundary ${index}` : `boundary ${index} ${attempt}`, 24);
      const prefix = this.#given !== undefined && boundaryPrefix.startsWith(this.#given) ? '_mb_=' : boundaryPrefix;
      const boundary = `${prefix}${name}`;
      if (this.#given !== undefined && boundary.startsWith(this.#given)) continue;
      if (!this.#taken(boundary)) return boundary;
    }
  }
}
