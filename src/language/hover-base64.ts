import { decodeCharset } from '../base/decode-charset.ts';
import type { OutlinePart } from '../inspect/outline.ts';
import type { Analysis } from './analysis.ts';
import { code, codeBlock, octetsText, paragraphs } from './explain.ts';
import type { Hover } from './hover.ts';

const BASE64_LINE = /^[A-Za-z0-9+/]+={0,2}$/;
/** A larger picture would make the hover slow to come. Characters of base64. */
const LARGEST_PICTURE = 120_000;

/** The innermost part that the offset stands in. */
export function partAt(root: OutlinePart, offset: number): OutlinePart {
  const child = root.children.find((each) => offset >= each.headerStart && offset <= each.bodyEnd);
  return child ? partAt(child, offset) : root;
}

/** What a line of base64 in a finished message holds: which bytes of what, the text in them, the picture that they are part of. */
export function hoverBase64(analysis: Analysis, offset: number): Hover | undefined {
  const root = analysis.outline;
  if (!root) return undefined;
  const part = partAt(root, offset);
  if (part.encoding !== 'base64' || offset < part.bodyStart || offset >= part.bodyEnd) return undefined;
  const range = { start: analysis.lineStart(offset), end: analysis.lineEnd(offset) };
  const line = analysis.text.slice(range.start, range.end).trim();
  if (!BASE64_LINE.test(line)) return undefined;
  const characters = (start: number, end: number) =>
    analysis.text.slice(start, end).replace(/[^A-Za-z0-9+/]/g, '').length;
  const gap = gapIn(analysis, part);
  // Behind what is left out, counted from the end.
  const before =
    gap && gap.start < offset
      ? Math.ceil((part.decodedSize * 4) / 3) - characters(range.start, part.bodyEnd)
      : characters(part.bodyStart, range.start);
  // A line may begin in the middle of a group of four, which the line before has told of.
  const skipped = before % 4;
  const first = Math.ceil(before / 4) * 3;
  const octets = Buffer.from(line.slice(skipped === 0 ? 0 : 4 - skipped), 'base64');
  const name = part.name ? `, ${code(part.name)}` : '';
  const title = `Bytes ${(first + 1).toLocaleString('en-US')} to ${(first + octets.length).toLocaleString('en-US')} of ${octetsText(part.decodedSize)}: ${code(part.mediaType)}${name}`;
  return { range, markdown: paragraphs(title, contentOf(analysis, part, octets)) };
}

function gapIn({ gaps }: Analysis, part: OutlinePart) {
  return gaps.find(({ start }) => start >= part.bodyStart && start < part.bodyEnd);
}

function contentOf(analysis: Analysis, part: OutlinePart, octets: Buffer): string {
  const isPicture = /^image\/(?:png|jpeg|gif|webp|bmp)$/.test(part.mediaType);
  if (isPicture && part.size < LARGEST_PICTURE && !gapIn(analysis, part)) {
    const data = analysis.text.slice(part.bodyStart, part.bodyEnd).replace(/[^A-Za-z0-9+/=]/g, '');
    return `![${part.mediaType}](data:${part.mediaType};base64,${data})`;
  }
  if (/^(?:text|message)\/|\b(?:json|xml|yaml)$/.test(part.mediaType)) {
    const decoded = decodeCharset(octets, part.charset ?? 'utf-8');
    if (decoded !== undefined) return codeBlock(decoded.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/g, '·'));
  }
  const hex = [...octets.subarray(0, 64)].map((octet) => octet.toString(16).padStart(2, '0'));
  const rows: string[] = [];
  for (let at = 0; at < hex.length; at += 16) {
    const ascii = octets
      .subarray(at, at + 16)
      .toString('latin1')
      .replace(/[^\x20-\x7e]/g, '·');
    rows.push(
      `${hex
        .slice(at, at + 16)
        .join(' ')
        .padEnd(47)}  ${ascii}`,
    );
  }
  return codeBlock(rows.join('\n'));
}
