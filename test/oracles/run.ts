import { draftOf } from '../../src/document/draft-of.ts';
import { parseDocument } from '../../src/document/parse.ts';
import { buildMessage } from '../../src/mime/build.ts';
import { fixedClock, memoryFiles } from '../unit/mime/memory-files.ts';
import { compare, type Finding, isDifference } from './compare.ts';
import { generate } from './generate.ts';
import { PythonReader } from './python.ts';
import { Random } from './random.ts';

export interface OracleResult {
  readonly documents: number;
  readonly comparisons: number;
  /** Where two readers agree on something else than was meant. */
  readonly differences: readonly (Finding & { readonly seed: number })[];
  /** How often one reader alone differed, by reader and by what. */
  readonly alone: ReadonlyMap<string, { count: number; readonly first: Finding & { readonly seed: number } }>;
}

/** Builds `count` documents, from their text, from `seed` on and holds what readers make of them against what was meant. */
export async function runOracles(count: number, python: string | undefined, seed = 1): Promise<OracleResult> {
  const reader = python === undefined ? undefined : new PythonReader(python);
  const differences: (Finding & { seed: number })[] = [];
  const alone = new Map<string, { count: number; first: Finding & { seed: number } }>();
  let comparisons = 0;
  try {
    for (let i = 0; i < count; i++) {
      const generated = generate(new Random(seed + i));
      const files = memoryFiles(
        Object.fromEntries(Object.entries(generated.files).map(([name, octets]) => [`/docs/${name}`, octets])),
      );
      const { document } = parseDocument(generated.draft.documentText);
      const { message, problems } = await buildMessage(draftOf(document).draft, {
        seed: `oracle ${seed + i}`,
        clock: fixedClock,
        files,
        documentPath: '/docs/mail.eml',
      });
      const errors = problems.filter(({ severity }) => severity === 'error');
      if (!message || errors.length > 0) throw new Error(`seed ${seed + i}: ${JSON.stringify(errors)}`);
      for (const finding of await compare(generated, message, reader)) {
        comparisons++;
        if (isDifference(finding)) differences.push({ ...finding, seed: seed + i });
        for (const [name, said] of Object.entries(finding.readers)) {
          if (said === finding.meant) continue;
          const key = `${name}: ${finding.what}`;
          const known = alone.get(key);
          if (known) known.count++;
          else alone.set(key, { count: 1, first: { ...finding, seed: seed + i } });
        }
      }
    }
  } finally {
    await reader?.close();
  }
  return { documents: count, comparisons, differences, alone };
}
