/**
 * A sentence for every code of a union of problems: TypeScript refuses the table when one is missing, or is there for
 * a code that is gone. It is the exhaustive switch of DESIGN.md ("Errors") in a form that can be put together from
 * several files.
 */
export type SentencesFor<Problem extends { readonly code: string }> = {
  readonly [Code in Problem['code']]: (problem: Extract<Problem, { readonly code: Code }>) => string;
};
