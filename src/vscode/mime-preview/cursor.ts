import * as vscode from 'vscode';
import type { Range } from '../../base/problem.ts';
import { onSettingChange, setting } from '../configuration.ts';
import { toRange } from '../language/places.ts';
import { isPreview, previewedBy } from '../mail-documents.ts';
import { colors, settings } from '../names.ts';
import { traceIn } from './trace.ts';

/**
 * In milliseconds: a key that is held down moves the cursor more often than anybody looks. Where a text is so large that what
 * became of it takes a while to find, it waits for a rest in the typing, a multiple of that while.
 */
const pause = { least: 30, perFollowing: 5, longest: 500 };

/**
 * Marks in *Preview MIME* what the lines at the cursor of the document became, and in the document what those at the cursor of the
 * preview came from. It follows the editor that has the focus only, and moves no cursor: one never answers the other.
 */
export class MimePreviewCursor implements vscode.Disposable {
  // In high contrast a bar beside lines: boxes would stack up.
  readonly #lines = mark({ isWholeLine: true, borderWidth: '0 0 0 2px' });
  readonly #piece = mark({ borderWidth: '1px' });
  readonly #subscriptions: vscode.Disposable[];
  readonly #marked = new Set<vscode.TextEditor>();
  #timer: NodeJS.Timeout | undefined;
  /** Milliseconds that it took the last time. */
  #took = 0;
  /** The cursor that was last shown its place. */
  #revealed = '';

  constructor() {
    const { window, workspace } = vscode;
    const follow = () => this.follow();
    this.#subscriptions = [
      this.#lines,
      this.#piece,
      window.onDidChangeTextEditorSelection(({ textEditor }) => {
        if (textEditor === window.activeTextEditor) this.follow();
      }),
      window.onDidChangeActiveTextEditor(follow),
      window.onDidChangeVisibleTextEditors(follow),
      workspace.onDidChangeTextDocument(({ document }) => {
        if (isPreview(document.uri)) this.follow();
      }),
      onSettingChange([settings.previewSyncCursor], follow),
    ];
    this.follow();
  }

  /** Soon. */
  follow(): void {
    if (this.#marked.size === 0 && previews().length === 0) return;
    const wait = Math.min(Math.max(pause.least, this.#took * pause.perFollowing), pause.longest);
    if (this.#timer) {
      if (wait === pause.least) return;
      clearTimeout(this.#timer);
    }
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const began = performance.now();
      this.#follow();
      this.#took = performance.now() - began;
    }, wait);
  }

  #follow(): void {
    const { activeTextEditor, visibleTextEditors } = vscode.window;
    const answered =
      activeTextEditor && setting(settings.previewSyncCursor, activeTextEditor.document.uri)
        ? this.#markFor(activeTextEditor)
        : [];
    for (const editor of [...this.#marked]) {
      if (!visibleTextEditors.includes(editor)) this.#marked.delete(editor);
      else if (!answered.includes(editor)) this.#mark(editor, []);
    }
  }

  /** Marks the other side of what is at the cursor; gives the editors that show it. */
  #markFor(active: vscode.TextEditor): readonly vscode.TextEditor[] {
    const answered: vscode.TextEditor[] = [];
    for (const preview of previews()) {
      const source = previewedBy(preview.document.uri).toString();
      const sources = vscode.window.visibleTextEditors.filter(({ document }) => document.uri.toString() === source);
      const others = active === preview ? sources : sources.includes(active) ? [preview] : [];
      if (others.length === 0) continue;
      answered.push(...others);
      const trace = traceIn(preview.document);
      // Either text is about to come: what is marked stays until then.
      if (!trace) continue;
      const ranges = active.selections.flatMap((selection) => {
        const range = {
          start: active.document.offsetAt(selection.start),
          end: active.document.offsetAt(selection.end),
        };
        return active === preview ? trace.toSource(range) : trace.toShown(range);
      });
      for (const other of others) this.#mark(other, ranges);
      this.#reveal(active, others, ranges[0]);
    }
    return answered;
  }

  #mark(editor: vscode.TextEditor, ranges: readonly Range[]): void {
    if (ranges.length === 0 && !this.#marked.delete(editor)) return;
    const { document } = editor;
    const placed = ranges.map((range) => toRange(document, range));
    const isLines = (range: vscode.Range) =>
      range.start.character === 0 && range.end.isEqual(document.lineAt(range.end.line).range.end);
    editor.setDecorations(this.#lines, placed.filter(isLines));
    editor.setDecorations(
      this.#piece,
      placed.filter((range) => !isLines(range)),
    );
    if (ranges.length > 0) this.#marked.add(editor);
  }

  /** Where nothing of it is to be seen; once for a cursor, so that scrolling away stays possible. */
  #reveal(active: vscode.TextEditor, others: readonly vscode.TextEditor[], range: Range | undefined): void {
    const { document, selection } = active;
    const cursor = `${document.uri} ${document.offsetAt(selection.start)} ${document.offsetAt(selection.end)}`;
    if (cursor === this.#revealed) return;
    this.#revealed = cursor;
    if (!range) return;
    for (const other of others) {
      const place = toRange(other.document, range);
      if (other.visibleRanges.some((visible) => visible.intersection(place))) continue;
      other.revealRange(
        new vscode.Range(place.start, place.start),
        vscode.TextEditorRevealType.InCenterIfOutsideViewport,
      );
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const each of this.#subscriptions) each.dispose();
  }
}

function previews(): readonly vscode.TextEditor[] {
  return vscode.window.visibleTextEditors.filter(({ document }) => isPreview(document.uri));
}

function mark(how: vscode.DecorationRenderOptions): vscode.TextEditorDecorationType {
  return vscode.window.createTextEditorDecorationType({
    ...how,
    backgroundColor: new vscode.ThemeColor(colors.cursorPlaceBackground),
    borderStyle: 'solid',
    borderColor: new vscode.ThemeColor(colors.cursorPlaceBorder),
    overviewRulerColor: new vscode.ThemeColor(colors.cursorPlaceOverviewRuler),
    overviewRulerLane: vscode.OverviewRulerLane.Full,
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
}
