import type { Severity } from '../../base/problem.ts';
import type { CheckName, HtmlProblem } from './problems.ts';

const gravity: readonly Severity[] = ['error', 'warning', 'information', 'hint'];

export interface ListedFindings<Problem> {
  /** In the order in which they were given. */
  readonly listed: readonly Problem[];
  /** How many more each check has. */
  readonly left: Readonly<Partial<Record<CheckName, number>>>;
}

/** Of each check so many findings as a list may have: the gravest, and of equals the first. */
export function listedFindings<Problem extends Pick<HtmlProblem, 'check' | 'severity'>>(
  problems: readonly Problem[],
  most: number,
): ListedFindings<Problem> {
  const byCheck = new Map<CheckName, Map<Severity, number>>();
  for (const { check, severity } of problems) {
    const counts = byCheck.get(check) ?? new Map<Severity, number>();
    byCheck.set(check, counts.set(severity, (counts.get(severity) ?? 0) + 1));
  }
  /** How many of each severity still have room. */
  const room = new Map<CheckName, Map<Severity, number>>();
  const left: Partial<Record<CheckName, number>> = {};
  for (const [check, counts] of byCheck) {
    const own = new Map<Severity, number>();
    let free = most;
    for (const severity of gravity) {
      const taken = Math.min(counts.get(severity) ?? 0, free);
      own.set(severity, taken);
      free -= taken;
    }
    room.set(check, own);
    const all = [...counts.values()].reduce((sum, count) => sum + count, 0);
    if (all > most) left[check] = all - most;
  }
  const listed = problems.filter(({ check, severity }) => {
    const own = room.get(check)!;
    const free = own.get(severity)!;
    own.set(severity, free - 1);
    return free > 0;
  });
  return { listed, left };
}
