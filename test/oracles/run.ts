import { draftOf } from '../../src/document/draft-of.ts';
import { parseDocument } from '../../src/document/parse.ts';
import { buildMessage } from '../../src/mime/build.ts';
import { fixedClock } from '../support/fixed-clock.ts';
import { memoryFiles } from '../support/memory-files.ts';
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

/** So many at a time: one reader reads while another waits for the next. */
const together = 16;

/** Builds `count` documents, from their text, from `seed` on and holds what readers make of them against what was meant. */
export async function runOracles(count: number, python: string | undefined, seed = 1): Promise<OracleResult> {
  const reader = python === undefined ? undefined : new PythonReader(python);
  const differences: (Finding & { seed: number })[] = [];
  const alone = new Map<string, { count: number; first: Finding & { seed: number } }>();
  let comparisons = 0;
  try {
    for (let from = seed; from < seed + count; from += together) {
      const seeds = Array.from({ length: Math.min(together, seed + count - from) }, (_, i) => from + i);
      for (const finding of (await Promise.all(seeds.map((each) => examine(each, reader)))).flat()) {
        comparisons++;
        if (isDifference(finding)) differences.push(finding);
        for (const [name, said] of Object.entries(finding.readers)) {
          if (said === finding.meant) continue;
          const key = `${name}: ${finding.what}`;
          const known = alone.get(key);
          if (known) known.count++;
          else alone.set(key, { count: 1, first: finding });
        }
      }
    }
  } finally {
    await reader?.close();
  }
  return { documents: count, comparisons, differences, alone };
}

async function examine(seed: number, reader: PythonReader | undefined): Promise<(Finding & { seed: number })[]> {
  const generated = generate(new Random(seed));
  const files = memoryFiles(
    Object.fromEntries(Object.entries(generated.files).map(([name, octets]) => [`/docs/${name}`, octets])),
  );
  const { document } = parseDocument(generated.draft.documentText);
  const { message, problems } = await buildMessage(draftOf(document).draft, {
    seed: `oracle ${seed}`,
    clock: fixedClock,
    files,
    documentPath: '/docs/mail.eml',
  });
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (!message || errors.length > 0) throw new Error(`seed ${seed}: ${JSON.stringify(errors)}`);
  return (await compare(generated, message, reader)).map((finding) => ({ ...finding, seed }));
}
