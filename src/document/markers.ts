/** Whether the text holds what a template engine, or a `$` value, would take for an expression. */
export function hasTemplate(text: string): boolean {
  return text.includes('{{') || text.includes('{%');
}
