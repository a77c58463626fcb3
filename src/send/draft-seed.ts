/** What makes a draft's message the same each time it is built. */
export interface DraftIdentity {
  /** Message-ID, boundaries and `$` values come from it. */
  readonly seed: string;
  /** When it was drawn, in milliseconds since the epoch: what `$timestamp` and `$date` tell. */
  readonly drafted: number;
}

/**
 * One seed per draft, so that what is sent is what the preview showed; only the Date field is fresh. A draft keeps its
 * seed until it has been sent; the next message of the same document is another one.
 */
export class DraftSeeds {
  readonly #drafts = new Map<string, DraftIdentity>();
  readonly #random: () => string;
  readonly #now: () => number;

  /** `random` gives a fresh seed: at least 128 random bits as printable ASCII (`crypto.randomUUID` does). */
  constructor(random: () => string, now: () => number) {
    this.#random = random;
    this.#now = now;
  }

  /** The draft of a document, by whatever names it for good (its URI). */
  draftOf(document: string): DraftIdentity {
    let draft = this.#drafts.get(document);
    if (draft === undefined) {
      draft = { seed: this.#random(), drafted: this.#now() };
      this.#drafts.set(document, draft);
    }
    return draft;
  }

  /** The draft of that seed left: the next one starts afresh. A draft that has a newer seed by now keeps it. */
  sent(document: string, seed: string): void {
    if (this.#drafts.get(document)?.seed === seed) this.#drafts.delete(document);
  }

  /** The document was closed for good, or deleted. */
  forget(document: string): void {
    this.#drafts.delete(document);
  }

  /** Files have other names now: `nameOf` gives that of a document that has one. */
  renamed(nameOf: (document: string) => string | undefined): void {
    for (const [from, draft] of [...this.#drafts]) {
      const to = nameOf(from);
      if (to === undefined) continue;
      this.#drafts.delete(from);
      this.#drafts.set(to, draft);
    }
  }
}
