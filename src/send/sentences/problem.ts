import type { Problem } from '../composed.ts';
import { bodySentences } from './body.ts';
import { addressSentences, headerSentences } from './header.ts';
import { adviceSentences } from './language.ts';
import { meaningSentences } from './meaning.ts';
import { mimeSentences } from './mime.ts';
import type { SentencesFor } from './table.ts';
import { templateSentences } from './template.ts';
import { list, meant, quoted } from './words.ts';

/** Every code there is; that none is missing is checked by the compiler. */
const table: SentencesFor<Problem> = {
  ...headerSentences,
  ...addressSentences,
  ...bodySentences,
  ...meaningSentences,
  ...templateSentences,
  ...mimeSentences,
  ...adviceSentences,
  'unknown-server': (p) =>
    `There is no server ${quoted(p.name)}${meant(p.suggestion)}: configured are ${list(p.known)}.`,
};

/** What a problem says to a person: what is wrong at its place, and what to do. */
export function problemSentence(problem: Problem): string {
  const tell = table[problem.code] as ((problem: Problem) => string) | undefined;
  return tell === undefined ? problem.code : tell(problem);
}

/** Every code that has a sentence, for documentation and tests. */
export const problemCodes: readonly string[] = Object.keys(table);
