import { axeRules } from './checks/axe.ts';
import { type Resource, sandboxDocument } from './sandbox.ts';

/** A document with axe-core in it, for the preview's hidden frame. */
export interface ProbeDocument {
  readonly scheme: 'light' | 'dark';
  readonly document: string;
}

/** Documents in which axe-core looks at a mail, in its light and in its dark dress. Ranges are those of `html`. */
export async function probeDocuments(
  html: string,
  resource: (key: string) => Resource | undefined,
  nonce: string,
): Promise<ProbeDocument[]> {
  const { default: axe } = await import('axe-core/axe.min.js');
  return (['light', 'dark'] as const).flatMap((scheme) => {
    const { document, darkStyles } = sandboxDocument(html, {
      scheme,
      images: true,
      remote: false,
      resource,
      probe: { nonce, scripts: [axe.source, runner()] },
    });
    return scheme === 'dark' && !darkStyles ? [] : [{ scheme, document }];
  });
}

/** Runs the rules once the document stands, and answers the page around the frame. It has no other way out. */
function runner(): string {
  return `(${run.toString()})(${JSON.stringify(axeRules)})`;
}

/** Runs in the frame, not here: only what stands in it is there. */
function run(rules: readonly string[]): void {
  type Node = { element?: Element };
  type Rule = { id: string; impact?: string; help: string; helpUrl: string; nodes: Node[] };
  type Axe = { run(context: unknown, options: unknown): Promise<{ violations: Rule[] }> };
  const { axe } = globalThis as unknown as { axe: Axe };
  const answer = (findings: unknown[]): void => parent.postMessage({ findings }, '*');
  addEventListener('load', () => {
    axe
      .run(document, { runOnly: { type: 'rule', values: rules }, resultTypes: ['violations'], elementRef: true })
      .then(({ violations }) => {
        const findings: unknown[] = [];
        for (const rule of violations) {
          for (const { element } of rule.nodes) {
            const at = element?.closest('[data-mailbench-at]')?.getAttribute('data-mailbench-at') ?? '0-0';
            const { id, impact, help, helpUrl } = rule;
            findings.push({ rule: id, impact: impact ?? 'minor', help, helpUrl, at });
          }
        }
        answer(findings);
      })
      .catch(() => answer([]));
  });
}
