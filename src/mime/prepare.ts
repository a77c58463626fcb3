import { isUtf8 } from 'node:buffer';
import type { FileAccess } from '../base/ports.ts';
import type { Range } from '../base/problem.ts';
import type { Steps, Turns } from '../base/steps.ts';
import type { LoadedHtmls } from './assemble.ts';
import { calendarFacts } from './calendar.ts';
import { type Charset, utf8 } from './charset.ts';
import { type Convert, convertMarkup } from './convert.ts';
import { type FilePlaces, fileProblem, type PlacedFile } from './file-places.ts';
import { textOf } from './mapped.ts';
import { isMessageType, isTextType } from './media-type.ts';
import type { FileContent, LeafPart, TransferEncoding } from './part.ts';
import { base64Piece, type Piece, pieceSize } from './pieces.ts';
import type { MimeProblem } from './problems.ts';
import { beginsAsMessage, scanFile } from './scan.ts';
import type { BuildSettings } from './settings.ts';
import { applyEdits, charsetFor, checkedCharsetFor, textOctetSteps, withReferences } from './text-content.ts';
import { encodeAs, encodeTextSteps, shapeOf, type Unfit, unfitFor } from './transfer.ts';

/** A leaf ready to be put into a message. */
export interface PreparedLeaf {
  readonly mediaType: string;
  readonly encoding: TransferEncoding;
  readonly charset?: string;
  readonly method?: string;
  readonly flowed: boolean;
  readonly body: Piece;
  readonly size: number;
  /** Lines of unencoded content that a boundary must not begin like; undefined where the octets are there to be searched. */
  readonly dashLines?: ReadonlySet<string>;
}

/** Files up to this size are read whole where something in them has to be looked at. */
const smallFile = 2 * 1024 * 1024;
/** Characters of a text that takes some milliseconds. */
const long = 256 * 1024;

export interface PrepareContext {
  readonly files: FileAccess;
  readonly places: FilePlaces;
  readonly settings: BuildSettings;
  readonly problems: MimeProblem[];
  /** Texts of files that are parts, by `headRange.start` of the part; none where loading failed. */
  readonly texts: ReadonlyMap<number, string>;
  /** HTML made of Markdown, or read. */
  readonly html: LoadedHtmls;
  readonly convert: Convert;
  readonly turns: Turns;
  readonly signal?: AbortSignal;
}

/** The text of a leaf as a reader will see it, conversions done: for itself, and for the text made of it. */
async function finalText(part: LeafPart, context: PrepareContext): Promise<string> {
  const { content } = part;
  if (content.from === 'derived') {
    const { source } = content;
    if (content.how === 'source-of-markdown') return sourceText(source, context);
    const { text, faults } = await context.convert('plain', await finalText(source, context));
    const range = source.headRange;
    for (const { reason } of faults) context.problems.push({ code: 'text-auto', severity: 'error', range, reason });
    return text;
  }
  if (content.from === 'file') return '';
  const source = sourceText(part, context);
  // A file that is not there is told of once.
  if (isUnread(part, context)) return '';
  const html = part.mediaType === 'text/html';
  if (part.convert === undefined && !(html && context.settings.cssInline)) return applyEdits(source, content.edits);
  // What Markdown came to has been made already, and its edits count in that.
  const loaded = part.convert === 'markdown' ? context.html.get(part.headRange.start)?.html : source;
  const { settings, problems, convert } = context;
  return convertMarkup(part, applyEdits(loaded ?? source, content.edits), settings.cssInline, problems, convert);
}

function sourceText(part: LeafPart, context: PrepareContext): string {
  const { content } = part;
  if (content.from === 'text') return textOf(content.pieces);
  return content.from === 'text-file' ? (context.texts.get(part.headRange.start) ?? '') : '';
}

function isUnread({ content, headRange }: LeafPart, { texts }: PrepareContext): boolean {
  return content.from === 'text-file' && !texts.has(headRange.start);
}

/**
 * A promise, where it has to be waited for; what is typed or was read as it stands, in a charset that is at hand, is prepared in parts:
 * thousands of promises would all go on in one turn.
 */
