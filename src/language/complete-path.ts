import { formatValue } from '../document/escape.ts';
import { dataFormat } from '../template/data.ts';
import type { TypedValue } from './place.ts';
import type { FolderEntry, Suggestion, Surroundings } from './suggestion.ts';

/** What a path is wanted for: what fits comes first, or for data is all there is. */
export type PathPurpose = 'files' | 'pictures' | 'data' | 'texts' | 'html';

const PICTURE = /\.(?:png|jpe?g|gif|svg|webp|avif|bmp|ico|tiff?)$/i;
/** Where pictures are kept, by its name. */
const PICTURE_FOLDER = /^(?:images?|img|pics?|pictures?|assets|media|static)$/i;
const TEXT = /\.(?:html?|txt|md|markdown|mjml|ics|csv|xml)$/i;

export function isPicture(name: string): boolean {
  return PICTURE.test(name);
}

/** Files and folders for a path that is being typed, relative to the document. */
export function completePath(
  surroundings: Surroundings,
  value: TypedValue,
  purpose: PathPurpose,
): readonly Suggestion[] {
  const { typed, range, quoted } = value;
  if (/^(?:[A-Za-z][A-Za-z0-9+.-]*:|\/|~|\{\{)/.test(typed)) return [];
  const slash = typed.lastIndexOf('/') + 1;
  const folder = typed.slice(0, slash);
  const decoded = purpose === 'html' ? decode(folder) : folder;
  const lead = slash === 0 && purpose !== 'html' ? './' : folder;
  const entries = surroundings.folder(decoded.replace(/^(?:\.\/)+/, ''));
  const fitting = entries.filter(
    ({ name, folder: isFolder }) => isFolder || purpose !== 'data' || dataFormat(name) !== undefined,
  );
  const parent = /^(?:\.\.\/|\.\/)*$/.test(folder) ? [{ name: '..', folder: true }] : [];
  return [...fitting, ...parent].map((entry): Suggestion => {
    const { name } = entry;
    const path = `${lead === './' && name === '..' ? '' : lead}${purpose === 'html' ? encode(name) : name}${entry.folder ? '/' : ''}`;
    return {
      label: entry.folder ? `${name}/` : name,
      kind: entry.folder ? 'folder' : isPicture(name) ? 'picture' : 'file',
      range,
      insert: insertion(path, quoted || purpose === 'html', entry.folder),
      filter: `${folder}${name}`,
      sort: `${rank(entry, purpose)}${name.toLowerCase()}`,
      ...(entry.folder && { again: true as const }),
      ...(!entry.folder && isPicture(name) && { picture: `${decoded}${name}` }),
    };
  });
}

/** A folder's path is not closed yet: only its opening quotation mark comes in, where it needs one. */
function insertion(path: string, quoted: boolean, folder: boolean): string {
  if (quoted) return path.replace(/["\\]/g, '\\$&');
  const written = formatValue(path);
  return folder && written.startsWith('"') ? written.slice(0, -1) : written;
}

function rank({ name, folder }: FolderEntry, purpose: PathPurpose): number {
  if (name === '..') return 9;
  const wanted =
    purpose === 'pictures' || purpose === 'html' ? isPicture(name) : purpose === 'texts' ? TEXT.test(name) : !folder;
  if (wanted) return 1;
  if (folder) return PICTURE_FOLDER.test(name) && purpose !== 'data' ? 2 : 3;
  return 4;
}

function encode(name: string): string {
  return name.replace(/[%\s"'<>#?&]/g, (character) => encodeURIComponent(character).replace(/'/g, '%27'));
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
