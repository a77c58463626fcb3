import { fieldFacts, fieldKind } from '../document/fields.ts';
import type { FieldNode } from '../document/nodes.ts';
import { charsetNames } from '../mime/charset-names.ts';
import type { Analysis } from './analysis.ts';
import { completeAddress } from './complete-address.ts';
import { dateSuggestion } from './complete-header.ts';
import { LANGUAGES, TEXT_TYPES } from './known-values.ts';
import type { Suggestion, Surroundings } from './suggestion.ts';

/** What the value of a field can be. */
export function completeValue(
  analysis: Analysis,
  field: FieldNode,
  offset: number,
  surroundings: Surroundings,
): readonly Suggestion[] {
  const facts = fieldFacts(field.name);
  const start = field.nameRange.end + 1;
  const typed = analysis.text.slice(start, offset).trimStart();
  const range = { start: offset - typed.length, end: Math.max(offset, field.value.range.end) };
  const value = (label: string, index = 0, more: Partial<Suggestion> = {}): Suggestion => ({
    label,
    kind: 'value',
    range,
    sort: String(index).padStart(2, '0'),
    ...more,
  });
  switch (fieldKind(field.name)) {
    case 'address-list':
    case 'mailbox-list':
    case 'mailbox':
      return completeAddress(analysis, start, offset, surroundings);
    case 'date':
      return [dateSuggestion(range, surroundings)];
    case 'params':
      return completeParameters(field, typed, offset, value);
  }
  if (facts?.values) return facts.values.map((label, index) => value(label, index));
  switch (facts?.name) {
    case 'X-Priority':
      return ['1 (Highest)', '2 (High)', '3 (Normal)', '4 (Low)', '5 (Lowest)'].map((label, index) =>
        value(label, index),
      );
    case 'X-Auto-Response-Suppress':
      return ['All', 'OOF', 'DR', 'RN', 'NRN', 'AutoReply'].map((label, index) => value(label, index));
    case 'Content-Language':
      return LANGUAGES.map(([label, detail], index) => value(label, index, { detail }));
    case 'List-Unsubscribe':
      return [
        value('<https://…>', 0, {
          insert: `<https://\${1:example.com/unsubscribe}>`,
          snippet: true,
          detail: 'One click',
        }),
        value('<mailto:…>', 1, { insert: `<mailto:\${1:unsubscribe@example.com}>`, snippet: true, detail: 'By mail' }),
      ];
    default:
      return [];
  }
}

function completeParameters(
  field: FieldNode,
  typed: string,
  offset: number,
  value: (label: string, index?: number, more?: Partial<Suggestion>) => Suggestion,
): readonly Suggestion[] {
  const isType = /^content-type$/i.test(field.name);
  const semicolon = typed.lastIndexOf(';');
  if (semicolon < 0) {
    if (!isType) return ['inline', 'attachment'].map((label, index) => value(label, index));
    return TEXT_TYPES.map(([label, detail], index) => value(label, index, { detail }));
  }
  const parameter = typed.slice(semicolon + 1).trimStart();
  const charset = /^charset\s*=\s*(?!\s)"?([^"]*)$/i.exec(parameter);
  const start = (length: number) => ({ range: { start: offset - length, end: offset } });
  if (charset && isType) return charsetNames.map((label, index) => value(label, index, start(charset[1]!.length)));
  if (parameter.includes('=')) return [];
  const names = isType ? ['charset', 'format', 'name'] : ['filename'];
  return names.map((label, index) =>
    value(label, index, { ...start(parameter.length), insert: `${label}=`, again: true as const }),
  );
}
