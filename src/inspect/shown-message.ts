import type { ByteSource } from '../base/source.ts';
import { type Steps, Turns } from '../base/steps.ts';
import type { BuiltMessage } from '../mime/built.ts';
import { type OutlinePart, outlineSteps } from './outline.ts';
import { type Gap, gapsIn, type UnreadGap, unreadGaps } from './shown-gaps.ts';
import { ShownText } from './shown-text.ts';

/** Where octets are left out of what is shown. */
export interface ShownGap {
  /** Code units of the line, or of the piece of one, in brackets that stands there; its line end included. */
  readonly start: number;
  readonly end: number;
  /** Octets left out. */
  readonly octets: number;
  /** Lines of the message that the line with the brackets stands for; undefined where nobody counted. */
  readonly lines: number | undefined;
}

/** A message as text for an editor, and where in it everything is. Offsets are UTF-16 code units, half-open. */
export interface ShownMessage {
  readonly text: string;
  /** Octets of the message as it is sent. */
  readonly size: number;
  /** The parts, what is left out counted in their sizes. */
  readonly root: OutlinePart;
  /** In order. */
  readonly gaps: readonly ShownGap[];
  /** Where an octet of the message stands in the text. */
  readonly unitOf: (octet: number) => number;
}

/**
 * A message as text: its exact octets, but for the middle of long attachments, in whose place a line in brackets stands, and for
 * line ends, which an editor makes CRLF. Octets above 127 are read as UTF-8, or, in a line that is not that, as Latin-1. Of large
 * files only what is shown is read. Rejects as reading the message does. `turns`: how long it may go on without a pause.
 */
export async function showMessage(
  message: ByteSource,
  built?: BuiltMessage,
  turns = new Turns({ ticks: () => 0 }, undefined),
): Promise<ShownMessage> {
  const unread = built && !message.whole ? unreadGaps(built) : [];
  const octets = message.whole ?? (built ? await readBetween(built, unread) : await readAll(message));
  const held = new HeldOctets(unread);
  const root = await turns.run(outlineSteps(octets));
  await turns.pause();
  const cuts = [
    ...unread.map((gap) => ({ gap, start: held.offset(gap.start), end: held.offset(gap.start) })),
    ...gapsIn(octets, root).map((gap) => ({ gap, start: gap.start, end: gap.end })),
  ].sort((a, b) => a.start - b.start);
  await turns.pause();
  const shown = new ShownText(
    octets,
    cuts.map(({ gap, start, end }) => ({ start, end, text: standFor(gap) })),
  );
  await turns.pause();
  const rootShown = await turns.run(inUnits(root, shown, held));
  return {
    text: shown.text,
    size: message.size,
    root: rootShown,
    gaps: cuts.map(({ gap: { start, end, lines, wholeLines } }, index) => ({
      ...shown.stands[index]!,
      octets: end - start,
      // Brackets within a line stand for the line ends in them, and for that line.
      lines: lines === undefined || wholeLines ? lines : lines + 1,
    })),
    unitOf: (octet) => shown.unitOf(held.offset(octet)),
  };
}

function standFor({ start, end, lines, wholeLines }: Gap): string {
  const octets = `${grouped(end - start)} bytes`;
  if (!wholeLines) return `[… ${octets} …]`;
  return lines === undefined ? `[… ${octets} …]\r\n` : `[… ${grouped(lines)} more lines, ${octets} …]\r\n`;
}

function grouped(count: number): string {
  return count.toLocaleString('en-US');
}

async function readAll(message: ByteSource): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of message.read()) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function readBetween(message: BuiltMessage, gaps: readonly Gap[]): Promise<Uint8Array> {
  const read: Uint8Array[] = [];
  let from = 0;
  for (const { start, end } of gaps) {
    read.push(await message.slice(from, start));
    from = end;
  }
  read.push(await message.slice(from, message.size));
  return Buffer.concat(read);
}

/** The octets of a message that are there, without those that were not read. */
class HeldOctets {
  readonly #gaps: readonly UnreadGap[];
  /** Where each gap is among them. */
  readonly #places: readonly number[];

  constructor(gaps: readonly UnreadGap[]) {
    this.#gaps = gaps;
    let missing = 0;
    this.#places = gaps.map(({ start, end }) => {
      const place = start - missing;
      missing += end - start;
      return place;
    });
  }

  /** Where an octet of the message is among them; for one that was not read, where it would be. */
  offset(octet: number): number {
    let missing = 0;
    for (const { start, end } of this.#gaps) {
      if (start >= octet) break;
      missing += Math.min(end, octet) - start;
    }
    return octet - missing;
  }

  /** What is missing between two of the offsets that are there. */
  missing(from: number, to: number): { readonly octets: number; readonly decoded: number } {
    let octets = 0;
    let decoded = 0;
    for (const [index, gap] of this.#gaps.entries()) {
      const at = this.#places[index]!;
      if (at < from || at > to) continue;
      octets += gap.end - gap.start;
      decoded += gap.decoded;
    }
    return { octets, decoded };
  }
}

function* inUnits(part: OutlinePart, shown: ShownText, held: HeldOctets): Steps<OutlinePart> {
  yield;
  const children: OutlinePart[] = [];
  for (const child of part.children) children.push(yield* inUnits(child, shown, held));
  const missing = held.missing(part.bodyStart, part.bodyEnd);
  const isLeaf = part.children.length === 0;
  return {
    ...part,
    headerStart: shown.unitOf(part.headerStart),
    bodyStart: shown.unitOf(part.bodyStart),
    bodyEnd: shown.unitOf(part.bodyEnd),
    fields: part.fields.map((field) => ({
      ...field,
      start: shown.unitOf(field.start),
      end: shown.unitOf(field.end),
    })),
    size: part.size + missing.octets,
    decodedSize: part.decodedSize + (isLeaf ? missing.decoded : missing.octets),
    children,
  };
}
