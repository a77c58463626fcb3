/** What a template engine acts on: `{{…}}`, `{{{…}}}` (Handlebars, Liquid) and `{%…%}` (Liquid). */
const expression = /\{\{\{[^{}]*\}\}\}|\{\{[^{}]*\}\}|\{%[^%]*%\}/;

export function hasExpression(text: string): boolean {
  return expression.test(text);
}

/** A block's beginning, its end, or another tag that writes nothing by itself. */
const silent = /\{\{~?[#/^!][^{}]*\}\}|\{\{~?\s*else\b[^{}]*\}\}|\{%[^%]*%\}/g;

/** Whether nothing of a line of a template is ever shown. */
export function writesNothing(line: string): boolean {
  return line.trim() !== '' && line.replace(silent, '').trim() === '';
}

/**
 * Whether a text can have come out of a template, as far as its literal stretches tell: they stand in it in their order, the
 * first at its beginning and the last at its end. In linear time, whatever the template.
 */
export function canComeFrom(text: string, template: string): boolean {
  if (text === template) return true;
  const literals = template.split(new RegExp(expression, 'g'));
  if (literals.length === 1) return false;
  const first = literals[0]!;
  const last = literals[literals.length - 1]!;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const literal of literals.slice(1, -1)) {
    const found = text.indexOf(literal, at);
    if (found < 0) return false;
    at = found + literal.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
