import type { ProblemBase } from '../../base/problem.ts';

/** The checks that can be switched on and off, one by one; each is a file of this folder. */
export const checkNames = [
  'support',
  'links',
  'images',
  'accessibility',
  'spam',
  'text',
  'placeholders',
  'weight',
] as const;
export type CheckName = (typeof checkNames)[number];

/** Which text the range counts in: the HTML, the plain text, or the subject, each as handed to the check. */
export type Place = 'html' | 'text' | 'subject';

interface Base<Code extends string, Check extends CheckName> extends ProblemBase<Code> {
  readonly check: Check;
  readonly where: Place;
}

/** How one client takes a feature, by the caniemail data. */
export interface ClientSupport {
  /** `gmail.ios`: family and platform as caniemail names them. */
  readonly client: string;
  /** What a person reads: `Gmail (iOS)`. */
  readonly name: string;
  readonly support: 'none' | 'partial';
  /** What the data remarks on that support. */
  readonly notes: readonly string[];
}

export type SupportProblem = Base<'client-support', 'support'> & {
  /** The feature's name with caniemail: `border-radius`. */
  readonly title: string;
  readonly slug: string;
  readonly url: string;
  readonly clients: readonly ClientSupport[];
  /** How many clients were asked about. */
  readonly asked: number;
  /** How often the mail uses it; the range is that of the first. */
  readonly uses: number;
  /** The day the data is of, `2026-05-13`. */
  readonly dataDate: string;
};

export type LinkProblem =
  | Base<'link-empty', 'links'>
  | (Base<'link-invalid', 'links'> & { readonly url: string })
  | (Base<'link-relative', 'links'> & { readonly url: string })
  | (Base<'link-scheme', 'links'> & { readonly url: string; readonly scheme: string })
  | (Base<'link-insecure', 'links'> & { readonly url: string })
  | (Base<'link-local', 'links'> & { readonly url: string; readonly host: string })
  | (Base<'link-anchor-missing', 'links'> & { readonly anchor: string })
  | (Base<'link-mailto-invalid', 'links'> & { readonly url: string })
  | (Base<'link-unreachable', 'links'> & { readonly url: string; readonly reason: string })
  | (Base<'link-status', 'links'> & { readonly url: string; readonly status: number })
  | (Base<'link-moved', 'links'> & { readonly url: string; readonly to: string })
  /** The rest, from this link on, was not asked for: there are too many, or the time was up. */
  | (Base<'links-unasked', 'links'> & {
      readonly left: number;
      readonly reason: 'limit' | 'time';
      /** How long it was tried. */
      readonly seconds: number;
    });

export type ImageProblem =
  | (Base<'image-without-source', 'images'> & { readonly what: 'nothing' | 'empty' })
  | (Base<'image-relative', 'images'> & { readonly url: string })
  | (Base<'image-cid-unknown', 'images'> & { readonly cid: string })
  | (Base<'image-without-alt', 'images'> & { readonly linked: boolean })
  | Base<'image-without-size', 'images'>
  | (Base<'image-heavy', 'images'> & { readonly name: string; readonly size: number; readonly limit: number })
  | (Base<'images-heavy', 'images'> & { readonly size: number; readonly limit: number });

export type AccessibilityProblem =
  | Base<'language-missing', 'accessibility'>
  | (Base<'language-invalid', 'accessibility'> & { readonly value: string })
  | Base<'title-missing', 'accessibility'>
  | (Base<'table-role', 'accessibility'> & { readonly uses: number })
  | Base<'link-without-name', 'accessibility'>
  | (Base<'text-tiny', 'accessibility'> & { readonly size: number; readonly uses: number })
  | (Base<'contrast', 'accessibility'> & {
      readonly foreground: string;
      readonly background: string;
      /** To one decimal, as WCAG 2 counts it. */
      readonly ratio: number;
      readonly needed: number;
    })
  | (Base<'axe', 'accessibility'> & {
      /** axe-core's own name of the rule. */
      readonly rule: string;
      readonly help: string;
      readonly helpUrl: string;
      readonly impact: string;
      /** The colour schemes in which it was seen. */
      readonly schemes: readonly ('light' | 'dark')[];
    });

export type SpamProblem =
  | (Base<'spam-capitals', 'spam'> & { readonly text: string })
  | (Base<'spam-marks', 'spam'> & { readonly text: string })
  | (Base<'spam-phrases', 'spam'> & { readonly phrases: readonly string[] })
  | (Base<'spam-link-mismatch', 'spam'> & { readonly shown: string; readonly target: string })
  | (Base<'spam-link-address', 'spam'> & { readonly host: string })
  | (Base<'spam-link-shortener', 'spam'> & { readonly host: string })
  | (Base<'spam-active', 'spam'> & { readonly element: string })
  | (Base<'spam-images-only', 'spam'> & { readonly images: number; readonly letters: number })
  | Base<'spam-hidden-text', 'spam'>
  | Base<'spam-subject-missing', 'spam'>;

export type TextProblem =
  | Base<'text-missing', 'text'>
  | Base<'text-empty', 'text'>
  | (Base<'text-differs', 'text'> & {
      /** How much of the HTML's words the text has, 0 to 1. */
      readonly share: number;
      /** The first few sentences or lines that it has not. */
      readonly lacking: readonly string[];
    })
  | (Base<'text-lacks-links', 'text'> & { readonly urls: readonly string[] });

export type PlaceholderProblem = Base<'placeholder', 'placeholders'> & {
  readonly placeholder: string;
  readonly kind: 'braces' | 'percent' | 'merge-tag' | 'dollar' | 'filler' | 'undefined-value';
};

export type WeightProblem =
  | (Base<'weight-clipped', 'weight'> & { readonly size: number; readonly limit: number })
  | (Base<'weight-near', 'weight'> & { readonly size: number; readonly limit: number })
  /** HTML is looked at for a while; and while it is written, only up to a length. */
  | (Base<'html-unchecked', 'weight'> & {
      /** Characters, where they are too many. */
      readonly length?: number;
      /** What went wrong, which is no fault of the author's; without it and without a length, it took too long. */
      readonly failure?: string;
    })
  /** There are more findings than are shown while it is written. */
  | (Base<'findings-left-out', 'weight'> & { readonly left: number });

/** Everything the checks of a message can find, no error among it. Sentences are written at the edge, by an exhaustive switch. */
export type HtmlProblem =
  | SupportProblem
  | LinkProblem
  | ImageProblem
  | AccessibilityProblem
  | SpamProblem
  | TextProblem
  | PlaceholderProblem
  | WeightProblem;

export type HtmlProblemCode = HtmlProblem['code'];
