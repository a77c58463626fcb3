import type { Range } from '../base/problem.ts';
import type { MappedText } from './nodes.ts';

/**
 * What a composed document says, with escapes undone, notes taken out and every template value put in: the input of
 * the MIME builder. Nothing here has been read from a file.
 */
export interface Draft {
  readonly settings: readonly DraftSetting[];
  readonly fields: readonly DraftField[];
  readonly body: readonly DraftNode[];
}

export interface DraftSetting {
  /** Lower case, without `@`. */
  readonly name: string;
  readonly value: MappedText;
  readonly range: Range;
  readonly nameRange: Range;
}

export interface DraftField {
  /** As written. */
  readonly name: string;
  /** Unfolded. In a structured field each template value already stands quoted as it needs. */
  readonly value: MappedText;
  readonly range: Range;
  readonly nameRange: Range;
}

export type DraftNode = DraftText | DraftPart | DraftMultipart | DraftFile;

/** A run of text outside any directive: escapes undone, notes out, line ends as written. */
export interface DraftText {
  readonly type: 'text';
  readonly text: MappedText;
  readonly range: Range;
}

export interface DraftAttribute {
  /** Lower case for the known ones; `param.` and `header.` names as written. */
  readonly name: string;
  readonly nameRange: Range;
  readonly range: Range;
  /** Undefined for an attribute written without one. */
  readonly value?: MappedText;
}

/** `<#part …>`. Its children are text and inlines; with `src` the body comes from that file instead. */
export interface DraftPart {
  readonly type: 'part';
  readonly attributes: readonly DraftAttribute[];
  readonly children: readonly (DraftText | DraftFile)[];
  readonly range: Range;
  readonly headRange: Range;
}

export interface DraftMultipart {
  readonly type: 'multipart';
  readonly attributes: readonly DraftAttribute[];
  readonly children: readonly DraftNode[];
  readonly range: Range;
  readonly headRange: Range;
}

/** `<#attach …>` or `<#inline …>`. */
export interface DraftFile {
  readonly type: 'attach' | 'inline';
  /** As written: relative to the document, forward slashes. */
  readonly path: MappedText;
  readonly attributes: readonly DraftAttribute[];
  readonly range: Range;
  readonly headRange: Range;
}
