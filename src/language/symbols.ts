import { decodeWords } from '../base/decode-words.ts';
import type { Range } from '../base/problem.ts';
import { type BodyNode, isText } from '../document/nodes.ts';
import type { OutlinePart } from '../inspect/outline.ts';
import { baseName, fileType } from '../mime/file-type.ts';
import { type Analysis, type DirectiveNode, named } from './analysis.ts';
import { octetsText, shortened, sizesText } from './explain.ts';

export type SymbolKind = 'field' | 'setting' | 'text' | 'part' | 'multipart' | 'attachment' | 'inline';

/** One entry of the outline. */
export interface DocumentSymbol {
  readonly name: string;
  readonly detail: string;
  readonly kind: SymbolKind;
  readonly range: Range;
  /** What is selected when it is chosen; within `range`. */
  readonly selection: Range;
  readonly children: readonly DocumentSymbol[];
}

const LONGEST = 80;
/** More than anybody reads: of what stands side by side, no more than this. */
const MOST = 5000;

/** Fields, parts and attachments, in order of place. */
export function symbols(analysis: Analysis): readonly DocumentSymbol[] {
  const header = analysis.document.header.flatMap((node): DocumentSymbol[] => {
    if (node.type === 'comment' || node.name === '') return [];
    const written = node.value.text;
    return [
      {
        name: node.type === 'setting' ? `@${node.name}` : node.name,
        detail: shortened(analysis.finished && written.length < 5000 ? decodeWords(written) : written, LONGEST),
        kind: node.type,
        range: node.range,
        selection: node.nameRange,
        children: [],
      },
    ];
  });
  const root = analysis.outline;
  if (!root) return [...header, ...bodySymbols(analysis, analysis.document.body, true)];
  return [...header, ...contentSymbols(root, analysis.sizesAsSent ? sizesText : contentSize)];
}

type SizeText = (part: OutlinePart) => string;

const contentSize: SizeText = ({ decodedSize }) => octetsText(decodedSize);

/** What a message holds, once its header is told. */
function contentSymbols(message: OutlinePart, size: SizeText): readonly DocumentSymbol[] {
  if (message.bodyEnd <= message.bodyStart) return [];
  if (message.mediaType.startsWith('multipart/') && message.children.length > 0)
    return message.children.map((child) => partSymbol(child, size));
  return [partSymbol({ ...message, headerStart: message.bodyStart }, size)];
}

/** A message in the message: fields and parts, as the outer one has them. */
function messageSymbols(message: OutlinePart, size: SizeText): readonly DocumentSymbol[] {
  const fields = message.fields.map(({ name, raw, start, end }): DocumentSymbol => {
    const detail = shortened(raw.length < 5000 ? decodeWords(raw) : raw, LONGEST);
    return { name, detail, kind: 'field', range: { start, end }, selection: { start, end }, children: [] };
  });
  return [...fields, ...contentSymbols(message, size)];
}

function bodySymbols(analysis: Analysis, nodes: readonly BodyNode[], top: boolean): DocumentSymbol[] {
  const found: DocumentSymbol[] = [];
  const [first] = nodes;
  const leading = top && first && isText(first) ? analysis.regions[0] : undefined;
  if (leading) {
    const { range, mediaType } = leading;
    if (/\S/.test(analysis.text.slice(range.start, Math.min(range.end, range.start + 1000))))
      found.push({
        name: mediaType,
        detail: '',
        kind: 'text',
        range,
        selection: firstLine(analysis, range),
        children: [],
      });
  }
  for (const node of nodes) {
    if (node.type === 'text' || node.type === 'escaped' || node.type === 'note' || node.type === 'unknown') continue;
    if (found.length >= MOST) break;
    found.push(directiveSymbol(analysis, node));
  }
  return found.sort((a, b) => a.range.start - b.range.start);
}

function directiveSymbol(analysis: Analysis, node: DirectiveNode): DocumentSymbol {
  const { range, headRange: selection } = node;
  const { attributes } = node;
  const written = (name: string): string | undefined => named(attributes, name)?.value?.text;
  const type = written('type');
  switch (node.type) {
    case 'attach':
    case 'inline': {
      const path = node.path?.text ?? '';
      const name = written('name') || baseName(path) || `<#${node.type}>`;
      const id = written('id');
      const detail = [type ?? fileType(path) ?? '', id ? `cid:${id}` : ''].filter(Boolean).join(', ');
      return { name, detail, kind: node.type === 'attach' ? 'attachment' : 'inline', range, selection, children: [] };
    }
    case 'part': {
      const source = written('src');
      const name = type || (source && fileType(source)) || 'text/plain';
      return {
        name,
        detail: source ?? '',
        kind: 'part',
        range,
        selection,
        children: bodySymbols(analysis, node.children, false),
      };
    }
    case 'multipart':
      return {
        name: type || 'multipart/mixed',
        detail: '',
        kind: 'multipart',
        range,
        selection,
        children: bodySymbols(analysis, node.children, false),
      };
  }
}

function partSymbol(part: OutlinePart, size: SizeText): DocumentSymbol {
  const range = { start: part.headerStart, end: part.bodyEnd };
  const first = part.fields.find(({ start }) => start >= part.headerStart)?.end ?? part.headerStart;
  const selection = { start: part.headerStart, end: Math.min(first, part.bodyEnd) };
  const multipart = part.mediaType.startsWith('multipart/');
  const attached = part.name !== undefined || part.disposition === 'attachment';
  const kind = multipart ? 'multipart' : attached ? (part.contentId === undefined ? 'attachment' : 'inline') : 'part';
  const message = part.mediaType.startsWith('message/') ? part.children[0] : undefined;
  const name = part.name || message?.subject;
  return {
    name: name || part.mediaType,
    detail: name ? `${part.mediaType}, ${size(part)}` : size(part),
    kind,
    range,
    selection,
    children: message ? messageSymbols(message, size) : part.children.map((child) => partSymbol(child, size)),
  };
}

function firstLine(analysis: Analysis, { start, end }: Range): Range {
  return { start, end: Math.min(end, analysis.lineEnd(start)) };
}
