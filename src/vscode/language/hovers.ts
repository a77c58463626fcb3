import * as vscode from 'vscode';
import { nodeFiles } from '../../base/node-files.ts';
import { code, octetsText, paragraphs } from '../../language/explain.ts';
import { hover } from '../../language/hover.ts';
import { FilePlaces } from '../../mime/file-places.ts';
import { fileType } from '../../mime/file-type.ts';
import type { MimeProblem } from '../../mime/problems.ts';
import { problemSentence } from '../../send/sentences/problem.ts';
import { basePathOf, workspaceRootOf } from '../mail-documents.ts';
import { analysisOf } from './analyses.ts';
import { loadCharsetsOf } from './document-charsets.ts';
import type { Knowledge } from './knowledge.ts';
import { toRange } from './places.ts';

const shownPicture = /^image\/(?:png|jpeg|gif|svg\+xml|webp|bmp|avif|x-icon|vnd\.microsoft\.icon)$/;

export async function hoverOf(
  document: vscode.TextDocument,
  position: vscode.Position,
  knowledge: Knowledge,
): Promise<vscode.Hover | undefined> {
  await loadCharsetsOf(document);
  const found = hover(analysisOf(document), document.offsetAt(position), knowledge.around(document));
  if (!found) return undefined;
  const file = found.file === undefined ? '' : await fileMarkdown(document, found.file);
  const markdown = paragraphs(found.markdown, file);
  if (markdown === '') return undefined;
  return new vscode.Hover(new vscode.MarkdownString(markdown), toRange(document, found.range));
}

/** Size, type and picture of a file that the document may read; else why it can't be. */
async function fileMarkdown(document: vscode.TextDocument, path: string): Promise<string> {
  if (document.uri.scheme !== 'file' && !document.isUntitled) return code(path);
  const problems: MimeProblem[] = [];
  const places = new FilePlaces(nodeFiles, basePathOf(document), workspaceRootOf(document));
  const file = await places.place(path, { start: 0, end: 0 }, problems);
  const type = fileType(path) ?? 'application/octet-stream';
  if (!file) return problems.map((problem) => problemSentence(problem)).join(' ');
  const picture = shownPicture.test(type) ? `![](${vscode.Uri.file(file.absolute).toString()}|height=160)` : '';
  return paragraphs(`${code(path)}: ${octetsText(file.stat.size)}, ${code(type)}`, picture);
}
