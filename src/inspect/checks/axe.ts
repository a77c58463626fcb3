import type { AccessibilityProblem, HtmlProblem } from './problems.ts';

/** One finding as the preview's probe sends it: see `media/preview/probe.js`. Nothing in it is trusted. */
export interface AxeFinding {
  readonly rule: string;
  readonly impact: string;
  readonly help: string;
  readonly helpUrl: string;
  readonly scheme: 'light' | 'dark';
  /** `start-end` of the element in the HTML, as the sandbox wrote it into `data-mailbench-at`. */
  readonly at: string;
}

/**
 * The rules of axe-core that mean something in a mail. Those about landmarks, skip links, page structure and the like are about
 * pages, and a mail is a part of its client's page.
 */
export const axeRules: readonly string[] = [
  'aria-allowed-attr',
  'aria-hidden-focus',
  'aria-required-attr',
  'aria-roles',
  'aria-valid-attr',
  'aria-valid-attr-value',
  'color-contrast',
  'definition-list',
  'dlitem',
  'duplicate-id-aria',
  'empty-heading',
  'empty-table-header',
  'heading-order',
  'html-lang-valid',
  'html-xml-lang-mismatch',
  'image-alt',
  'image-redundant-alt',
  'input-image-alt',
  'label',
  'link-in-text-block',
  'link-name',
  'list',
  'listitem',
  'object-alt',
  'presentation-role-conflict',
  'role-img-alt',
  'scope-attr-valid',
  'svg-img-alt',
  'table-duplicate-name',
  'td-headers-attr',
  'th-has-data-cells',
  'valid-lang',
];

/** Problems of what axe-core found in both schemes, each place and rule once. `length` is that of the HTML. */
export function axeProblems(findings: readonly unknown[], length: number): AccessibilityProblem[] {
  const byPlace = new Map<string, AxeFinding & { schemes: Set<'light' | 'dark'> }>();
  for (const finding of findings.slice(0, 2000)) {
    if (!isFinding(finding)) continue;
    const key = `${finding.rule} ${finding.at}`;
    const known = byPlace.get(key);
    if (known) known.schemes.add(finding.scheme);
    else byPlace.set(key, { ...finding, schemes: new Set([finding.scheme]) });
  }
  return [...byPlace.values()].map((finding) => {
    const [start = 0, end = 0] = finding.at.split('-').map((part) => Math.min(Number.parseInt(part, 10) || 0, length));
    return {
      check: 'accessibility',
      code: 'axe',
      severity: finding.impact === 'critical' || finding.impact === 'serious' ? 'warning' : 'information',
      where: 'html',
      range: { start, end: Math.max(start, end) },
      rule: finding.rule,
      help: finding.help,
      helpUrl: finding.helpUrl,
      impact: finding.impact,
      schemes: [...finding.schemes].sort().reverse(),
    };
  });
}

/** Without what the checks of pictures say of the same element, with a fix. */
export function withoutRepeats(
  found: readonly HtmlProblem[],
  problems: readonly HtmlProblem[],
): readonly HtmlProblem[] {
  const pictures = problems.filter(({ code }) => code === 'image-without-alt');
  return found.filter(
    (problem) =>
      problem.code !== 'axe' ||
      problem.rule !== 'image-alt' ||
      !pictures.some(({ range }) => range.start < problem.range.end && problem.range.start < range.end),
  );
}

function isFinding(value: unknown): value is AxeFinding {
  if (typeof value !== 'object' || value === null) return false;
  const finding = value as Record<string, unknown>;
  return (
    typeof finding.rule === 'string' &&
    axeRules.includes(finding.rule) &&
    typeof finding.help === 'string' &&
    typeof finding.helpUrl === 'string' &&
    /^https:\/\/dequeuniversity\.com\//.test(finding.helpUrl) &&
    typeof finding.impact === 'string' &&
    (finding.scheme === 'light' || finding.scheme === 'dark') &&
    typeof finding.at === 'string' &&
    /^\d{1,9}-\d{1,9}$/.test(finding.at)
  );
}
