import type { Fix, Range, TextEdit } from '../base/problem.ts';
import { suggestionFor } from '../base/suggestion.ts';
import { formatValue } from '../document/escape.ts';
import { relativePathOf } from '../mime/html-references.ts';
import { joinPath } from '../mime/paths.ts';
import type { Analysis } from './analysis.ts';
import type { Surroundings } from './suggestion.ts';

/** Where a path leads to nothing: the path, relative to the document, and what stands for it there. */
export interface PathPlace {
  readonly path: string;
  readonly range: Range;
}

/** Nobody reads through more of them to find the one that was meant. */
const most = 5;

/**
 * Writes the path of a file that is there, and was most likely meant: one of nearly that name in the same folder, or of that
 * very name in another one. Only what is known by now is looked through; nothing is asked of the disk.
 */
export function fileFixes(
  analysis: Analysis,
  place: PathPlace,
  around: Pick<Surroundings, 'folder' | 'named'>,
): readonly Fix[] {
  const near = nearPaths(place.path, around);
  return near.flatMap((path): Fix[] => {
    const edit = pathEdit(analysis, place, path);
    // Of several only the author knows which.
    return edit ? [{ title: `Change to ${path}`, edits: [edit], ...(near.length === 1 && { preferred: true }) }] : [];
  });
}

/** Writes another path in its place; undefined where what stands there is not that path itself, but a template, say. */
export function pathEdit(analysis: Analysis, { path, range }: PathPlace, instead: string): TextEdit | undefined {
  const written = analysis.text.slice(range.start, range.end);
  if (range.start < analysis.document.bodyStart) return written === path ? { range, text: instead } : undefined;
  const node = analysis.directiveAt(range.start);
  if (node && range.end <= node.headRange.end) {
    const values = [...('path' in node ? [node.path] : []), ...node.attributes.map(({ value }) => value)];
    const value = values.find((each) => each?.range.start === range.start && each.range.end === range.end);
    // A path that is still to be written comes behind the directive's word.
    if (path === '' && range.start === range.end && range.start === node.keywordRange.end)
      return 'path' in node && !node.path ? { range, text: ` ${formatValue(instead)}` } : undefined;
    return value?.text === path ? { range, text: formatValue(instead) } : undefined;
  }
  const shown = analysis.cids.urls.find((each) => each.range.start === range.start && each.range.end === range.end);
  const target = shown && relativePathOf(shown.url);
  if (target === undefined || joinPath('', target) !== joinPath('', path)) return undefined;
  return { range, text: urlOf(written.startsWith('./') ? instead : instead.replace(/^\.\//, '')) };
}

function nearPaths(path: string, { folder, named }: Pick<Surroundings, 'folder' | 'named'>): readonly string[] {
  const whole = joinPath('', path);
  const slash = whole.lastIndexOf('/') + 1;
  const [parent, name] = [whole.slice(0, slash), whole.slice(slash)];
  const lead = whole.startsWith('../') ? '' : './';
  const beside = folder(parent).flatMap((entry) => (entry.folder ? [] : [entry.name]));
  const stem = stemOf(name);
  const sameStem = beside.filter((other) => stem !== '' && stemOf(other).toLowerCase() === stem.toLowerCase());
  const nearest = suggestionFor(name, beside);
  const inFolder = [...(nearest === undefined ? [] : [nearest]), ...sameStem].map((other) => lead + parent + other);
  const elsewhere = [...named(name)].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  return [...new Set([...inFolder, ...elsewhere])].slice(0, most);
}

function stemOf(name: string): string {
  return name.replace(/\.[^.]*$/, '');
}

/** A path as a URL that may stand in any attribute and in CSS; letters stay as they are. */
function urlOf(path: string): string {
  return path.replace(/[^\p{L}\p{N}._~/-]/gu, (sign) =>
    /[!'()*]/.test(sign) ? `%${sign.charCodeAt(0).toString(16).toUpperCase()}` : encodeURIComponent(sign),
  );
}
