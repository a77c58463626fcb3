import type { Fix } from '../base/problem.ts';
import { suggestionFor } from '../base/suggestion.ts';
import type { FieldNode, HeaderNode, SettingNode } from './nodes.ts';
import type { HeaderProblem } from './problems.ts';
import { SETTINGS, settingFacts } from './settings.ts';
import type { Sink } from './sink.ts';

/** Closed lists that are read here; the builder and the templates check those that they go by. */
const CHECKED: ReadonlySet<string> = new Set(['raw']);
/** Settings that mean nothing without a value. */
const NEEDS_VALUE: ReadonlySet<string> = new Set([
  'server',
  'envelope-from',
  'data',
  'record',
  'var',
  'raw',
  'template',
]);

/** What is wrong with the settings of a header: names, repetition, values, fields that outrank them. */
export function checkSettings(
  header: readonly HeaderNode[],
  kind: 'composed' | 'finished',
  sink: Sink<HeaderProblem>,
): void {
  const fields = new Set(
    header.filter((node): node is FieldNode => node.type === 'field').map((node) => node.name.toLowerCase()),
  );
  const seen = new Set<string>();
  let encoding: SettingNode | undefined;
  let dkim = false;
  for (const node of header) {
    if (node.type !== 'setting' || node.name === '') continue;
    const name = node.name.toLowerCase();
    const facts = settingFacts(name);
    if (!facts) {
      unknownSetting(node, sink);
      continue;
    }
    if (seen.has(name) && !facts.repeatable) {
      sink.add({ code: 'setting-repeated', severity: 'error', range: node.nameRange, name });
    }
    seen.add(name);
    if (kind === 'finished' && !facts.finished) {
      sink.add({ code: 'setting-without-effect', severity: 'hint', range: node.range, name });
      continue;
    }
    const value = node.value.text;
    if (value === '') {
      if (NEEDS_VALUE.has(name))
        sink.add({ code: 'setting-value-missing', severity: 'error', range: node.range, name });
    } else if (CHECKED.has(name) && facts.values && !facts.values.includes(value.toLowerCase())) {
      const suggestion = suggestionFor(value, facts.values);
      const fixes: Fix[] = (suggestion ? [suggestion] : facts.values).map((text) => ({
        title: `Change to ${text}`,
        edits: [{ range: node.value.range, text }],
        preferred: text === suggestion,
      }));
      const range = node.value.range;
      sink.add({ code: 'setting-value-invalid', severity: 'error', range, name, value, expected: facts.values, fixes });
    }
    if (facts.field && fields.has(facts.field.toLowerCase())) {
      sink.add({ code: 'setting-outranked', severity: 'warning', range: node.range, name, field: facts.field });
    }
    if (name === 'encoding' && /^(?:8bit|binary)$/i.test(value)) encoding = node;
    if (name === 'dkim') dkim = true;
  }
  if (encoding && dkim) sink.add({ code: 'encoding-excludes-dkim', severity: 'error', range: encoding.range });
}

function unknownSetting(node: SettingNode, sink: Sink<HeaderProblem>): void {
  if (!sink.takes('error')) return;
  const { name, nameRange: range } = node;
  const suggestion = suggestionFor(
    name,
    SETTINGS.map((setting) => setting.name),
  );
  if (suggestion === undefined) {
    sink.add({ code: 'setting-unknown', severity: 'error', range, name });
    return;
  }
  const fixes = [{ title: `Change to @${suggestion}`, edits: [{ range, text: `@${suggestion}` }], preferred: true }];
  sink.add({ code: 'setting-unknown', severity: 'error', range, name, suggestion, fixes });
}
