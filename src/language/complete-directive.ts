import { ATTRIBUTES, attributeFacts, attributesOf, DIRECTIVES, type DirectiveName } from '../document/directives.ts';
import { formatValue } from '../document/escape.ts';
import { FIELDS, fieldFacts } from '../document/fields.ts';
import { charsetNames } from '../mime/charset-names.ts';
import { baseName } from '../mime/file-type.ts';
import type { Analysis } from './analysis.ts';
import { completePath } from './complete-path.ts';
import { CALENDAR_METHODS, FILE_TYPES, LANGUAGES, MULTIPART_TYPES, TEXT_TYPES } from './known-values.ts';
import type { Place } from './place.ts';
import type { Suggestion, Surroundings } from './suggestion.ts';

const BODIES: Readonly<Record<DirectiveName, string>> = {
  attach: '<#attach $1>',
  inline: '<#inline $1 id=$2>',
  part: '<#part type=$1>\n$0\n<#/part>',
  multipart: '<#multipart type=$1>\n$0\n<#/multipart>',
};

/** Directives, the closes of those that are open, notes and escapes. */
export function completeDirective(
  analysis: Analysis,
  { range }: Extract<Place, { kind: 'directive-word' }>,
  offset: number,
): readonly Suggestion[] {
  const rest = analysis.text.slice(range.end, analysis.lineEnd(offset));
  // With attributes behind it, only the word changes.
  const bare = /\S/.test(rest);
  const suggestions: Suggestion[] = DIRECTIVES.map(({ name, purpose }, index) => ({
    label: `<#${name}`,
    kind: 'directive',
    range,
    ...(bare ? {} : { insert: BODIES[name], snippet: true as const, again: true as const }),
    detail: purpose,
    sort: `1${index}`,
  }));
  if (bare) return suggestions;
  for (const node of analysis.directives) {
    if (node.type !== 'part' && node.type !== 'multipart') continue;
    if (node.closeRange || node.range.start >= range.start || node.range.end < range.start) continue;
    const label = `<#/${node.type}>`;
    if (suggestions.some((each) => each.label === label)) continue;
    // Typed to its end it is no longer suggested, or Enter would take the suggestion instead of ending the line.
    const filter = label.slice(0, -1);
    suggestions.push({ label, kind: 'directive', range, filter, detail: `Ends the ${node.type}.`, sort: '0' });
  }
  suggestions.push(
    {
      label: '<#part type=text/html>',
      kind: 'directive',
      range,
      insert: '<#part type=text/html>\n$0\n<#/part>',
      snippet: true,
      detail: 'An HTML alternative of the text before it.',
      sort: '14',
    },
    {
      label: '<#part type=text/calendar>',
      kind: 'directive',
      range,
      insert: `<#part type=text/calendar method=\${1|REQUEST,CANCEL,REPLY,PUBLISH|} src=\${2:./invite.ics}>`,
      snippet: true,
      detail: 'An invitation.',
      sort: '15',
    },
    {
      label: '<#-- -->',
      kind: 'directive',
      range,
      insert: '<#-- $0 -->',
      snippet: true,
      detail: 'A note to the author, not sent.',
      sort: '2',
    },
    { label: '<#!', kind: 'directive', range, detail: 'A line of text that begins with <#.', sort: '3' },
  );
  return suggestions;
}

/** Attributes that the directive may still have. */
export function completeAttributeName({
  node,
  range,
  valued,
}: Extract<Place, { kind: 'attribute-name' }>): readonly Suggestion[] {
  const present = new Set(
    node.attributes.filter(({ nameRange }) => nameRange.start !== range.start).map(({ name }) => name.toLowerCase()),
  );
  const equals = valued ? '' : '=';
  const suggestions: Suggestion[] = attributesOf(node.type)
    .filter(({ name }) => !present.has(name))
    .map(({ name, purpose, flag, values }) => ({
      label: name,
      kind: 'attribute',
      range,
      insert: flag ? name : `${name}${equals}`,
      detail: purpose,
      sort: `1${String(ATTRIBUTES.findIndex((each) => each.name === name)).padStart(2, '0')}`,
      ...(!flag && !valued && (values || LISTED.has(name)) && { again: true as const }),
    }));
  suggestions.push({
    label: 'param.',
    kind: 'attribute',
    range,
    insert: `param.\${1:name}${equals}`,
    snippet: true,
    detail: 'A parameter of the Content-Type.',
    sort: '2',
  });
  for (const { name, purpose, notWritten } of FIELDS) {
    if (notWritten || /^(?:mime-version|content-type|content-id|content-disposition)$/i.test(name)) continue;
    const label = `header.${name}`;
    if (!present.has(label.toLowerCase()))
      suggestions.push({
        label,
        kind: 'attribute',
        range,
        insert: `${label}${equals}`,
        detail: purpose,
        sort: `3${name}`,
      });
  }
  return suggestions;
}

const LISTED: ReadonlySet<string> = new Set(['type', 'charset', 'name', 'language', 'src', 'method']);

export function completeAttributeValue(
  _analysis: Analysis,
  { node, attribute, value }: Extract<Place, { kind: 'attribute-value' }>,
  surroundings: Surroundings,
): readonly Suggestion[] {
  const { range, quoted } = value;
  const of = (labels: readonly (string | readonly [string, string])[]): readonly Suggestion[] =>
    labels.map((each, index) => {
      const [label, detail] = typeof each === 'string' ? [each] : each;
      const insert = quoted ? label! : formatValue(label!);
      return {
        label: label!,
        kind: 'value',
        range,
        insert,
        sort: String(index).padStart(3, '0'),
        ...(detail !== undefined && { detail }),
      };
    });
  const name = attribute.name.toLowerCase();
  switch (name) {
    case 'type':
      if (node.type === 'multipart') return of(MULTIPART_TYPES);
      return of(node.type === 'part' ? [...TEXT_TYPES, ...FILE_TYPES] : [...FILE_TYPES, ...TEXT_TYPES]);
    case 'charset':
      return of(charsetNames);
    case 'language':
      return of(LANGUAGES);
    case 'method':
      return of(CALENDAR_METHODS);
    case 'src':
      return completePath(surroundings, value, 'texts');
    case 'name': {
      const path = 'path' in node ? node.path?.text : undefined;
      return path ? of([baseName(path)]) : [];
    }
    case 'when':
      return of(pathsOf(surroundings).flatMap((path) => [path, `!${path}`]));
    default: {
      const values = name.startsWith('header.')
        ? fieldFacts(name.slice('header.'.length))?.values
        : attributeFacts(name)?.values;
      return of(values ?? []);
    }
  }
}

/** Paths of the data, two steps deep. */
function pathsOf({ record }: Surroundings): readonly string[] {
  if (!record) return [];
  return Object.entries(record)
    .slice(0, 500)
    .flatMap(([name, value]) =>
      value !== null && typeof value === 'object' && !Array.isArray(value)
        ? [
            name,
            ...Object.keys(value)
              .slice(0, 100)
              .map((inner) => `${name}.${inner}`),
          ]
        : [name],
    );
}
