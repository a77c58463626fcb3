import type { Range, TextEdit } from '../base/problem.ts';
import { formatValue } from '../document/escape.ts';
import { contentIdOf } from '../mime/attributes.ts';
import { cidUrl } from '../mime/html-references.ts';
import { type Analysis, attributeOf } from './analysis.ts';

/** The id at an offset, be it where it is given or where the HTML names it; with all of its places. */
export interface CidPlaces {
  readonly id: string;
  /** The one at the offset. */
  readonly range: Range;
  readonly definitions: readonly Range[];
  readonly references: readonly Range[];
}

export function cidAt(analysis: Analysis, offset: number): CidPlaces | undefined {
  if (analysis.finished) return undefined;
  const { definitions, references } = analysis.cids;
  const touches = ({ range }: { readonly range: Range }, before = 0): boolean =>
    offset >= range.start - before && offset <= range.end;
  const found = definitions.find((each) => touches(each)) ?? references.find((each) => touches(each, 'cid:'.length));
  if (!found) return undefined;
  const same = ({ id }: { readonly id: string }): boolean => id === found.id;
  return {
    id: found.id,
    range: found.range,
    definitions: definitions.filter(same).map(({ range }) => range),
    references: references.filter(same).map(({ range }) => range),
  };
}

export type Renaming = { readonly edits: readonly TextEdit[] } | { readonly refused: 'invalid' | 'taken' };

/** Another id, wherever the old one stands: quoted where a directive needs it, escaped where a URL does. */
export function renameCid(analysis: Analysis, offset: number, name: string): Renaming | undefined {
  const places = cidAt(analysis, offset);
  if (!places) return undefined;
  const id = contentIdOf(name.trim());
  if (id === undefined) return { refused: 'invalid' };
  const { definitions } = analysis.cids;
  if (id !== places.id && definitions.some((definition) => definition.id === id)) return { refused: 'taken' };
  const edits = definitions
    .filter((definition) => definition.id === places.id)
    .map(({ node }): TextEdit => ({ range: attributeOf(node, 'id')!.value!.range, text: formatValue(id) }));
  const url = cidUrl(id).slice('cid:'.length).replace(/'/g, '%27');
  return { edits: [...edits, ...places.references.map((range) => ({ range, text: url }))] };
}
