import { atOnce } from '../../../src/base/steps.ts';
import { assembleSteps } from '../../../src/mime/assemble.ts';
import type { Part } from '../../../src/mime/part.ts';
import type { MimeProblem } from '../../../src/mime/problems.ts';
import type { MadeDraft } from './drafts.ts';

/** A tree in one line: `multipart/mixed(text/plain application/pdf:name.pdf)`; `#id` for a Content-ID, `~` before a derived part. */
export function treeText(part: Part): string {
  if (part.kind === 'multipart') return `${part.mediaType}(${part.children.map(treeText).join(' ')})`;
  const derived = part.content.from === 'derived' ? '~' : '';
  const name = part.name === undefined ? '' : `:${part.name}`;
  const id = part.contentId === undefined ? '' : `#${part.contentId}`;
  return `${derived}${part.mediaType}${name}${id}`;
}

/** The tree of a draft, and its problems as `code "what stands there"`. */
export function assembled(draft: MadeDraft): { tree: string; problems: string[] } {
  const { tree, problems } = atOnce(assembleSteps(draft, { seed: 'seed', documentText: draft.documentText }));
  return { tree: treeText(tree.root), problems: problems.map((problem) => located(problem, draft.documentText)) };
}

export function located({ code, range }: MimeProblem, text: string): string {
  return `${code} ${JSON.stringify(text.slice(range.start, range.end))}`;
}
