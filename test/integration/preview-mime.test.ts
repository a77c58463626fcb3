import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { schemes } from '../../src/vscode/names.ts';
import { until } from './support/until.ts';
import {
  api,
  closeAll,
  fileUri,
  open,
  openFile,
  openText,
  replaceAll,
  restoreSettings,
  sendAndSee,
  setSetting,
  tabUris,
} from './support/workbench.ts';

/** A draft with all that is its own: values, Message-ID and boundaries. */
const OWN_VALUES = `From: a@example.com
To: b@example.com
Subject: {{$guid}} {{$timestamp}}

{{$date iso}} {{$messageId}} {{$randomInt}}
<#part type=text/html>
<p>{{$guid}} {{$date iso}}</p>
<#/part>
<#attach ./images/logo.png>
`;

const previews = () => tabUris().filter((uri) => uri.scheme === schemes.mime);

async function preview(): Promise<vscode.TextDocument> {
  await vscode.commands.executeCommand('mailbench.previewMime');
  const uri = await until('the preview', () => previews()[0]);
  return vscode.workspace.openTextDocument(uri);
}

const HEAD = 'From: a@example.com\nTo: b@example.org\n';

const editorOf = (document: vscode.TextDocument) =>
  vscode.window.visibleTextEditors.find((editor) => editor.document.uri.toString() === document.uri.toString());

/** Without the one line that is always fresh. */
const undated = (message: string) => message.replace(/^Date: .*\r\n/m, '');

/** Nor what each draft has of its own. The order in which these turn up stays. */
function unseeded(message: string): string {
  const own = new Map<string, string>();
  const named = (id: string) => own.get(id) ?? own.set(id, `own ${own.size}`).get(id) ?? '';
  const ids = [...message.matchAll(/^Message-ID: <(.*)>\r$|boundary="(.*)"|^Content-ID: <(.*)>\r$/gim)];
  return ids.reduce((text, [, ...found]) => {
    const id = found.find((each) => each !== undefined) ?? '';
    return text.replaceAll(id, named(id));
  }, undated(message));
}

