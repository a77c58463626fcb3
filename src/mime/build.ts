import { isUtf8 } from 'node:buffer';
import type { Clock, FileAccess } from '../base/ports.ts';
import { Turns } from '../base/steps.ts';
import type { Draft, DraftField } from '../document/draft.ts';
import { assembleSteps, type LoadedHtml, type LoadedHtmls } from './assemble.ts';
import { Boundaries, boundaryPrefix } from './boundary.ts';
import type { BuiltField, BuiltMessage } from './built.ts';
import { charsetOf, loadedCharset, utf8 } from './charset.ts';
import { type Convert, convertHere } from './convert.ts';
import { formatDate, parseDate } from './date.ts';
import { signMessage } from './dkim.ts';
import { FilePlaces, fileProblem } from './file-places.ts';
import { fieldSteps, writeField } from './header.ts';
import { Layout } from './layout.ts';
import { isContentField } from './leading.ts';
import { textOf } from './mapped.ts';
import { joinPieces, messageOf, readWhole, wholeLimit } from './message.ts';
import { messageIdFor } from './message-id.ts';
import { type LeafPart, type Part, partsOf } from './part.ts';
import { joinPath } from './paths.ts';
import { type PrepareContext, type PreparedLeaf, prepareLeaf } from './prepare.ts';
import type { MimeProblem } from './problems.ts';
import { buildSettings } from './settings.ts';
import { isSourceFailure } from './source-failure.ts';

/**
 * Hands out private keys for DKIM: PEM text, or undefined where there is none for that selector and domain. The domain is in
 * A-labels. A rejection is told as a problem.
 */
export interface DkimKeys {
  key(selector: string, domain: string): Promise<string | undefined>;
}

export interface BuildOptions {
  /** Message-ID, boundaries and cids come from it: the same seed, clock and files give the same bytes. */
  readonly seed: string;
  readonly clock: Clock;
  readonly files: FileAccess;
  /** Absolute; undefined for a document that was never saved. */
  readonly documentPath?: string;
  /** Absolute: no file outside of it is read. The document's folder by default. */
  readonly workspaceRoot?: string;
  /** The instant of the Date field where the document has none, in milliseconds since the epoch; by default the clock's. */
  readonly date?: number;
  /** The Message-ID where the document has none, without angle brackets; by default `messageIdFor` the seed and From. */
  readonly messageId?: string;
  /** The text of the document, for fixes that move text. */
  readonly documentText?: string;
  /** Private keys for `@dkim`. */
  readonly dkimKeys?: DkimKeys;
  /** Puts template values into the text of a part's file (`<#part src>`); by default it stays as it is. */
  readonly renderFile?: (
    text: string,
    context: 'text' | 'html' | 'markdown',
    part: LeafPart,
  ) => string | Promise<string>;
  /** By default, in this thread. */
  readonly convert?: Convert;
  /** How long it may go on without a pause; by default, for as long as it takes. */
  readonly turns?: Turns;
  readonly signal?: AbortSignal;
}

export interface BuildResult {
  /** There even beside errors, as far as it could be built, for the preview. Nothing with an error is to be sent. */
  readonly message?: BuiltMessage;
  readonly problems: readonly MimeProblem[];
}

