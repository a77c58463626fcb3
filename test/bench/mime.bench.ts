// `npm run bench -- mime`, or `node test/bench/mime.bench.ts [rounds]`: the MIME builder against nodemailer's MailComposer, Python's email and a bare loop, in one run. Medians.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeFiles } from '../../src/base/node-files.ts';
import { draftOf } from '../../src/document/draft-of.ts';
import { parseDocument } from '../../src/document/parse.ts';
import { type BuildOptions, buildMessage } from '../../src/mime/build.ts';
import { findPython } from '../oracles/python.ts';
import { fixedClock } from '../support/fixed-clock.ts';
import { coldStart, durations, largeDocument, parseAndCheck } from './parsing.ts';

const MailComposer = createRequire(import.meta.url)('nodemailer/lib/mail-composer') as new (
  mail: object,
) => {
  compile(): {
    build(callback: (error: Error | null, message: Buffer) => void): void;
    createReadStream(): NodeJS.ReadableStream;
  };
};

const rounds = Number(process.argv[2] ?? 5);
const folder = await mkdtemp(join(tmpdir(), 'mailbench-bench-'));
const megabytes = 100;
const paragraph = 'The quick brown fox jumps over the lazy dog; the figures of this quarter are in the table below.\n';
const text = paragraph.repeat(9);
const html = `<!DOCTYPE html><html><body>${'<p>The quick brown fox, café and naïve résumé.</p>\n'.repeat(200)}<img src="cid:picture1"><img src="cid:picture2"></body></html>\n`;
const picture = randomBytes(10_000);
await writeFile(join(folder, 'picture1.png'), picture);
await writeFile(join(folder, 'picture2.png'), picture);
await writeFile(join(folder, 'large.bin'), randomBytes(megabytes * 1024 * 1024));

const header = `From: Ann Example <ann@a.example>
To: Bob Example <bob@b.example>
Subject: Quarterly figures
Date: Tue, 3 Mar 2026 15:00:00 +0100
Message-ID: <1@a.example>

`;
const documents = {
  small: `${header}${text}`,
  typical: `${header}${text}<#part type=text/html>\n${html}<#inline ./picture1.png id=picture1>\n<#inline ./picture2.png id=picture2>\n<#/part>\n`,
  large: `${header}${text}<#attach ./large.bin>\n`,
};
const options: BuildOptions = {
  seed: 'bench',
  clock: fixedClock,
  files: nodeFiles,
  documentPath: join(folder, 'mail.eml'),
};
const draftFor = (document: string) => draftOf(parseDocument(document).document).draft;
const drafts = {
  small: draftFor(documents.small),
  typical: draftFor(documents.typical),
  large: draftFor(documents.large),
};

const mail = {
  from: 'Ann Example <ann@a.example>',
  to: 'Bob Example <bob@b.example>',
  subject: 'Quarterly figures',
  date: new Date(fixedClock.now()),
  messageId: '<1@a.example>',
  text,
};
const attachments = [1, 2].map((number) => ({
  filename: `picture${number}.png`,
  path: join(folder, `picture${number}.png`),
  cid: `picture${number}`,
}));

async function rate(build: () => Promise<unknown>, milliseconds = 400): Promise<number> {
  for (let i = 0; i < 20; i++) await build();
  const start = performance.now();
  let count = 0;
  while (performance.now() - start < milliseconds) {
    await build();
    count++;
  }
  return (count * 1000) / (performance.now() - start);
}

const composed = (what: object): Promise<Buffer> =>
  new Promise((resolve, reject) =>
    new MailComposer(what).compile().build((error, message) => (error ? reject(error) : resolve(message))),
  );

/** Octets into nothing, as a socket would take them: one write after the other. */
async function drain(chunks: AsyncIterable<Uint8Array>): Promise<number> {
  const sink = await open('/dev/null', 'w');
  const start = performance.now();
  for await (const chunk of chunks) await sink.write(chunk);
  const took = performance.now() - start;
  await sink.close();
  return took;
}