export function prepareLeaf(part: LeafPart, context: PrepareContext): Steps<PreparedLeaf> | Promise<PreparedLeaf> {
  const { content } = part;
  if (content.from === 'file') return prepareFile(part, content, context);
  const charset = charsetFor(part);
  if (
    (content.from === 'text' || content.from === 'text-file') &&
    part.convert === undefined &&
    !(charset instanceof Promise) &&
    !(context.settings.cssInline && part.mediaType === 'text/html')
  )
    return prepareTyped(
      part,
      charset,
      isUnread(part, context) ? '' : applyEdits(sourceText(part, context), content.edits),
      context,
    );
  return prepareLater(part, charset, context);
}

async function prepareLater(
  part: LeafPart,
  charset: Charset | Promise<Charset>,
  context: PrepareContext,
): Promise<PreparedLeaf> {
  const text = await finalText(part, context);
  return context.turns.run(prepareTyped(part, await charset, text, context));
}

function* prepareTyped(part: LeafPart, declared: Charset, text: string, context: PrepareContext): Steps<PreparedLeaf> {
  const { problems, settings } = context;
  const { content } = part;
  let charset = declared;
  let body = text;
  if (content.from === 'derived') {
    if (!charset.covers(text)) charset = utf8;
  } else {
    const pieces = content.from === 'text' ? content.pieces : undefined;
    charset = checkedCharsetFor(part, charset, sourceText(part, context), pieces, problems);
    // What a conversion adds is HTML, where every character has another spelling.
    if (part.convert !== undefined || settings.cssInline) body = withReferences(text, charset);
  }
  if (text.length > long) yield;
  const octets = yield* textOctetSteps(body, charset, part.flowed === true);
  if (text.length > long) yield;
  const asked = part.encoding;
  const method = part.mediaType === 'text/calendar' ? calendarMethod(part, text, problems) : part.method;
  const common = {
    mediaType: part.mediaType,
    flowed: part.flowed === true,
    ...(part.charset === undefined ? {} : { charset: charset.name }),
    ...(method === undefined ? {} : { method }),
  };
  if (isMessageType(part.mediaType)) {
    const shape = shapeOf(octets);
    const encoding = shape.eightBit && settings.encoding !== '7bit' ? '8bit' : '7bit';
    const unfit = unfitFor(encoding, shape);
    if (unfit) problems.push(encodingUnfit(part.headRange, encoding, unfit));
    return { ...common, encoding, body: octets, size: octets.length };
  }
  const encoded = asked
    ? encodeAs(octets, asked, true)
    : yield* encodeTextSteps(octets, settings.encoding, part.flowed === true);
  if (encoded.unfit && asked) problems.push(encodingUnfit(part.encodingRange ?? part.headRange, asked, encoded.unfit));
  return { ...common, encoding: encoded.encoding, body: encoded.octets, size: encoded.octets.length };
}

/** What can't travel as it was asked to. */
function encodingUnfit(range: Range, encoding: string, reason: Unfit): MimeProblem {
  return { code: 'encoding-unfit', severity: 'error', range, encoding, reason };
}

/** `method` has to be the calendar's own (RFC 6047 section 2.4); left out, it is taken from there. */
function calendarMethod(part: LeafPart, text: string, problems: MimeProblem[]): string | undefined {
  const facts = calendarFacts(text);
  if (!facts.isCalendar) {
    if (text.trim() !== '') problems.push({ code: 'not-a-calendar', severity: 'warning', range: part.headRange });
    return part.method;
  }
  if (part.method === undefined) return facts.method;
  if (part.method !== facts.method)
    problems.push({
      code: 'calendar-method',
      severity: 'error',
      range: part.methodRange ?? part.headRange,
      method: part.method,
      ...(facts.method === undefined ? {} : { found: facts.method }),
    });
  return part.method;
}

const empty = Buffer.alloc(0);

