import { parseAddressList } from '../base/address.ts';
import type { Fix, Range } from '../base/problem.ts';
import { lineEndOf } from '../document/lines.ts';
import type { Analysis } from './analysis.ts';
import type { Mendable } from './mending.ts';
import { inserted, without, withoutLines } from './mending-places.ts';

/** Repairs of fields and settings; undefined for a problem of anything else. */
export function headerMending(analysis: Analysis, problem: Mendable): readonly Fix[] | undefined {
  const { range } = problem;
  switch (problem.code) {
    case 'setting-repeated':
      return repeatedSetting(analysis, range);
    case 'setting-outranked':
    case 'setting-without-effect':
      return withoutHeader(analysis, range, true);
    case 'setting-value-missing':
    case 'field-empty':
      // It may be still to be written: not for *Fix All*.
      return withoutHeader(analysis, range, false);
    case 'encoding-excludes-dkim':
      return ['encoding', 'dkim'].flatMap((name) => withoutSetting(analysis, name));
    case 'content-fields-unused':
      return unusedContent(analysis, problem.names);
    case 'bcc-outranked':
      return resentBcc(analysis, range);
    case 'mailbox-not-one':
      return onlyFirst(analysis, range);
    case 'address-group-not-allowed':
      return membersOf(analysis, range);
    case 'unsubscribe-without-https':
      return unsubscribe(analysis);
    case 'var-invalid':
      return variable(problem.value, range);
    case 'text-auto-without-html':
      return withoutSetting(analysis, 'text');
    case 'boundary-in-content':
      return withoutSetting(analysis, 'boundary', true);
    case 'record-missing':
      return withoutSetting(analysis, 'record');
    case 'template-without-data':
      return asWritten(analysis);
    default:
      return undefined;
  }
}

/** The first counts (settings.ts). */
function repeatedSetting(analysis: Analysis, range: Range): readonly Fix[] {
  const own = analysis.settings.find((node) => node.nameRange.start === range.start);
  const first = own && analysis.setting(own.name.toLowerCase());
  if (!own || !first || first === own) return [];
  const name = `@${own.name}`;
  const removal: Fix = {
    title: `Remove this ${name}: the first one counts`,
    edits: [withoutLines(analysis, own)],
    preferred: true,
  };
  if (own.value.text === first.value.text) return [removal];
  return [
    removal,
    { title: `Remove the first ${name}, so that this one counts`, edits: [withoutLines(analysis, first)] },
  ];
}

function withoutHeader(analysis: Analysis, { start }: Range, preferred: boolean): readonly Fix[] {
  const node = analysis.document.header.find((each) => each.range.start <= start && start <= each.range.end);
  return node ? [{ title: 'Remove the line', edits: [withoutLines(analysis, node)], preferred }] : [];
}

function withoutSetting(analysis: Analysis, name: string, preferred = false): readonly Fix[] {
  const own = analysis.settings.filter((node) => node.name.toLowerCase() === name);
  if (own.length === 0) return [];
  return [{ title: `Remove @${name}`, edits: own.map((node) => withoutLines(analysis, node)), preferred }];
}

function unusedContent(analysis: Analysis, names: readonly string[]): readonly Fix[] {
  const unused = analysis.fields.filter(({ name }) => names.includes(name));
  if (unused.length === 0) return [];
  return [
    { title: `Remove ${[...new Set(names)].join(', ')}`, edits: unused.map((node) => withoutLines(analysis, node)) },
  ];
}

/** One of its own would begin an older block (RFC 5322 section 3.6.6). */
function resentBcc(analysis: Analysis, range: Range): readonly Fix[] {
  const name = analysis.text.slice(range.start, range.end);
  if (!/^bcc$/i.test(name) || analysis.field('resent-bcc')) return [];
  const repeated = (names: readonly string[]): boolean => new Set(names).size < names.length;
  // Only where there is a single block every place in the header belongs to it.
  if (repeated(analysis.fields.map((field) => field.name.toLowerCase()).filter((each) => /^resent-/.test(each))))
    return [];
  return [{ title: 'Change to Resent-Bcc', edits: [{ range, text: 'Resent-Bcc' }], preferred: true }];
}

/** `range`: from the second address to the last. */
function onlyFirst({ text }: Analysis, { start, end }: Range): readonly Fix[] {
  let from = start;
  while (/[\s,]/.test(text[from - 1] ?? '')) from--;
  return text.slice(from, start).includes(',')
    ? [{ title: 'Keep only the first address', edits: [without({ start: from, end })] }]
    : [];
}

function membersOf({ text }: Analysis, range: Range): readonly Fix[] {
  const [group, ...more] = parseAddressList(text.slice(range.start, range.end)).addresses;
  if (group?.type !== 'group' || more.length > 0 || group.members.length === 0) return [];
  const [first, last] = [group.members[0]!, group.members[group.members.length - 1]!];
  const members = text.slice(range.start + first.range.start, range.start + last.range.end);
  return [{ title: 'Leave only its addresses', edits: [{ range, text: members }], preferred: true }];
}

/**
 * RFC 8058 section 3.1: one-click takes an https URI. Only the author can have one; without it the field says nothing, and
 * unsubscribing by what List-Unsubscribe has (RFC 2369) is as good as it was.
 */
function unsubscribe(analysis: Analysis): readonly Fix[] {
  const list = analysis.field('list-unsubscribe');
  const post = analysis.field('list-unsubscribe-post');
  if (!post) return [];
  const removal: Fix = {
    title: 'Remove List-Unsubscribe-Post: one-click takes an https address',
    edits: [withoutLines(analysis, post)],
  };
  const written = list ? analysis.text.slice(list.range.start, list.range.end) : '';
  const http = /<\s*http:/i.exec(written);
  if (!list || !http) return [removal];
  const end = list.range.start + http.index + http[0].length - 1;
  return [
    { title: 'Use https, if the server answers there', edits: [{ range: { start: end, end }, text: 's' }] },
    removal,
  ];
}

/** `name: value` and `name value` were meant as `name=value`. */
function variable(value: string, range: Range): readonly Fix[] {
  const match = /^([\p{L}\p{N}_.-]+)(?:\s*:\s*|\s+)(\S.*)$/su.exec(value);
  if (!match) return [];
  const text = `${match[1]}=${match[2]}`;
  return [{ title: `Change to ${text}`, edits: [{ range, text }], preferred: true }];
}

/** Braces that are meant as they stand. */
function asWritten(analysis: Analysis): readonly Fix[] {
  const setting = analysis.setting('template');
  const title = 'Send braces as they are written (@template: off)';
  if (setting && setting.value.text !== '') return [{ title, edits: [{ range: setting.value.range, text: 'off' }] }];
  return setting ? [] : [{ title, edits: [inserted(0, `@template: off${lineEndOf(analysis.text)}`)] }];
}