/** Read, base64, write: no lines, no message; the least that anybody could do. */
async function* bareLoop(): AsyncGenerator<Uint8Array> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(join(folder, 'large.bin'), { highWaterMark: 256 * 1024 })) {
    const octets = rest.length > 0 ? Buffer.concat([rest, chunk as Buffer]) : (chunk as Buffer);
    const whole = octets.length - (octets.length % 57);
    rest = octets.subarray(whole);
    yield Buffer.from(octets.toString('base64', 0, whole), 'latin1');
  }
}

type Row = Record<string, number>;
const samples: Record<string, Row[]> = { small: [], typical: [], large: [], parse: [] };
const python = findPython();
/** One round of Python's, between ours, so that whatever else the machine does troubles all alike. */
const pythonRound = (): Row | undefined =>
  python === undefined
    ? undefined
    : (JSON.parse(
        execFileSync(python, [
          join(import.meta.dirname, 'mime.py'),
          text,
          html,
          join(folder, 'picture1.png'),
          join(folder, 'large.bin'),
          '1',
        ]).toString(),
      ) as Row);
for (let round = 0; round < rounds; round++) {
  const py = pythonRound();
  samples.small!.push({
    mailbench: await rate(() => buildMessage(drafts.small, options)),
    'mailbench from text': await rate(() => buildMessage(draftFor(documents.small), options)),
    nodemailer: await rate(() => composed(mail)),
    ...(py ? { python: py.small! } : {}),
  });
  samples.typical!.push({
    mailbench: await rate(() => buildMessage(drafts.typical, options)),
    nodemailer: await rate(() => composed({ ...mail, html, attachments })),
    ...(py ? { python: py.typical! } : {}),
  });
  const start = performance.now();
  const { message } = await buildMessage(drafts.large, options);
  const built = performance.now() - start;
  const large = { filename: 'large.bin', path: join(folder, 'large.bin') };
  samples.large!.push({
    mailbench: 1000 / (built + (await drain(message!.read()))),
    'bare loop': 1000 / (await drain(bareLoop())),
    nodemailer:
      1000 /
      (await drain(
        new MailComposer({ ...mail, attachments: [large] })
          .compile()
          .createReadStream() as unknown as AsyncIterable<Buffer>,
      )),
    ...(py ? { python: 1 / py.large! } : {}),
  });
  samples.parse!.push({
    'small, parsed': await rate(async () => parseDocument(documents.small), 200),
    'small, and checked': await rate(async () => parseAndCheck(documents.small), 200),
    'typical, parsed': await rate(async () => parseDocument(documents.typical), 200),
    'typical, and checked': await rate(async () => parseAndCheck(documents.typical), 200),
  });
}
await rm(folder, { recursive: true });

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;
const units: Record<string, string> = {
  small: 'messages/s',
  typical: 'messages/s',
  large: `× ${megabytes} MB/s`,
  parse: 'documents/s',
};
for (const [name, rows] of Object.entries(samples)) {
  console.log(`${name} (${units[name]}, median of ${rounds})`);
  const ours = median(rows.map((row) => row.mailbench ?? 0));
  for (const key of Object.keys(rows[0]!)) {
    const value = median(rows.map((row) => row[key]!));
    const ratio = ours > 0 && !key.startsWith('mailbench') ? `   mailbench is ${(ours / value).toFixed(2)}x` : '';
    console.log(`  ${key.padEnd(20)} ${value.toFixed(value < 100 ? 2 : 0).padStart(9)}${ratio}`);
  }
}
const large = largeDocument();
durations(() => parseAndCheck(large), 20);
const warm = durations(() => parseAndCheck(large), 60);
const cold = Array.from({ length: rounds }, coldStart);
const milliseconds = (value: number): string => `${value.toFixed(2)} ms`;
console.log(`one document of ${(large.length / 1024 / 1024).toFixed(2)} MB, parsed and checked (reach: 16 ms)`);
console.log(`  median ${milliseconds(median(warm))}, 95% ${milliseconds(warm[Math.floor(warm.length * 0.95)]!)}`);
console.log(`the first time in a process (median of ${rounds})`);
console.log(`  loading the parser ${milliseconds(median(cold.map(({ load }) => load)))}`);
console.log(`  a small document ${milliseconds(median(cold.map(({ first }) => first)))}`);
console.log(`  a megabyte ${milliseconds(median(cold.map((each) => each.large)))}`);
if (!python) console.log('No Python was found: its email is not compared.');
