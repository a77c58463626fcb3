import type { Question } from './question.ts';

/**
 * The questions of many messages as one set: each kind once, the recipients of all of them together, so that a person
 * answers once for the whole batch.
 */
export function together(questions: readonly Question[]): Question[] {
  const merged = new Map<Question['code'], Question>();
  for (const question of questions) {
    const before = merged.get(question.code);
    merged.set(question.code, before === undefined ? question : both(before, question));
  }
  // In the order in which one message's questions come.
  return ORDER.flatMap((code) => merged.get(code) ?? []);
}

const ORDER: readonly Question['code'][] = [
  'off-loopback',
  'redirected',
  'no-subject',
  'no-text',
  'production',
  'template-without-data',
  'directive-in-finished',
];

function both(before: Question, next: Question): Question {
  if (before.code === 'off-loopback' && next.code === 'off-loopback') {
    return { ...before, recipients: union(before.recipients, next.recipients) };
  }
  if (before.code === 'production' && next.code === 'production') {
    return { ...before, recipients: union(before.recipients, next.recipients) };
  }
  if (before.code === 'redirected' && next.code === 'redirected') {
    return { ...before, from: union(before.from, next.from), to: union(before.to, next.to) };
  }
  return before;
}

function union(a: readonly string[], b: readonly string[]): string[] {
  return [...new Set([...a, ...b])];
}
