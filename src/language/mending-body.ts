import type { Fix, Range } from '../base/problem.ts';
import { formatValue } from '../document/escape.ts';
import { lineEndOf } from '../document/lines.ts';
import { type AttributeNode, type BodyNode, isText } from '../document/nodes.ts';
import { type Analysis, attributeOf, named } from './analysis.ts';
import type { Mendable } from './mending.ts';
import { attributeAt, inserted, without, withoutAttribute } from './mending-places.ts';

/** Repairs of directives and texts; undefined for a problem of anything else. */
export function bodyMending(analysis: Analysis, problem: Mendable): readonly Fix[] | undefined {
  const { range } = problem;
  switch (problem.code) {
    case 'text-after-attachment':
      return problem.after === 'attach' ? beforeAttachments(analysis, range) : [];
    case 'multipart-empty':
      return emptyMultipart(analysis, range);
    case 'attribute-name-invalid':
    case 'encoding-not-for-message':
    case 'encoding-unfit':
    case 'charset-label':
      return withoutIt(analysis, range, true);
    // It may be still to be written, or something else be meant.
    case 'attribute-value-missing':
    case 'multipart-type-here':
    case 'when-without-data':
      return withoutIt(analysis, range, false);
    case 'reserved-attribute':
      return reserved(analysis, range);
    case 'encoding-needs-setting':
      return encodingSetting(analysis, range, problem.encoding);
    case 'duplicate-cid':
      return anotherId(analysis, range, problem.id);
    case 'unknown-file-type':
      return octets(analysis, range);
    case 'calendar-method':
      return problem.found === undefined ? withoutIt(analysis, range, true) : methodOf(analysis, range, problem.found);
    default:
      return undefined;
  }
}

/**
 * The text goes to the end of what is written before the first attachment: the leading text where there is one, for that is
 * plain, else the part that stands right before.
 */
function beforeAttachments(analysis: Analysis, { start, end }: Range): readonly Fix[] {
  const siblings = siblingsOf(analysis.document.body, start);
  const before =
    siblings?.slice(
      0,
      siblings.findIndex(({ type }) => type === 'attach'),
    ) ?? [];
  const attach = siblings?.find(({ type }) => type === 'attach');
  if (!attach || attach.range.start > start || before.some(({ type }) => type === 'multipart')) return [];
  const { text } = analysis;
  const isWritten = (node: BodyNode): boolean =>
    isText(node) && /\S/.test(text.slice(node.range.start, node.range.end));
  const part = before.findIndex(({ type }) => type === 'part');
  let target: number | undefined = attach.range.start;
  if (part >= 0 && before.slice(0, part).some(isWritten)) target = before[part]!.range.start;
  else if (part >= 0) {
    const last = before.findLast(({ type }) => type === 'part');
    const typed = last?.type === 'part' && last.textRange && attributeOf(last, 'src') === undefined;
    target = typed ? (last.closeRange?.start ?? last.range.end) : undefined;
  }
  if (target === undefined) return [];
  const own = text.slice(start, end);
  const moved = /[\r\n]$/.test(own) ? own : own + lineEndOf(text);
  return [
    {
      title: 'Move the text before the attachments',
      edits: [inserted(target, moved), without({ start, end })],
      preferred: true,
    },
  ];
}

/** The nodes among which one begins there. */
function siblingsOf(nodes: readonly BodyNode[], start: number): readonly BodyNode[] | undefined {
  if (nodes.some((node) => isText(node) && node.range.start === start)) return nodes;
  const outer = nodes.find(({ range }) => range.start <= start && start < range.end);
  return outer?.type === 'multipart' ? siblingsOf(outer.children, start) : undefined;
}

function emptyMultipart(analysis: Analysis, { start }: Range): readonly Fix[] {
  const node = analysis.directiveAt(start);
  // A note is no part, and yet somebody wrote it.
  if (node?.type !== 'multipart' || node.children.some(({ type }) => type !== 'text')) return [];
  return [{ title: 'Remove the multipart', edits: [without(node.range)] }];
}

function withoutIt(analysis: Analysis, range: Range, preferred: boolean): readonly Fix[] {
  const attribute = attributeAt(analysis, range);
  if (!attribute) return [];
  return [{ title: `Remove ${attribute.name}`, edits: [withoutAttribute(analysis, attribute)], preferred }];
}

