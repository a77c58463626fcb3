import type { HtmlTree } from '../html.ts';

/** What the checks look at. Ranges of problems count in these texts, as UTF-16 code units. */
export interface CheckInput {
  readonly html?: string;
  readonly text?: string;
  readonly subject?: string;
  /**
   * What the message carries for its HTML to show. Where it is left out, no cid counts as unknown and nothing is weighed.
   * A composed document's own files (`src="./logo.png"`) may stand under the path as written.
   */
  readonly images?: readonly CarriedImage[];
  /** Whether relative image sources are right: they are in a composed document, which packs them up. */
  readonly relativeImages?: boolean;
}

export interface CarriedImage {
  /** The Content-ID without angle brackets, or the relative path as the HTML writes it. */
  readonly key: string;
  readonly name: string;
  /** Octets, decoded. */
  readonly size: number;
  readonly type: string;
}

/** The same, with the HTML parsed once for all checks. */
export interface ParsedInput extends CheckInput {
  readonly tree?: HtmlTree;
}
