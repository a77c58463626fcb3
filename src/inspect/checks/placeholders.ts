import { isElement, nodeRange, parseHtml, walk } from '../html.ts';
import type { ParsedInput } from './input.ts';
import type { Place, PlaceholderProblem } from './problems.ts';

type Kind = PlaceholderProblem['kind'];

/** What stands for a value in the template languages and mailing services in use, and what a missing value leaves behind. */
const patterns: readonly (readonly [Kind, RegExp])[] = [
  ['braces', /\{\{\{?[^{}\n]{0,200}\}\}\}?|\{%[^%\n]{1,200}%\}/g],
  ['percent', /<%[=-]?[^%\n]{1,200}%>|%%[\w.\s-]{1,80}%%|%recipient\.[\w.]{1,80}%|%[A-Z]+_[A-Z_]{1,80}%/g],
  ['merge-tag', /\*\|[A-Z][\w: .-]{0,80}\|\*|\[\[[\w .:-]{1,80}\]\]|\[(?:FIRST|LAST|FULL)?[ _]?NAME\]/gi],
  ['dollar', /[$#]\{[\w.$[\]() -]{1,120}\}/g],
  [
    'undefined-value',
    /\[object Object\]|(?<=\b(?:hi|hello|dear|hey|hallo|liebe|bonjour|hola)[ ,]{1,2})(?:undefined|null|none|nan)\b/gi,
  ],
  ['filler', /\blorem ipsum\b|\bTODO\b:?|\bFIXME\b|\bXXX+\b/gi],
];

/** Whether an address or a value still waits to be filled in: other checks then have nothing to say about it. */
export function hasPlaceholder(text: string): boolean {
  return /\{\{|\{%|<%|%%|\*\||\[\[|[$#]\{|%recipient\./.test(text);
}

/** Template expressions that nobody resolved, and what a missing value leaves behind, in all that a reader sees. */
export function checkPlaceholders(input: ParsedInput): PlaceholderProblem[] {
  const problems: PlaceholderProblem[] = [];
  if (input.subject) find(input.subject, 'subject', problems);
  if (input.html !== undefined) find(shown(input), 'html', problems);
  if (input.text) find(input.text, 'text', problems);
  return problems;
}

function find(text: string, where: Place, problems: PlaceholderProblem[]): void {
  for (const [kind, pattern] of patterns) {
    for (const match of text.matchAll(pattern)) {
      problems.push({
        check: 'placeholders',
        code: 'placeholder',
        severity: kind === 'filler' ? 'information' : 'warning',
        where,
        range: { start: match.index, end: match.index + match[0].length },
        placeholder: match[0],
        kind,
      });
      if (problems.length >= 200) return;
    }
  }
}

/** The HTML with style sheets, scripts and comments blanked: what looks like a template there (`#{…}`) is none. */
function shown(input: ParsedInput): string {
  const html = input.html!;
  let text = '';
  let end = 0;
  const blank = (range: { readonly start: number; readonly end: number }): void => {
    if (range.start < end) return;
    text += html.slice(end, range.start) + ' '.repeat(range.end - range.start);
    end = range.end;
  };
  walk((input.tree ?? parseHtml(html)).document, (node) => {
    if (node.nodeName === '#comment') blank(nodeRange(node));
    else if (isElement(node) && (node.tagName === 'style' || node.tagName === 'script')) {
      blank(nodeRange(node));
      return 'skip';
    }
    return undefined;
  });
  return text + html.slice(end);
}
