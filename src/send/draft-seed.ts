/**
 * One seed per draft: Message-ID, boundaries and `$` values come from it, so that what is sent is what the preview
 * showed. A draft keeps its seed until it has been sent; the next message of the same document is another one.
 */
export class DraftSeeds {
  readonly #seeds = new Map<string, string>();
  readonly #random: () => string;

  /** `random` gives a fresh seed: at least 128 random bits as printable ASCII (`crypto.randomUUID` does). */
  constructor(random: () => string) {
    this.#random = random;
  }

  /** The seed of a document, by whatever names it for good (its URI). */
  seedOf(document: string): string {
    let seed = this.#seeds.get(document);
    if (seed === undefined) {
      seed = this.#random();
      this.#seeds.set(document, seed);
    }
    return seed;
  }

  /** The draft of that seed left: the next one starts afresh. A draft that has a newer seed by now keeps it. */
  sent(document: string, seed: string): void {
    if (this.#seeds.get(document) === seed) this.#seeds.delete(document);
  }

  /** The document was closed for good, or deleted. */
  forget(document: string): void {
    this.#seeds.delete(document);
  }

  /** Its file has another name now. */
  renamed(from: string, to: string): void {
    const seed = this.#seeds.get(from);
    if (seed === undefined) return;
    this.#seeds.delete(from);
    this.#seeds.set(to, seed);
  }
}