/** Builds the message of a composed document. Rejects only where `signal` aborts: what is wrong with the document or its files is told. */
export async function buildMessage(draft: Draft, options: BuildOptions): Promise<BuildResult> {
  const { files, seed, signal } = options;
  const turns = options.turns ?? new Turns(options.clock, undefined);
  const problems: MimeProblem[] = [];
  const settings = buildSettings(draft, []);
  const places = new FilePlaces(files, options.documentPath, options.workspaceRoot);
  const texts = new Map<number, string>();
  const assembling = { seed, ...(options.documentText === undefined ? {} : { documentText: options.documentText }) };
  let assembled = await turns.run(assembleSteps(draft, assembling));
  const html = await loadTexts(assembled.tree.root, options, places, texts, problems, turns);
  if (html.size > 0) assembled = await turns.run(assembleSteps(draft, { ...assembling, html }));
  const { tree } = assembled;
  problems.unshift(...assembled.problems);
  const context: PrepareContext = {
    files,
    places,
    settings,
    problems,
    texts,
    html,
    convert: options.convert ?? convertHere,
    turns,
    ...(signal ? { signal } : {}),
  };

  const prepared = new Map<LeafPart, PreparedLeaf>();
  const waiting: Promise<unknown>[] = [];
  for (const part of partsOf(tree.root)) {
    if (part.kind !== 'leaf') continue;
    const made = prepareLeaf(part, context);
    if (made instanceof Promise) {
      const set = made.then((leaf) => prepared.set(part, leaf));
      // It may reject in a pause, before all are waited for.
      set.catch(() => undefined);
      waiting.push(set);
    } else prepared.set(part, await turns.run(made));
    if (turns.over) await turns.pause();
  }
  if (waiting.length > 0) await Promise.all(waiting);
  signal?.throwIfAborted();
  await turns.pause();

  const headerCharset =
    tree.charset === undefined ? utf8 : (loadedCharset(tree.charset) ?? (await charsetOf(tree.charset)) ?? utf8);
  const taken = (boundary: string): boolean => occurs(boundary, prepared);
  const given = settings.boundary;
  if (given && tree.root.kind === 'multipart' && taken(given.value))
    problems.push({
      code: 'boundary-in-content',
      severity: 'error',
      range: given.setting.value.range,
      boundary: given.value,
    });
  const boundaries = new Boundaries(seed, given?.value, taken);

  const layout = new Layout(prepared, boundaries, headerCharset, problems);
  const fields: BuiltField[] = [];
  const put = (name: string, text: string, range?: DraftField['range']): void => {
    if (text === '') return;
    const start = layout.size;
    layout.write(text);
    fields.push({ name, start, end: layout.size, ...(range ? { range } : {}) });
  };
  const named = new Map<string, DraftField>();
  for (const field of draft.fields) {
    const lower = field.name.toLowerCase();
    if (!named.has(lower)) named.set(lower, field);
    // RFC 5322 section 3.6.3: blind copies are written nowhere.
    if (lower === 'bcc' || lower === 'resent-bcc' || lower === 'mime-version' || isContentField(lower)) continue;
    put(field.name, await turns.run(fieldSteps(field, headerCharset, problems)), field.range);
    if (turns.over) await turns.pause();
  }
  if (!named.has('date')) put('Date', dateField(draft, options, settings.date, problems), settings.date?.range);
  const messageId = messageIdOf(draft, options, named);
  if (!named.has('message-id')) {
    const value = {
      text: `<${messageId}>`,
      segments: [],
      range: settings.messageId?.value.range ?? { start: 0, end: 0 },
    };
    const field = { name: 'Message-ID', value, range: value.range };
    put('Message-ID', writeField(field, headerCharset, problems), settings.messageId?.range);
  }
  put('MIME-Version', 'MIME-Version: 1.0\r\n');
  const root = await turns.run(layout.part(tree.root, 0, true));
  layout.flush();

  const facts = {
    size: layout.size,
    transparency: layout.transparency,
    utf8Header: layout.utf8Header,
    root,
    fields,
    messageId,
  };
  let pieces = await turns.run(joinPieces(layout.pieces, layout.utf8Header));
  if (layout.size <= wholeLimit && (pieces.length > 1 || !(pieces[0] instanceof Uint8Array))) {
    try {
      pieces = [await readWhole(pieces, layout.size, files)];
    } catch (error) {
      if (!isSourceFailure(error)) throw error;
      problems.push({
        code: 'file-changed',
        severity: 'error',
        range: rangeOfFile(prepared, error.path),
        path: error.path,
      });
      return { problems: inOrder(problems) };
    }
  }
  const message = messageOf(facts, pieces, files);
  if (!settings.dkim || settings.encoding !== '7bit') return { message, problems: inOrder(problems) };
  const signed = await signMessage(message, pieces, settings.dkim, options, problems);
  return { message: signed, problems: inOrder(problems) };
}

/** By place: files are looked at side by side, and the order in which they answer is chance. */
function inOrder(problems: MimeProblem[]): readonly MimeProblem[] {
  return problems.length < 2
    ? problems
    : problems.sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end || (a.code < b.code ? -1 : 1));
}

function rangeOfFile(prepared: ReadonlyMap<LeafPart, PreparedLeaf>, path: string): MimeProblem['range'] {
  for (const part of prepared.keys())
    if (part.content.from === 'file' && part.content.path === path) return part.content.range;
  return { start: 0, end: 0 };
}

function occurs(boundary: string, prepared: ReadonlyMap<LeafPart, PreparedLeaf>): boolean {
  for (const { body, encoding, dashLines } of prepared.values()) {
    if (dashLines) {
      for (const line of dashLines) if (line.startsWith(boundary)) return true;
    } else if (body instanceof Uint8Array && (encoding !== 'base64' || !boundary.startsWith(boundaryPrefix))) {
      // Anywhere is as good as at the start of a line: there is no lack of boundaries.
      if (Buffer.from(body.buffer, body.byteOffset, body.length).includes(`--${boundary}`)) return true;
    }
  }
  return false;
}

