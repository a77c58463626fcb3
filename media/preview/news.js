/**
 * What the page shows, from what it is told: all of a model, or what differs from the one before.
 *
 * @param {{ version: number, model?: any, since?: number, changes?: any }} news
 * @param {{ version: number, model: any }} shown
 * @returns {{ version: number, model: any, change?: { start: number, end: number, text: string }, differs(...names: string[]): boolean } | undefined}
 *   undefined where it counts on something that this page does not show
 */
export function modelAfter({ version, model, since, changes }, shown) {
  if (!changes) return { version, model, differs: () => true };
  if (!shown.model || since !== shown.version) return undefined;
  const { fields, gone, html } = changes;
  const next = { ...shown.model, ...fields };
  for (const name of gone) delete next[name];
  const change = html?.document;
  if (html) {
    const { document } = shown.model.html;
    next.html = {
      ...shown.model.html,
      ...html.fields,
      document: change ? document.slice(0, change.start) + change.text + document.slice(change.end) : document,
    };
  }
  const different = new Set([...Object.keys(fields), ...gone, ...Object.keys(html?.fields ?? {})]);
  return { version, model: next, change, differs: (...names) => names.some((name) => different.has(name)) };
}