/** What says the same, by the name of the field or parameter that the builder writes from it. */
const instead: Readonly<Record<string, string>> = {
  'param.charset': 'charset',
  'param.name': 'name',
  'param.method': 'method',
  'header.content-type': 'type',
  'header.content-transfer-encoding': 'encoding',
  'header.content-disposition': 'disposition',
  'header.content-id': 'id',
  'header.content-description': 'description',
  'header.content-language': 'language',
};

function reserved(analysis: Analysis, range: Range): readonly Fix[] {
  const attribute = attributeAt(analysis, range);
  const node = analysis.directiveAt(range.start);
  if (!attribute || !node) return [];
  const name = instead[attribute.name.toLowerCase()];
  // With parameters it is more than the attribute takes.
  const fits = name && attribute.value && !attribute.value.text.includes(';') && !named(node.attributes, name);
  const rename: Fix[] = fits
    ? [{ title: `Change to ${name}`, edits: [{ range: attribute.nameRange, text: name }], preferred: true }]
    : [];
  return [...rename, ...withoutIt(analysis, range, !fits)];
}

function encodingSetting(analysis: Analysis, range: Range, encoding: '8bit' | 'binary'): readonly Fix[] {
  const removal = withoutIt(analysis, range, false);
  // A signed message is always 7-bit.
  if (analysis.setting('dkim')) return removal;
  const setting = analysis.setting('encoding');
  const edit = setting
    ? [{ range: setting.value.range, text: encoding }]
    : [inserted(0, `@encoding: ${encoding}${lineEndOf(analysis.text)}`)];
  return [{ title: `Allow it: @encoding: ${encoding}`, edits: edit }, ...removal];
}

/** The second of two parts gets a name that is free; the HTML goes on showing the first. */
function anotherId(analysis: Analysis, range: Range, id: string): readonly Fix[] {
  const attribute = attributeAt(analysis, range);
  if (attribute?.value?.text !== id) return [];
  const free = freeIds.get(analysis) ?? freeIdsOf(analysis);
  freeIds.set(analysis, free);
  const name = free.get(attribute.range.start);
  return name === undefined ? [] : valueFix(attribute, name);
}

/** By analysis: all are asked for at once by *Fix All*, and must not get the same. */
const freeIds = new WeakMap<Analysis, ReadonlyMap<number, string>>();

/** For each attribute whose id another has before it, by its start, an id that none has. */
function freeIdsOf(analysis: Analysis): ReadonlyMap<number, string> {
  const written = analysis.directives.flatMap((node) => attributeOf(node, 'id') ?? []);
  const idOf = (attribute: AttributeNode): string => attribute.value?.text.replace(/^<|>$/g, '') ?? '';
  const taken = new Set(written.map(idOf));
  /** Of each id the number that was tried last; 1 is the first one itself. */
  const numbers = new Map<string, number>();
  const free = new Map<number, string>();
  for (const attribute of written) {
    const id = idOf(attribute);
    const [, name, domain = ''] = /^([^@]*)(@.*)?$/s.exec(id)!;
    const last = numbers.get(id);
    let number = last ?? 0;
    do number++;
    while (last !== undefined && taken.has(`${name}-${number}${domain}`));
    numbers.set(id, number);
    if (last !== undefined) free.set(attribute.range.start, `${name}-${number}${domain}`);
  }
  return free;
}

function octets(analysis: Analysis, range: Range): readonly Fix[] {
  const node = analysis.directiveAt(range.start);
  if (!node || !('path' in node) || !node.path || named(node.attributes, 'type')) return [];
  const type = 'type=application/octet-stream';
  return [{ title: `Say so: ${type}`, edits: [inserted(node.path.range.end, ` ${type}`)] }];
}

function methodOf(analysis: Analysis, range: Range, method: string): readonly Fix[] {
  const attribute = attributeAt(analysis, range);
  return attribute?.value ? valueFix(attribute, method) : [];
}

function valueFix({ value }: AttributeNode, text: string): readonly Fix[] {
  return value
    ? [{ title: `Change to ${text}`, edits: [{ range: value.range, text: formatValue(text) }], preferred: true }]
    : [];
}
