import type { ProblemBase, Severity } from '../base/problem.ts';

/** More than anybody reads. A broken text of many megabytes shall not cost a fix for each of its lines. */
const MAX_PROBLEMS = 1000;

/** Where problems go. */
export interface Sink<P extends ProblemBase> {
  /** Whether a problem of that severity would be kept: asked before a costly one is made. */
  takes(severity: Severity): boolean;
  add(problem: P): void;
}

/** Collects problems, up to a bound; the first error gets in even then, since it decides whether there is a send. */
export class ProblemSink<P extends ProblemBase> implements Sink<P> {
  readonly problems: P[] = [];
  #hasError = false;

  takes(severity: Severity): boolean {
    return this.problems.length < MAX_PROBLEMS || (severity === 'error' && !this.#hasError);
  }

  add(problem: P): void {
    if (!this.takes(problem.severity)) return;
    if (problem.severity === 'error') this.#hasError = true;
    this.problems.push(problem);
  }
}
