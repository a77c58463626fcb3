// `node test/oracles/main.ts [documents] [seed]`, VERBOSE=1 to see all: what independent readers make of documents built at random.
import { compareCharsets } from './charsets.ts';
import { findPython } from './python.ts';
import { compareRecipients } from './recipients.ts';
import { runOracles } from './run.ts';

const count = Number(process.argv[2] ?? 10_000);
const seed = Number(process.argv[3] ?? 1);
const python = findPython();
if (python === undefined) {
  console.error(
    'No Python 3.8 or newer is to be found (python3, python): its email package is one of the readers that this run is about.',
  );
  process.exit(1);
}
const result = await runOracles(count, python, seed);
console.log(
  `${result.documents} documents from seed ${seed} on, ${result.comparisons} comparisons, readers: Python email, postal-mime, mailparser`,
);
for (const [key, { count: times, first }] of result.alone) {
  console.log(`  ${key}: ${times} of ${result.documents} differ (first: seed ${first.seed})`);
  if (process.env.VERBOSE) console.log(`    meant ${first.meant}\n    ${JSON.stringify(first.readers, null, 1)}`);
}
for (const { seed: at, what, meant, readers } of result.differences)
  console.error(`DIFFERENCE seed ${at}, ${what}:\n  meant ${meant}\n  ${JSON.stringify(readers, null, 1)}`);
console.log(`${result.differences.length} differences on which two readers agree`);
const charsets = await compareCharsets(python);
for (const difference of charsets.differences) console.error(`DIFFERENCE ${difference}`);
console.log(`${charsets.compared} characters held against Python's codecs, ${charsets.differences.length} differences`);
const recipients = await compareRecipients(count, python, seed);
for (const difference of recipients.differences) console.error(`DIFFERENCE ${difference}`);
console.log(
  `${recipients.taken} of ${count} fields of recipients taken, ${recipients.differences.length} differences from the envelope`,
);
const failures = result.differences.length + charsets.differences.length + recipients.differences.length;
process.exit(failures === 0 ? 0 : 1);
