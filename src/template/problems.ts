import type { ProblemBase } from '../base/problem.ts';

type P<Code extends string, Values = unknown> = ProblemBase<Code> & Readonly<Values>;

/** Everything that data and templates can get wrong. */
export type TemplateProblem = RenderProblem | DataProblem;

/** What rendering can find out. Ranges count in the document. */
export type RenderProblem =
  /** `{{` or `{%` in a document that names no data (warning; asked about before a send). */
  | P<'template-without-data', { expression: string }>
  /** The engine can't read the template; `detail` is its own word, without positions. */
  | P<'template-syntax', { detail: string }>
  /** The engine could not carry it out (a filter that failed, say). */
  | P<'template-failed', { detail: string }>
  /** A block that opens or closes here and has its other end in another part. */
  | P<'template-block-across-parts', { block: string; end: 'open' | 'close' }>
  | P<'template-unknown-variable', { path: string; suggestion?: string }>
  | P<'template-unknown-helper', { name: string; suggestion?: string }>
  /** Partials, includes, layouts: nothing is read from files. */
  | P<'template-no-files', { name: string }>
  /** `{{$…}}` with a name that is none. */
  | P<'template-unknown-value', { name: string; suggestion?: string }>
  | P<'template-value-argument', { name: string; argument: string }>
  | P<'template-env-unset', { name: string }>
  /** `$env` in a workspace that is not trusted. */
  | P<'template-env-untrusted', { name: string }>
  /** A rendered header or attribute value with CR, LF or NUL. */
  | P<'template-line-break', { character: number }>
  /** A value in an address field that is not one display name or one address. */
  | P<'template-address', { value: string; wanted: 'address' | 'name' | 'local-part' | 'domain' }>
  /** A value that is an object, where text has to come out. */
  | P<'template-object', { path: string }>;

/** What reading data can find out. Positions count in the data's own text, where there is one. */
export type DataProblem =
  | P<'data-syntax', { detail: string; offset?: number }>
  /** Neither an object nor an array of objects. */
  | P<'data-shape'>
  | P<'data-empty'>
  | P<'data-format-unknown', { path: string }>
  | P<'data-too-deep'>
  | P<'record-missing', { record: string; count: number }>
  | P<'record-ambiguous', { record: string; count: number }>
  | P<'var-invalid', { value: string }>
  | P<'template-engine-unknown', { value: string }>;