describe('Preview MIME', () => {
  afterEach(async () => {
    await closeAll();
    await restoreSettings();
  });

  it('shows the exact bytes that would be sent', async () => {
    const editor = await open('html-with-picture.eml');
    const shown = await preview();
    // Message-ID and boundaries are those of the draft: the same bytes need its seed, the rest is compared here.
    const { message } = await (await api()).build(editor.document.getText(), { path: editor.document.uri.fsPath });
    assert.equal(shown.languageId, 'eml');
    assert.equal(shown.eol, vscode.EndOfLine.CRLF);
    assert.equal(unseeded(shown.getText()), unseeded(Buffer.from(message ?? []).toString()));
    assert.equal(shown.uri.path, '/MIME: html-with-picture.eml');
    // The focus stays with the one who writes.
    assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), editor.document.uri.toString());
  });

  it('is another message where another document that was never saved has the name of one before', async () => {
    const uri = vscode.Uri.parse('untitled:/unsaved/another.eml');
    const idOf = async () => {
      const document = await vscode.workspace.openTextDocument(uri);
      const editor = await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One });
      await replaceAll(editor, `${HEAD}Subject: s\n\nx\n`);
      const shown = await preview();
      const id = await until('its id', () => /^Message-ID: (.*)$/m.exec(shown.getText())?.[1]);
      await closeAll();
      await until('that it is closed', () => document.isClosed);
      return id;
    };
    const first = await idOf();
    assert.notEqual(await idOf(), first);
  });

  it('is what is then sent', async () => {
    await openFile('own-values.eml', OWN_VALUES);
    const shown = undated((await preview()).getText());
    const stamp = Number(/^Subject: .* (\d+)\r$/m.exec(shown)?.[1]);
    assert.match(shown, /^Message-ID: .* boundary=.* boundary=.* filename=/ms);
    // The draft's instant is told to the second: what is built now would tell another.
    await until('a later second', () => Math.floor(Date.now() / 1000) > stamp + 1);
    const { octets } = await sendAndSee();
    assert.equal(undated(Buffer.from(octets).toString()), shown);
  });

  it('follows the typing', async () => {
    const editor = await openText('From: a@example.com\nTo: b@example.com\nSubject: One\n\nHi\n');
    const shown = await preview();
    assert.match(shown.getText(), /^Subject: One\r\n/m);
    for (const word of ['Two', 'Three', 'Käsekuchen']) {
      const line = editor.document.lineAt(2);
      await editor.edit((edit) => edit.replace(line.range, `Subject: ${word}`));
      const written = word === 'Käsekuchen' ? '=?utf-8?Q?K=C3=A4sekuchen?=' : word;
      await until(`${word} in the preview`, () => shown.getText().includes(`Subject: ${written}\r\n`));
    }
  });

  it('says why there is no message, and recovers', async () => {
    const editor = await openText('From: a@example.com\nTo: b@example.com\n\nHi\n');
    const shown = await preview();
    await replaceAll(editor, '');
    await until('the preview without a message', () => !shown.getText().includes('Hi\r\n'));
    await replaceAll(editor, 'From: a@example.com\nTo: b@example.com\n\nHello\n');
    await until('the message again', () => shown.getText().includes('Hello\r\n'));
  });

  it('folds and outlines the parts, and tells what each takes', async () => {
    await vscode.workspace.fs.writeFile(fileUri('large.bin'), new Uint8Array(200_000));
    await openFile('parts.eml', `${HEAD}\nGrüße\n<#part type=text/html>\n<p>Hi</p>\n<#/part>\n<#attach ./large.bin>\n`);
    const shown = await preview();
    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
      'vscode.executeDocumentSymbolProvider',
      shown.uri,
    );
    const told = symbols.flatMap(({ name, detail, children }) => [
      `${name} ${detail}`,
      ...children.map((child) => `  ${child.name} ${child.detail}`),
    ]);
    assert.deepEqual(
      told.slice(-4).map((line) => line.replace(/\d+ bytes$/, 'n bytes')),
      [
        'multipart/alternative n bytes',
        '  text/plain 9 bytes, 17 bytes as quoted-printable',
        '  text/html n bytes',
        'large.bin application/octet-stream, 195 KB, 267 KB as base64',
      ],
    );
    const attached = symbols.at(-1)!;
    assert.equal(shown.lineAt(attached.range.start).text, 'Content-Type: application/octet-stream; name="large.bin"');
    const folds = await vscode.commands.executeCommand<vscode.FoldingRange[]>(
      'vscode.executeFoldingRangeProvider',
      shown.uri,
    );
    const boundary = attached.range.start.line - 1;
    assert.equal(folds.find(({ start }) => start === boundary)?.end, attached.range.end.line);
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', shown.uri);
    const titles = lenses.map(({ range, command }) => `${range.start.line} ${command?.title}`);
    assert.match(titles[0]!, /^0 268(?:\.\d)? KB \(27\d,\d{3} bytes\) as sent, in 3 parts$/);
    assert.equal(titles.at(-1), `${boundary} application/octet-stream · 195 KB, 267 KB as base64`);
    // Pressed, it leads to the directive.
    const { command } = lenses.at(-1)!;
    await vscode.commands.executeCommand(command!.command, ...(command!.arguments ?? []));
    const editor = vscode.window.activeTextEditor!;
    assert.equal(editor.document.lineAt(editor.selection.active).text, '<#attach ./large.bin>');
  });

  it('keeps its place while it follows, in a message of any size and in any encoding of files', async () => {
    const files = vscode.workspace.getConfiguration('files');
    await files.update('encoding', 'windows1252', vscode.ConfigurationTarget.Global);
    await setSetting('preview.syncCursor', false);
    try {
      const long = Array.from(
        { length: 4000 },
        (_, index) => `Käse number ${index}, and some more words to make it long`,
      );
      const editor = await openText(`@encoding: 8bit\n${HEAD}Subject: One\n\n${long.join('\n')}\n`);
      const shown = await preview();
      assert.ok(shown.getText().includes('\nKäse number 3999,'));
      const other = await until('the editor', () => editorOf(shown));
      other.revealRange(new vscode.Range(2000, 0, 2000, 0), vscode.TextEditorRevealType.AtTop);
      const top = () => other.visibleRanges[0]!.start.line;
      await until('line 2000', () => Math.abs(top() - 2000) < 5);
      const before = top();
      await editor.edit((edit) => edit.replace(editor.document.lineAt(3).range, 'Subject: Two'));
      await until('the other subject', () => shown.getText().includes('\nSubject: Two\r\n'));
      assert.equal(top(), before);
    } finally {
      await files.update('encoding', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('leaves both cursors alone', async () => {
    const editor = await openFile('steps.eml', `${HEAD}\nOne\nTwo\nThree\n`);
    const shown = await preview();
    const other = await until('the editor', () => editorOf(shown));
    const before = other.selection;
    const moved: vscode.TextEditor[] = [];
    const listening = vscode.window.onDidChangeTextEditorSelection(({ textEditor }) => moved.push(textEditor));
    for (const line of [1, 2, 4, 5]) {
      editor.selection = new vscode.Selection(line, 0, line, 0);
      await until('the move', () => editor.selection.active.line === line && moved.length > 0);
    }
    // Longer than it waits before it follows.
    await new Promise((resolve) => setTimeout(resolve, 200));
    listening.dispose();
    assert.deepEqual(other.selection, before);
    assert.ok(moved.every((each) => each === editor));
    assert.equal(vscode.window.activeTextEditor, editor);
  });

  it('brings what the cursor stands in into view, in either', async () => {
    const lines = Array.from({ length: 400 }, (_, index) => `Line ${index}`);
    const editor = await openFile('long.eml', `${HEAD}\n${lines.join('\n')}\n`);
    const shown = await preview();
    const other = await until('the editor', () => editorOf(shown));
    const sees = (each: vscode.TextEditor, text: string) =>
      each.visibleRanges.some((range) => each.document.getText(range).split(/\r?\n/).includes(text));
    const at = (each: vscode.TextEditor, text: string) => {
      const line = each.document.getText().split(/\r?\n/).indexOf(text);
      each.selection = new vscode.Selection(line, 2, line, 2);
      each.revealRange(each.selection);
    };
    at(editor, 'Line 350');
    await until('line 350 in the preview', () => sees(other, 'Line 350'));
    const preview350 = await vscode.window.showTextDocument(shown, { viewColumn: other.viewColumn! });
    at(preview350, 'Line 20');
    const source = await until('the document', () =>
      vscode.window.visibleTextEditors.find(({ document }) => document === editor.document),
    );
    await until('line 20 in the document', () => sees(source, 'Line 20'));
    // Switched off, it stays where it is.
    await setSetting('preview.syncCursor', false);
    at(preview350, 'Line 390');
    await until('line 390 in the preview', () => sees(preview350, 'Line 390'));
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.ok(sees(source, 'Line 20'));
  });

  it('has one tab, for the document that was asked for last', async () => {
    await open('welcome.eml');
    await preview();
    await open('template.eml');
    await vscode.commands.executeCommand('mailbench.previewMime');
    await until('the other preview', () => previews().some((uri) => uri.path === '/MIME: template.eml'));
    assert.equal(previews().length, 1);
  });

  /** What the preview in front shows by now. */
  const shows = (piece: string) =>
    until(`"${piece}" in the preview`, async () => {
      const [uri] = previews();
      const document = uri && vscode.workspace.textDocuments.find((each) => each.uri.toString() === uri.toString());
      return document?.getText().includes(piece) ? document : undefined;
    });

  it('shows what is left of a document that is closed without saving, and follows its file', async () => {
    const editor = await openFile('closed.eml', `${HEAD}\nas saved`);
    await preview();
    await replaceAll(editor, `${HEAD}\nas typed`);
    await shows('as typed');
    await vscode.window.showTextDocument(editor.document);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await shows('as saved');
    await vscode.workspace.fs.writeFile(fileUri('closed.eml'), Buffer.from(`${HEAD}\nwritten by another program`));
    await shows('written by another program');
  });

  it('goes on with a document whose file or folder is renamed', async () => {
    await vscode.workspace.fs.createDirectory(fileUri('mails'));
    await openFile('mails/before.eml', `${HEAD}\nHello`);
    const messageId = /^Message-ID: .*$/m.exec((await preview()).getText())?.[0] ?? '';
    for (const [from, to, name] of [
      ['mails/before.eml', 'mails/after.eml', 'mails/after.eml'],
      ['mails', 'letters', 'letters/after.eml'],
    ] as const) {
      const edit = new vscode.WorkspaceEdit();
      edit.renameFile(fileUri(from), fileUri(to));
      await vscode.workspace.applyEdit(edit);
      await until(`the preview of ${name}`, () => previews()[0]?.query === fileUri(name).toString());
      await shows(messageId);
      assert.equal(previews().length, 1);
    }
    const open = vscode.window.visibleTextEditors.find(({ document }) =>
      document.uri.path.endsWith('/letters/after.eml'),
    );
    assert.ok(open);
    await replaceAll(open, `${HEAD}\nHello again`);
    await shows('Hello again');
  });

  it('goes on with a document that is saved for the first time, and makes none anew that was closed', async () => {
    const twin = await openText(`${HEAD}\nHello`);
    const unsaved = fileUri('first.eml').with({ scheme: 'untitled' });
    const document = await vscode.workspace.openTextDocument(unsaved);
    const editor = await vscode.window.showTextDocument(document);
    await replaceAll(editor, `${HEAD}\nHello`);
    const messageId = /^Message-ID: .*$/m.exec((await preview()).getText())?.[0] ?? '';
    await vscode.window.showTextDocument(document);
    await document.save();
    await until('the preview of the file', () => previews()[0]?.query === fileUri('first.eml').toString());
    await shows(messageId);

    await vscode.window.showTextDocument(twin.document, { viewColumn: vscode.ViewColumn.One });
    await vscode.commands.executeCommand('mailbench.previewMime');
    await until('the preview of the twin', () => previews()[0]?.query === twin.document.uri.toString());
    await vscode.window.showTextDocument(twin.document);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await shows(`# There is nothing to preview: ${twin.document.uri.path} was closed and never saved.`);

    const scrap = await openText(`${HEAD}\nscrap`);
    await vscode.commands.executeCommand('mailbench.previewMime');
    await shows('scrap');
    await vscode.window.showTextDocument(scrap.document);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await shows(`# There is nothing to preview: ${scrap.document.uri.path} was closed and never saved.`);
    assert.ok(!vscode.workspace.textDocuments.some(({ isUntitled }) => isUntitled));
  });

  it('tells of a document whose language was changed, which has no problems then, and comes back with it', async () => {
    const { document } = await openText(`${HEAD}\n<#attach ./missing.txt>\nHello`);
    await preview();
    const problems = () => vscode.languages.getDiagnostics(document.uri).length;
    await until('the problem', () => problems() > 0);
    await vscode.languages.setTextDocumentLanguage(document, 'plaintext');
    await shows('# There is nothing to preview: the language of Untitled-');
    assert.equal(problems(), 0);
    await vscode.languages.setTextDocumentLanguage(document, 'eml');
    await shows('Hello');
    await until('the problem again', () => problems() > 0);
  });
});
