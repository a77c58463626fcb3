const HTML: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#x27;',
  '`': '&#x60;',
  '=': '&#x3D;',
};

/** A value as HTML shows it, in a text and in an attribute, quoted or not. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`=]/g, (character) => HTML[character]!);
}

/**
 * A value as Markdown shows it: no HTML, no picture and no link can come of it, whether it stands in a paragraph or in HTML
 * that the author wrote. The source is what readers of the plain text see, so that what does no harm stays: `O’Brien & Co`.
 */
export function escapeMarkdown(text: string): string {
  const escaped = text
    .replace(/&(?=#?\w+;)/g, '&amp;')
    .replace(/<(?=[A-Za-z/!?])/g, '&lt;')
    .replaceAll('"', '&quot;')
    .replace(/!\[/g, '!&#91;')
    .replace(/\[(?=[^\]\n]{0,500}\][([:])/g, '&#91;');
  return escaped.includes('=') ? escaped.replaceAll("'", '&#39;') : escaped;
}
