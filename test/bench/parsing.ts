import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { checkDocument } from '../../src/document/check.ts';
import { parseDocument } from '../../src/document/parse.ts';

/** What the editor does at a keystroke. Answers how many problems there are, so that nothing of it can be left out. */
export function parseAndCheck(text: string): number {
  const { document, problems } = parseDocument(text);
  return problems.length + checkDocument(document).length;
}

/** A document of about a megabyte: a long header, texts, HTML, and every so often a directive, an escape, a note. */
export function largeDocument(): string {
  const addresses = Array.from({ length: 500 }, (_, i) => `"Doe, Jo ${i}" <jo.${i}@sub${i % 9}.example>`).join(',\n ');
  const section = (i: number): string =>
    `${'The quick brown fox, café, jumps over {{animal}} and the rest of them.\n'.repeat(20)}<#part type=text/html>\n` +
    `${`<p class="a">Row ${i} of <b>many</b>: {{value}} <a href="https://x.example/?a=1&amp;b=2">link</a></p>\n`.repeat(20)}` +
    `<#!attach escaped>\n<#-- a note -->\n<#/part>\n<#attach "./out/file ${i}.pdf" name="Übersicht ${i}.pdf" type=application/pdf>\n`;
  let text = `From: Ann Zoë <ann@exämple.com>\nTo: ${addresses}\nSubject: Quarterly figures\n\n`;
  for (let i = 0; text.length < 1024 * 1024; i++) text += section(i);
  return text;
}

/** Milliseconds of each of `times` runs, sorted. */
export function durations(run: () => unknown, times: number): number[] {
  const taken: number[] = [];
  for (let i = 0; i < times; i++) {
    const start = performance.now();
    run();
    taken.push(performance.now() - start);
  }
  return taken.sort((a, b) => a - b);
}

/** The very first time, in a process of its own: milliseconds to load the parser, to parse a small document, and a megabyte. */
export function coldStart(): { load: number; first: number; large: number } {
  const script = `
    const start = performance.now();
    const { parseAndCheck, largeDocument } = await import(${JSON.stringify(fileURLToPath(import.meta.url))});
    const loaded = performance.now();
    parseAndCheck('From: a@a.example\\nTo: b@b.example\\nSubject: s\\n\\nHi\\n<#attach ./a.pdf>\\n');
    const first = performance.now();
    const text = largeDocument();
    const before = performance.now();
    parseAndCheck(text);
    console.log(JSON.stringify({ load: loaded - start, first: first - loaded, large: performance.now() - before }));`;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '--eval', script]).toString());
}