function dateField(
  draft: Draft,
  options: BuildOptions,
  setting: Draft['settings'][number] | undefined,
  problems: MimeProblem[],
): string {
  void draft;
  if (setting) {
    const parsed = parseDate(setting.value.text);
    if (parsed) {
      const offset = parsed.offset ?? options.clock.offsetMinutes(parsed.epochMs);
      // A time without a zone is the author's own.
      const epoch = parsed.offset === undefined ? parsed.epochMs - offset * 60_000 : parsed.epochMs;
      return `Date: ${formatDate(epoch, offset)}\r\n`;
    }
    problems.push({
      code: 'setting-value-invalid',
      severity: 'error',
      range: setting.value.range,
      name: 'date',
      value: setting.value.text,
      expected: ['Tue, 3 Mar 2026 14:00:00 +0100', '2026-03-03T14:00:00+01:00'],
    });
  }
  const now = options.date ?? options.clock.now();
  return `Date: ${formatDate(now, options.clock.offsetMinutes(now))}\r\n`;
}

/** By field, setting, option or seed, in this order; without angle brackets. */
function messageIdOf(draft: Draft, options: BuildOptions, named: ReadonlyMap<string, DraftField>): string {
  const setting = draft.settings.find((candidate) => candidate.name === 'message-id');
  const written = named.get('message-id')?.value.text ?? setting?.value.text;
  if (written !== undefined) return written.trim().replace(/^<|>$/g, '');
  return options.messageId ?? messageIdFor(options.seed, named.get('from')?.value.text);
}

/** Reads the texts of `<#part src>` and makes HTML of Markdown, so that what they show is known when parts are put together. */
async function loadTexts(
  root: Part,
  options: BuildOptions,
  places: FilePlaces,
  texts: Map<number, string>,
  problems: MimeProblem[],
  turns: Turns,
): Promise<LoadedHtmls> {
  const html = new Map<number, LoadedHtml>();
  for (const part of partsOf(root)) {
    if (part.kind !== 'leaf') continue;
    if (turns.over) await turns.pause();
    const { content } = part;
    let text: string | undefined;
    if (content.from === 'text-file') {
      text = await loadText(content.path, content.range, options, places, problems);
      if (text === undefined) continue;
      if (options.renderFile) {
        const markup = part.mediaType === 'text/html' ? 'html' : 'text';
        text = await options.renderFile(text, part.convert === 'markdown' ? 'markdown' : markup, part);
      }
      texts.set(part.headRange.start, text);
    } else if (content.from === 'text' && part.convert === 'markdown') text = textOf(content.pieces);
    if (text === undefined || part.mediaType !== 'text/html') continue;
    if (part.convert === 'markdown') {
      const made = await (options.convert ?? convertHere)('markdown', text);
      const range = part.headRange;
      for (const { reason } of made.faults) problems.push({ code: 'markdown', severity: 'error', range, reason });
      text = made.text;
    }
    html.set(part.headRange.start, {
      html: text,
      ...(content.from === 'text-file' ? { file: joinPath('', content.path) } : {}),
    });
  }
  return html;
}

async function loadText(
  path: string,
  range: MimeProblem['range'],
  options: BuildOptions,
  places: FilePlaces,
  problems: MimeProblem[],
): Promise<string | undefined> {
  const file = await places.place(path, range, problems);
  if (!file) return undefined;
  try {
    const octets = await options.files.read(file.absolute);
    const text = Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('utf8');
    if (!isUtf8(octets))
      problems.push({ code: 'file-not-utf8', severity: 'error', range, path, offset: firstFault(text, octets) });
    return text.startsWith('\ufeff') ? text.slice(1) : text;
  } catch (error) {
    problems.push(fileProblem(error, path, range));
    return undefined;
  }
}

/** The octet at which a text stops being UTF-8: where decoding put a replacement that was not there. */
function firstFault(text: string, octets: Uint8Array): number {
  for (let at = text.indexOf('\ufffd'); at >= 0; at = text.indexOf('\ufffd', at + 1)) {
    const offset = Buffer.byteLength(text.slice(0, at));
    if (octets[offset] !== 0xef || octets[offset + 1] !== 0xbf || octets[offset + 2] !== 0xbd) return offset;
  }
  return octets.length;
}
