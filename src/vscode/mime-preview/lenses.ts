import * as vscode from 'vscode';
import { partSizes } from '../../language/part-sizes.ts';
import { toRange } from '../language/places.ts';
import { previewedBy } from '../mail-documents.ts';
import { schemes } from '../names.ts';
import { shownIn } from './shown-previews.ts';
import { traceIn } from './trace.ts';

/** How much the whole takes, above the first line, and each part, above its boundary. Pressed, it leads to where the part is written. */
export class MimePreviewLenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #registration = vscode.languages.registerCodeLensProvider({ scheme: schemes.mime }, this);

  provideCodeLenses(preview: vscode.TextDocument): vscode.CodeLens[] {
    const message = shownIn(preview)?.message;
    if (!message) return [];
    const trace = traceIn(preview);
    return partSizes(message).map(({ offset, title, tooltip, place }) => {
      const at = preview.positionAt(offset);
      const source = place && trace?.toSource({ start: place, end: place })[0];
      return new vscode.CodeLens(new vscode.Range(at, at), {
        title,
        tooltip,
        ...(source ? goTo(preview, source) : { command: '' }),
      });
    });
  }

  dispose(): void {
    this.#registration.dispose();
  }
}

function goTo(preview: vscode.TextDocument, place: { readonly start: number; readonly end: number }) {
  const uri = previewedBy(preview.uri);
  const document = shownIn(preview)?.composition.document;
  const open = vscode.window.visibleTextEditors.find((editor) => editor.document === document);
  const selection = document && toRange(document, place);
  const options: vscode.TextDocumentShowOptions = {
    viewColumn: open?.viewColumn ?? vscode.ViewColumn.One,
    preview: false,
    ...(selection ? { selection: new vscode.Range(selection.start, selection.start) } : {}),
  };
  return { command: 'vscode.open', arguments: [uri, options] };
}
