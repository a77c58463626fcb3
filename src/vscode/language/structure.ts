import * as vscode from 'vscode';
import { folds } from '../../language/folding.ts';
import { links } from '../../language/links.ts';
import { selections } from '../../language/selection.ts';
import { type DocumentSymbol, type SymbolKind, symbols } from '../../language/symbols.ts';
import { analysisOf } from './analyses.ts';
import { loadCharsetsOf } from './document-charsets.ts';
import { folderOf, toRange } from './places.ts';

const kinds: Readonly<Record<SymbolKind, vscode.SymbolKind>> = {
  field: vscode.SymbolKind.Field,
  setting: vscode.SymbolKind.Property,
  text: vscode.SymbolKind.String,
  part: vscode.SymbolKind.String,
  multipart: vscode.SymbolKind.Package,
  attachment: vscode.SymbolKind.File,
  inline: vscode.SymbolKind.File,
};

export async function symbolsOf(document: vscode.TextDocument): Promise<vscode.DocumentSymbol[]> {
  await loadCharsetsOf(document);
  const convert = ({ name, detail, kind, range, selection, children }: DocumentSymbol): vscode.DocumentSymbol => {
    // VS Code refuses an entry without a name.
    const symbol = new vscode.DocumentSymbol(
      name.trim() || kind,
      detail,
      kinds[kind],
      toRange(document, range),
      toRange(document, selection),
    );
    symbol.children = children.map(convert);
    return symbol;
  };
  return symbols(analysisOf(document)).map(convert);
}

export function foldsOf(document: vscode.TextDocument): vscode.FoldingRange[] {
  return folds(analysisOf(document)).map(
    ({ start, end, kind }) =>
      new vscode.FoldingRange(
        start,
        end,
        kind === 'comment' ? vscode.FoldingRangeKind.Comment : kind && vscode.FoldingRangeKind.Region,
      ),
  );
}

export function linksOf(document: vscode.TextDocument): vscode.DocumentLink[] {
  const folder = folderOf(document);
  return links(analysisOf(document)).flatMap(({ range, target }) => {
    const uri = 'path' in target ? folder && vscode.Uri.joinPath(folder, target.path) : parsed(target.url);
    if (!uri) return [];
    const link = new vscode.DocumentLink(toRange(document, range), uri);
    if (uri.scheme === 'mailto') link.tooltip = 'Write to them in your mail program';
    return [link];
  });
}

function parsed(url: string): vscode.Uri | undefined {
  try {
    return vscode.Uri.parse(url, true);
  } catch {
    return undefined;
  }
}

export function selectionsOf(
  document: vscode.TextDocument,
  positions: readonly vscode.Position[],
): vscode.SelectionRange[] {
  const analysis = analysisOf(document);
  return positions.map((position) => {
    let parent: vscode.SelectionRange | undefined;
    for (const range of [...selections(analysis, document.offsetAt(position))].reverse())
      parent = new vscode.SelectionRange(toRange(document, range), parent);
    return parent ?? new vscode.SelectionRange(new vscode.Range(position, position));
  });
}
