import PostalMime from 'postal-mime';
import { checkDraft } from '../../src/document/check.ts';
import { draftOf } from '../../src/document/draft-of.ts';
import { envelopeOf } from '../../src/document/envelope.ts';
import { parseDocument } from '../../src/document/parse.ts';
import { buildMessage } from '../../src/mime/build.ts';
import { fixedClock } from '../support/fixed-clock.ts';
import { memoryFiles } from '../support/memory-files.ts';
import { PythonReader } from './python.ts';
import { Random } from './random.ts';

/** Pieces of addresses, lawful and not, that readers are known to quarrel about. */
const pieces = [
  'a', 'b@c.example', '<d@e.example>', '"q, x"', '"a@gmail.com x"@in.example', '(comment)', '(c, x@evil.example)', ',', ',', ',', ';', ':', ' ', '\t',
  'Team:', '"\\"z"', '=?utf-8?q?x=40y?=', '=?utf-8?q?=22?=', 'ü', '小王', 'x@[127.0.0.1]', '.', '@', '<', '>', '\\', '"', '[', ']', "o'n@x.example",
  'exämple.com', 'u@exämple.com', '"a b"@x.example', 'undisclosed:;', 'a.b@x.example', '"a..b"@x.example', 'Dr. X <x@y.example>', '"ü" <k@l.example>',
  '<"x y"@z.example>', 'user@good.example(x)evil.example', '"="@h.example', '\u200b', '\u00a0', '，', '<@r.example:s@t.example>', 'G: a@a.example, H: b@b.example;;',
]; // biome-ignore format: a list of pieces

export interface RecipientsResult {
  /** Fields that were taken, of those that were made. */
  readonly taken: number;
  /** Where those that a reader writes to are not those that the server is told of. */
  readonly differences: readonly string[];
}

/** Builds messages to `count` recipients' fields at random and holds the envelope against whom others read in the header. */
export async function compareRecipients(
  count: number,
  python: string | undefined,
  seed = 1,
): Promise<RecipientsResult> {
  const reader = python === undefined ? undefined : new PythonReader(python);
  const differences: string[] = [];
  let taken = 0;
  try {
    for (let i = 0; i < count; i++) {
      const random = new Random(seed + i);
      const to = Array.from({ length: 1 + random.below(6) }, () => random.pick(pieces)).join(
        random.pick(['', '', ' ']),
      );
      const { document, problems } = parseDocument(`From: f@f.example\nTo: ${to}\nSubject: s\n\nx\n`);
      const { draft, problems: drafted } = draftOf(document);
      const { envelope, problems: addressed } = envelopeOf(draft);
      const built = await buildMessage(draft, { seed: 's', clock: fixedClock, files: memoryFiles({}) });
      const all = [...problems, ...drafted, ...checkDraft(draft), ...addressed, ...built.problems];
      if (!envelope || all.some(({ severity }) => severity === 'error')) continue;
      taken++;
      const octets = built.message!.whole!;
      const postal = ((await PostalMime.parse(octets)).to ?? []).flatMap((each) => each.group ?? [each]);
      const found: Record<string, readonly string[]> = { 'postal-mime': postal.map(({ address }) => address ?? '') };
      const read = await reader?.read(octets, '');
      if (read) found.python = read.error ? [read.error] : read.to.map(([, address]) => address);
      const meant = listed(envelope.recipients);
      for (const [name, addresses] of Object.entries(found))
        if (listed(addresses) !== meant)
          differences.push(`${JSON.stringify(to)}: the envelope has ${meant}, ${name} reads ${listed(addresses)}`);
    }
  } finally {
    await reader?.close();
  }
  return { taken, differences };
}

/** Each once, quotes apart: readers take them off where they tell of an address. */
function listed(addresses: readonly string[]): string {
  return [
    ...new Set(addresses.map((address) => address.replace(/^"((?:[^"\\]|\\.)*)"@/, '$1@').replace(/\\(.)/g, '$1'))),
  ]
    .sort()
    .join(' ');
}
