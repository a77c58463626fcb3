/** A half-open span of UTF-16 code units in the text of a document, as editors count. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * `error` stops a send; `warning` is shown and asked about where it matters; the others only inform. What the checks of HTML
 * find stops none, so nothing of it is an error, unless a person's settings call it one: `mailbench check` then fails.
 */
export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** One replacement of text; several of them, on ranges that do not touch, make a fix. */
export interface TextEdit {
  readonly range: Range;
  readonly text: string;
}

/** A repair that the author can choose. `title` names it in the imperative, as an editor's quick fix does. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** The one to take where only one can be taken, "fix all" included. */
  readonly preferred?: boolean;
}

/**
 * What every problem in a document has. Rooms declare unions of it, told apart by `code`, with the values their
 * sentence needs; the sentence itself is written at the edge.
 */
export interface ProblemBase<Code extends string = string> {
  readonly code: Code;
  readonly severity: Severity;
  readonly range: Range;
  readonly fixes?: readonly Fix[];
}
