import type { TextEdit } from '../base/problem.ts';
import { formatValue } from '../document/escape.ts';
import { lineEndOf } from '../document/lines.ts';
import { contentIdOf } from '../mime/attributes.ts';
import { baseName, fileType } from '../mime/file-type.ts';
import { type Analysis, isMarkup } from './analysis.ts';
import { escapeHtml } from './html-text.ts';

/** A way to bring files into a document. */
export interface FileInsertion {
  readonly how: 'picture' | 'attach' | 'inline';
  readonly title: string;
  /** What comes in where they were dropped; empty where all of it goes elsewhere. */
  readonly text: string;
  /** What comes in elsewhere. */
  readonly edits: readonly TextEdit[];
}

/**
 * The ways to bring files into a document at an offset, the likeliest first: pictures dropped on HTML are shown in it,
 * everything else is attached, at the end, where no text of a part is cut in two by it. Paths are relative to the document,
 * with forward slashes. None for a finished message.
 */
export function fileInsertions(analysis: Analysis, offset: number, paths: readonly string[]): readonly FileInsertion[] {
  if (analysis.finished || paths.length === 0) return [];
  const attach: FileInsertion = {
    how: 'attach',
    title: paths.length === 1 ? 'Attach the file' : 'Attach the files',
    text: '',
    edits: [
      atTheEnd(
        analysis,
        paths.map((path) => `<#attach ${formatValue(path)}>`),
      ),
    ],
  };
  if (!paths.every((path) => fileType(path)?.startsWith('image/'))) return [attach];
  const region = analysis.regionAt(offset);
  const inHtml = region && isMarkup(region) && offset >= analysis.document.bodyStart && !analysis.directiveAt(offset);
  if (!inHtml) return [attach, inlined(analysis, paths)];
  const pictures = paths.map((path) => `<img src="${escapeHtml(urlOf(path))}" alt="${escapeHtml(wordsOf(path))}">`);
  const automatic = analysis.setting('inline-images')?.value.text.toLowerCase() !== 'off';
  const shown: FileInsertion = { how: 'picture', title: 'Show in the text', text: pictures.join('\n'), edits: [] };
  return automatic ? [shown, inlined(analysis, paths, true), attach] : [inlined(analysis, paths, true), attach];
}

/** `<#inline>` with ids of their own, and the HTML that shows them where they were dropped. */
function inlined(analysis: Analysis, paths: readonly string[], html = false): FileInsertion {
  const taken = new Set(analysis.cids.definitions.map(({ id }) => id));
  const ids = paths.map((path) => {
    const stem =
      wordsOf(path)
        .replace(/[^A-Za-z0-9]+/g, '-')
        .replace(/^-|-$/g, '') || 'picture';
    let id = stem;
    for (let count = 2; taken.has(id) || contentIdOf(id) === undefined; count++) id = `${stem}-${count}`;
    taken.add(id);
    return id;
  });
  const lines = paths.map((path, index) => `<#inline ${formatValue(path)} id=${ids[index]}>`);
  const pictures = paths.map((path, index) => `<img src="cid:${ids[index]}" alt="${escapeHtml(wordsOf(path))}">`);
  return {
    how: 'inline',
    title: 'Put it beside the HTML, with an id',
    text: html ? pictures.join('\n') : '',
    edits: [atTheEnd(analysis, lines)],
  };
}

function atTheEnd({ text, document }: Analysis, lines: readonly string[]): TextEdit {
  const eol = lineEndOf(text);
  const at = text.length;
  const ended = at === 0 || /[\r\n]$/.test(text);
  // Where the header has no blank line behind it yet, the body has to begin first.
  const noBody = document.bodyStart === at && !/(?:^|\r\n|\r|\n)[ \t]*(?:\r\n|\r|\n)$/.test(text);
  return {
    range: { start: at, end: at },
    text: `${ended ? '' : eol}${noBody ? eol : ''}${lines.join(eol)}${eol}`,
  };
}

/** A path as a URL in HTML. */
function urlOf(path: string): string {
  return path
    .split('/')
    .map((part) => encodeURIComponent(part))
    .join('/');
}

/** `team-photo.png` as words: what to say of a picture until somebody says it better. */
function wordsOf(path: string): string {
  return baseName(path)
    .replace(/\.[^.]*$/, '')
    .replace(/[-_.\s]+/g, ' ')
    .trim();
}
