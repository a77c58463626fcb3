import { featuresOf } from './features.ts';
import type { ParsedInput } from './input.ts';
import type { ClientSupport, SupportProblem } from './problems.ts';
import { dataDate, type MailClient, type SupportData, supportOf } from './support-data.ts';

/** What the chosen clients do not support of what the mail uses, a feature a problem, at its first place. */
export function checkSupport(input: ParsedInput, data: SupportData, clients: readonly MailClient[]): SupportProblem[] {
  if (!input.tree || clients.length === 0) return [];
  const bySlug = new Map(data.data.map((feature) => [feature.slug, feature]));
  const problems: SupportProblem[] = [];
  for (const use of featuresOf(input.tree)) {
    const feature = bySlug.get(use.slug);
    if (!feature) continue;
    const lacking: ClientSupport[] = [];
    for (const client of clients) {
      const { support, notes } = supportOf(feature, client.id);
      if (support === 'none' || support === 'partial')
        lacking.push({ client: client.id, name: client.name, support, notes });
    }
    if (lacking.length === 0) continue;
    const without = lacking.filter((client) => client.support === 'none').length;
    problems.push({
      check: 'support',
      code: 'client-support',
      // Every mail is made of features that some client lacks; what a quarter of them lack is worth another look.
      severity: without * 4 >= clients.length ? 'information' : 'hint',
      where: 'html',
      range: use.range,
      title: feature.title,
      slug: feature.slug,
      url: feature.url,
      clients: lacking,
      asked: clients.length,
      uses: use.uses,
      dataDate: dataDate(data),
    });
  }
  return problems;
}