async function prepareFile(part: LeafPart, content: FileContent, context: PrepareContext): Promise<PreparedLeaf> {
  const { files, places, problems, settings, signal } = context;
  const file = await places.place(content.path, content.range, problems);
  const common = {
    mediaType: part.mediaType,
    flowed: false,
    ...(part.charset === undefined ? {} : { charset: part.charset }),
    ...(part.method === undefined ? {} : { method: part.method }),
  };
  if (!file) return { ...common, encoding: isMessageType(part.mediaType) ? '7bit' : 'base64', body: empty, size: 0 };
  try {
    if (isMessageType(part.mediaType)) return await prepareMessage(part, file, content, context);
    const asked = part.encoding;
    if (asked === '8bit' || asked === 'binary' || (asked === undefined && settings.encoding === 'binary')) {
      const shape = await scanFile(file, files, signal);
      const unfit = asked === '8bit' ? unfitFor('8bit', shape) : undefined;
      if (unfit === undefined) {
        const body: Piece = { file, form: 'raw', size: file.stat.size, endsLine: shape.endsLine };
        return { ...common, encoding: asked ?? 'binary', body, size: body.size, dashLines: shape.dashLines };
      }
      problems.push(encodingUnfit(part.encodingRange ?? content.range, '8bit', unfit));
    } else if (asked === '7bit' || asked === 'quoted-printable') {
      const octets = await readWhole(file, files);
      const encoded = encodeAs(octets, asked, false);
      if (encoded.unfit) problems.push(encodingUnfit(part.encodingRange ?? content.range, asked, encoded.unfit));
      return { ...common, encoding: encoded.encoding, body: encoded.octets, size: encoded.octets.length };
    }
    const labelled = isTextType(part.mediaType) ? await labelText(part, file, content, context) : {};
    const body = base64Piece(file);
    return { ...common, ...labelled, encoding: 'base64', body, size: pieceSize(body) };
  } catch (error) {
    signal?.throwIfAborted();
    problems.push(changedProblem(error, file, content) ?? fileProblem(error, file.path, content.range));
    return { ...common, encoding: 'base64', body: empty, size: 0 };
  }
}

function changedProblem(error: unknown, file: PlacedFile, content: FileContent): MimeProblem | undefined {
  return (error as { kind?: unknown }).kind === 'source-failure'
    ? { code: 'file-changed', severity: 'error', range: content.range, path: file.path }
    : undefined;
}

async function readWhole(file: PlacedFile, files: FileAccess): Promise<Uint8Array> {
  return files.read(file.absolute);
}

/**
 * The label of an attached text. Its octets never change: what is declared is only checked, and UTF-8 that nobody declared is
 * named, where the file is small enough to be looked through.
 */
async function labelText(
  part: LeafPart,
  file: PlacedFile,
  content: FileContent,
  context: PrepareContext,
): Promise<{ charset?: string; method?: string }> {
  if (file.stat.size > smallFile) return {};
  const octets = await readWhole(file, context.files);
  const ascii = octets.every((octet) => octet < 0x80);
  const declared = part.charset;
  if ((declared === 'utf-8' && !isUtf8(octets)) || (declared === 'us-ascii' && !ascii))
    context.problems.push({
      code: 'charset-label',
      severity: 'warning',
      range: part.charsetRange ?? content.range,
      path: content.path,
      charset: declared,
    });
  const label = declared === undefined && !ascii && isUtf8(octets) ? { charset: 'utf-8' } : {};
  if (part.mediaType !== 'text/calendar') return label;
  const method = calendarMethod(part, Buffer.from(octets).toString('utf8'), context.problems);
  return method === undefined ? label : { ...label, method };
}

/** RFC 2046 section 5.2.1: an attached message travels as it is, or, where it can't, as octets. */
async function prepareMessage(
  part: LeafPart,
  file: PlacedFile,
  content: FileContent,
  context: PrepareContext,
): Promise<PreparedLeaf> {
  const shape = await scanFile(file, context.files, context.signal);
  const encoding = shape.eightBit && context.settings.encoding !== '7bit' ? '8bit' : '7bit';
  const reason =
    shape.nul || (encoding === '7bit' && shape.eightBit) || shape.longest > 998
      ? (unfitFor(encoding, { ...shape, bareBreak: false }) as '8bit' | 'long-line' | 'nul')
      : part.mediaType === 'message/rfc822' && !beginsAsMessage(shape.head)
        ? 'no-header'
        : undefined;
  if (reason === undefined) {
    const body: Piece = { file, form: 'crlf', size: shape.size, endsLine: shape.endsLine };
    return { mediaType: part.mediaType, flowed: false, encoding, body, size: body.size, dashLines: shape.dashLines };
  }
  const path = content.path;
  context.problems.push({ code: 'message-as-octets', severity: 'warning', range: content.range, path, reason });
  const body = base64Piece(file);
  return { mediaType: 'application/octet-stream', flowed: false, encoding: 'base64', body, size: pieceSize(body) };
}
