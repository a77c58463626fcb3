import { parentPort } from 'node:worker_threads';
import type { Severity } from '../base/problem.ts';
import type { CheckAnswer, CheckQuestion } from './check-thread.ts';
import type { HtmlProblem } from './checks/problems.ts';
import { inspectMessage } from './inspect-message.ts';

/** The checks on a thread of their own: a question in, its answer out. */
parentPort?.on('message', async ({ input, options, most }: CheckQuestion) => {
  const answer = await inspectMessage(input, options).then(
    ({ problems }) => first(problems, most),
    (error: unknown): CheckAnswer => ({ failed: error instanceof Error ? error.message : String(error) }),
  );
  parentPort?.postMessage(answer);
});

const ranks: readonly Severity[] = ['error', 'warning', 'information', 'hint'];

/** A mail of a megabyte may have tens of thousands, and handing them over keeps the other side waiting. */
function first(problems: readonly HtmlProblem[], most: number): CheckAnswer {
  if (problems.length <= most) return { problems, left: 0 };
  const chosen = new Set(ranks.flatMap((rank) => problems.filter(({ severity }) => severity === rank)).slice(0, most));
  return { problems: problems.filter((problem) => chosen.has(problem)), left: problems.length - most };
}
