/** The section of a page of help that explains a code (`### code`), with its heading; undefined where there is none. */
export function helpSection(page: string, code: string): string | undefined {
  const lines = page.split(/\r?\n/);
  const start = lines.indexOf(`### ${code}`);
  if (start < 0) return undefined;
  const length = lines.slice(start + 1).findIndex((line) => /^#{1,3} /.test(line));
  const section = length < 0 ? lines.slice(start) : lines.slice(start, start + 1 + length);
  // Whoever shows it wraps its lines.
  const text = section
    .join('\n')
    .trim()
    .replace(/([^\n])\n(?=[^\n])/g, '$1 ');
  return `${text.replace(/^### /, '# ')}\n`;
}
