import { displayWidth, padded } from '../base/display-width.ts';

/** What VS Code and terminals show without wrapping; a longer cell does not widen its column. */
const WIDEST = 60;

/** A table of Markdown that reads as one in plain text too: its columns aligned. */
export function textTable(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const cells = [heads, ...rows].map((row) => row.map(cell));
  const widths = heads.map((_, column) =>
    Math.max(3, ...cells.map((row) => displayWidth(row[column] ?? '')).filter((width) => width <= WIDEST)),
  );
  const line = (row: readonly string[]) =>
    `| ${widths.map((width, column) => padded(row[column] ?? '', width)).join(' | ')} |`;
  const [head = [], ...body] = cells;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body.map(line)];
}

/** A list of names and values, the values aligned; it reads the same rendered and as text. */
export function factLines(rows: readonly (readonly string[])[]): string[] {
  const width = Math.max(...rows.map(([name = '']) => displayWidth(name)));
  return rows.map(([name = '', value = '']) => `- ${padded(`${name}:`, width + 1)} ${cell(value)}`);
}

/** What comes from a server may hold anything: no line ends, no column of its own, no mark-up. */
function cell(text: string): string {
  return text.replace(/\s+/g, (space) => (/[\r\n]/.test(space) ? ' ' : space)).replace(/[\\|<`]/g, '\\$&');
}
