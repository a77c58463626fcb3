import { FIELDS, type FieldFacts } from '../document/fields.ts';
import type { SettingNode } from '../document/nodes.ts';
import { SETTINGS, type SettingFacts, settingFacts } from '../document/settings.ts';
import { formatDate } from '../mime/date.ts';
import type { Analysis } from './analysis.ts';
import { completeAddress } from './complete-address.ts';
import { completePath } from './complete-path.ts';
import { fieldMarkdown, settingMarkdown } from './explain.ts';
import type { Place } from './place.ts';
import { plainSnippet, type Suggestion, type Surroundings } from './suggestion.ts';

/** What a mail has most often comes first. */
const COMMON = ['from', 'to', 'cc', 'bcc', 'subject', 'reply-to', 'sender', 'date', 'content-type', 'list-unsubscribe'];
const ADDRESSES: readonly FieldFacts['kind'][] = ['address-list', 'mailbox-list', 'mailbox'];

/** Names of fields and settings that may still be written, with what they are for. */
export function completeHeaderName(
  analysis: Analysis,
  { range, named }: Extract<Place, { kind: 'header-name' }>,
): readonly Suggestion[] {
  const others = analysis.document.header.filter(
    (node) => node.type !== 'comment' && (node.range.start > range.end || node.range.end < range.start),
  );
  const present = new Set(
    others.map((node) =>
      node.type === 'comment' ? '' : (node.type === 'setting' ? '@' : '') + node.name.toLowerCase(),
    ),
  );
  const suggestions: Suggestion[] = analysis.fields.length === 0 ? templates(range) : [];
  for (const facts of FIELDS) {
    const name = facts.name.toLowerCase();
    if (facts.notWritten || (facts.once && present.has(name))) continue;
    const common = COMMON.indexOf(name);
    const opens = ADDRESSES.includes(facts.kind) || facts.values || facts.kind === 'date' || facts.kind === 'params';
    suggestions.push({
      label: facts.name,
      kind: 'field',
      range,
      insert: named ? facts.name : `${facts.name}: `,
      detail: facts.purpose,
      documentation: fieldMarkdown(facts),
      sort: common >= 0 ? `0${String.fromCharCode(0x61 + common)}` : name.startsWith('x-') ? `3${name}` : `2${name}`,
      ...(opens && !named && { again: true as const }),
    });
  }
  for (const facts of SETTINGS) {
    const label = `@${facts.name}`;
    if ((!facts.repeatable && present.has(label)) || (analysis.finished && !facts.finished)) continue;
    suggestions.push({
      label,
      kind: 'setting',
      range,
      insert: named ? label : `${label}: `,
      detail: facts.purpose,
      documentation: settingMarkdown(facts),
      sort: `1${facts.name}`,
      ...(!named && opensList(facts) && { again: true as const }),
    });
  }
  return suggestions;
}

/** Whole mails, for a document that is none yet. */
function templates(range: Suggestion['range']): Suggestion[] {
  const head = `From: \${1:you@example.com}\nTo: \${2:someone@example.com}\nSubject: \${3:Hello}\n\n`;
  const html = `\${4:The same in plain text.}\n<#part type=text/html>\n<p>$0</p>\n<#/part>\n`;
  return [
    { label: 'New mail', detail: 'Plain text', insert: `${head}$0` },
    { label: 'New HTML mail', detail: 'Plain text and HTML', insert: `${head}${html}` },
  ].map((each, index) => ({ ...each, kind: 'directive', range, snippet: true, sort: `00${index}` }));
}

function opensList(facts: SettingFacts): boolean {
  return facts.values !== undefined || ['server', 'data', 'record', 'envelope-from', 'date'].includes(facts.name);
}

/** What a setting can be. */
export function completeSetting(
  analysis: Analysis,
  setting: SettingNode,
  offset: number,
  surroundings: Surroundings,
): readonly Suggestion[] {
  const facts = settingFacts(setting.name);
  if (!facts) return [];
  const { text } = analysis;
  const from = text.slice(setting.nameRange.end + 1, offset);
  const start = offset - from.trimStart().length;
  const range = { start, end: Math.max(offset, setting.value.range.end) };
  const value = (label: string, more: Partial<Suggestion> = {}): Suggestion => ({
    label,
    kind: 'value',
    range,
    ...more,
  });
  switch (facts.name) {
    case 'server':
      return surroundings.servers.map((name) =>
        value(name, { kind: 'server', ...(name === 'inbox' && { detail: 'The Local Inbox of this window' }) }),
      );
    case 'data':
      return completePath(
        surroundings,
        { range: { start, end: offset }, typed: text.slice(start, offset), quoted: true },
        'data',
      );
    case 'record': {
      const count = Math.min(surroundings.records ?? 0, 50);
      return Array.from({ length: count }, (_, index) =>
        value(String(index + 1), { sort: String(index).padStart(3, '0') }),
      );
    }
    case 'envelope-from':
      return [
        value('<>', { detail: 'Nobody: bounces go nowhere.', sort: '0' }),
        ...completeAddress(analysis, setting.nameRange.end + 1, offset, surroundings),
      ];
    case 'date':
      return [dateSuggestion(range, surroundings)];
    case 'var':
      return [value('name=value', { insert: `\${1:name}=\${2:value}`, snippet: true })];
    default:
      if (facts.values) return facts.values.map((label, index) => value(label, { sort: String(index) }));
      return [value(facts.example, { insert: `\${1:${plainSnippet(facts.example)}}`, snippet: true })];
  }
}

export function dateSuggestion(range: Suggestion['range'], { now }: Surroundings): Suggestion {
  return { label: formatDate(now.epochMs, now.offset), kind: 'value', range, detail: 'Now' };
}
