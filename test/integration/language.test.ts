import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { at, codes } from './support/cursor.ts';
import { until } from './support/until.ts';
import { closeAll, fileUri, open, openFile, replaceAll, restoreSettings, setSetting } from './support/workbench.ts';

const { executeCommand } = vscode.commands;

/** What is offered there; asked for again as long as it is nothing: the first mail that is opened brings the features. */
async function labels(uri: vscode.Uri, position: vscode.Position): Promise<string[]> {
  return until('completions', async () => {
    const list = await executeCommand<vscode.CompletionList>('vscode.executeCompletionItemProvider', uri, position);
    return list.items.length > 0 && list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
  });
}

async function hovered(uri: vscode.Uri, position: vscode.Position): Promise<string> {
  const hovers = await executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', uri, position);
  return hovers
    .flatMap(({ contents }) => contents)
    .map((content) => (typeof content === 'string' ? content : content.value))
    .join('\n');
}

const picture =
  'To: a@b.example\n\n<#part type=text/html>\n<img src="cid:lo|go">\n<#/part>\n<#inline ./images/logo.png id=logo>\n';

describe('writing a mail', () => {
  afterEach(async () => {
    await closeAll();
    await restoreSettings();
  });

  it('marks what data would put into the header, and a message that is too large, at their places', async () => {
    await vscode.workspace.fs.writeFile(
      fileUri('evil.json'),
      Buffer.from(JSON.stringify({ v: 'x\r\nBcc: evil@evil.example' })),
    );
    await vscode.workspace.fs.writeFile(fileUri('large.bin'), new Uint8Array(1_000_000));
    const marked = async (code: string, uri: vscode.Uri) => {
      const isIt = (each: vscode.Diagnostic) => typeof each.code === 'object' && each.code.value === code;
      const found = await until(code, () => vscode.languages.getDiagnostics(uri).find(isIt));
      const document = await vscode.workspace.openTextDocument(uri);
      return [found.severity, document.getText(found.range), found.message] as const;
    };
    const head = 'From: a@b.example\nTo: c@d.example\n';
    const evil = await at(`@data: ./evil.json\n${head}Subject: a |{{v}}\n\nHi\n`, 'evil.eml');
    const [severity, place] = await marked('template-line-break', evil.uri);
    assert.deepEqual([severity, place], [vscode.DiagnosticSeverity.Error, '{{v}}']);
    await setSetting('check.messageSize', 1);
    const large = await at(`${head}Subject: s|\n\nHi\n<#attach ./evil.json>\n<#attach ./large.bin>\n`, 'large.eml');
    const [warning, file, message] = await marked('message-large', large.uri);
    assert.deepEqual([warning, file], [vscode.DiagnosticSeverity.Warning, '<#attach ./large.bin>']);
    // A third more than the file, in base64.
    assert.match(message, /1\.[34]\d? MB/);
  });

  it('completes fields, directives and their attributes', async () => {
    const fields = await at('Su|');
    assert.ok((await labels(fields.uri, fields.position)).includes('Subject'));
    const directives = await at('To: a@b\n\n<#|');
    assert.deepEqual((await labels(directives.uri, directives.position)).slice(0, 2), ['<#attach', '<#inline']);
    const attributes = await at('To: a@b\n\n<#attach ./x |>');
    assert.ok((await labels(attributes.uri, attributes.position)).includes('charset'));
  });

  it('takes a completion as it is typed', async () => {
    const { editor, uri } = await at('To: a@b\nImpor|');
    const list = await executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      uri,
      editor.selection.active,
    );
    const item = list.items.find(({ label }) => (typeof label === 'string' ? label : label.label) === 'Importance');
    assert.equal(item?.insertText, 'Importance: ');
    assert.equal(item?.command?.command, 'editor.action.triggerSuggest');
  });

  it('knows the addresses, files and servers of the workspace', async () => {
    await open('template.eml');
    const addresses = await at('To: |');
    await until('an address of another document', async () =>
      (await labels(addresses.uri, addresses.position)).includes('Ann <ann@example.com>'),
    );
    const files = await at('To: a@b\n\n<#inline ./images/|>', 'paths.eml');
    await until('a picture of the workspace', async () =>
      (await labels(files.uri, files.position)).includes('logo.png'),
    );
    await setSetting('servers', { staging: { host: 'localhost' } });
    const servers = await at('@server: |\nTo: a@b\n');
    assert.deepEqual((await labels(servers.uri, servers.position)).sort(), ['inbox', 'staging']);
  });

  it('notices files that come', async () => {
    const { uri, position } = await at('To: a@b\n\n<#attach ./|>', 'paths.eml');
    await vscode.workspace.fs.writeFile(fileUri('brand-new.bin'), Buffer.from('x'));
    await until('the new file', async () => (await labels(uri, position)).includes('brand-new.bin'));
    await vscode.workspace.fs.delete(fileUri('brand-new.bin'));
    await until('no such file', async () => !(await labels(uri, position)).includes('brand-new.bin'));
  });

  it('completes and tells the variables of the data', async () => {
    const { uri, position } = await at('@data: ./data/welcome.json\nTo: a@b\n\nHi {{user.|first}}', 'variables.eml');
    await until('the variables', async () => (await labels(uri, position)).includes('email'));
    assert.match(await hovered(uri, position), /user\.first[\s\S]*Jo/);
  });

  it('has the variables of data in the first list that is asked for', async () => {
    await vscode.workspace.fs.writeFile(fileUri('data/first.json'), Buffer.from('{ "only": { "here": 1 } }'));
    const { document, position } = await at('@data: ./data/first.json\nTo: a@b\n\nHi {{|', 'first-list.eml');
    // As in a window that has just opened: what the features know is gathered from here on.
    const { Knowledge } = await import('../../src/vscode/language/knowledge.ts');
    const { completionItems } = await import('../../src/vscode/language/completion-items.ts');
    const quiet = new vscode.EventEmitter<never>();
    const knowledge = new Knowledge({ onDidCompose: quiet.event, onDidClose: quiet.event } as never);
    const list = await completionItems(document, position, knowledge);
    knowledge.dispose();
    const names = list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    assert.ok(names.includes('only'), names.join());
  });

  it('tells what stands under the mouse', async () => {
    const field = await at('Re|ply-To: a@b');
    assert.match(await hovered(field.uri, field.position), /Where answers go\.[\s\S]*rfc5322/);
    const file = await at('To: a@b\n\n<#inline ./images/lo|go.png id=x>', 'hover.eml');
    assert.match(
      await hovered(file.uri, file.position),
      /logo\.png`: [\d,.]+ (?:bytes|KB), `image\/png`[\s\S]*!\[\]\(file:.*logo\.png\|height=160\)/,
    );
    const outside = await at('To: a@b\n\n<#attach ../../|x>', 'outside.eml');
    assert.match(await hovered(outside.uri, outside.position), /outside of the workspace/);
  });

  it('has an outline, folds and links', async () => {
    const { document } = await open('html-with-picture.eml');
    const symbols = await executeCommand<vscode.DocumentSymbol[]>('vscode.executeDocumentSymbolProvider', document.uri);
    assert.deepEqual(
      symbols.map(({ name }) => name),
      ['From', 'To', 'Cc', 'Subject', 'text/plain', 'text/html', 'logo.png', 'Übersicht Q3.csv'],
    );
    const folds = await executeCommand<vscode.FoldingRange[]>('vscode.executeFoldingRangeProvider', document.uri);
    assert.ok(
      folds.some(
        ({ start, end }) =>
          document.lineAt(start).text.startsWith('<#part') && document.lineAt(end).text === '<#/part>',
      ),
    );
    const links = await executeCommand<vscode.DocumentLink[]>('vscode.executeLinkProvider', document.uri);
    const targets = links.map(({ target }) => target?.toString() ?? '');
    assert.ok(targets.includes(fileUri('images/logo.png').toString()), targets.join(' '));
    assert.ok(targets.includes('mailto:jo%40example.org'), targets.join(' '));
  });

  it('finds and renames the id of a picture', async () => {
    const { document, uri, position } = await at(picture);
    const definitions = await executeCommand<vscode.Location[]>('vscode.executeDefinitionProvider', uri, position);
    assert.deepEqual(
      definitions.map(({ range }) => range.start.line),
      [5],
    );
    const references = await executeCommand<vscode.Location[]>('vscode.executeReferenceProvider', uri, position);
    assert.deepEqual(references.map(({ range }) => range.start.line).sort(), [3, 5]);
    const edit = await executeCommand<vscode.WorkspaceEdit>(
      'vscode.executeDocumentRenameProvider',
      uri,
      position,
      'mark',
    );
    await vscode.workspace.applyEdit(edit);
    assert.equal(
      document.getText(),
      picture.replace('|', '').replaceAll('logo">', 'mark">').replace('id=logo', 'id=mark'),
    );
    await assert.rejects(async () => executeCommand('vscode.executeDocumentRenameProvider', uri, position, 'a b'));
  });

  it('formats the header', async () => {
    const { document, uri } = await at('to:a@b.example |\nSUBJECT:  Hi\n\nbody');
    const edits = await executeCommand<vscode.TextEdit[]>('vscode.executeFormatDocumentProvider', uri, {
      tabSize: 2,
      insertSpaces: true,
    });
    const edit = new vscode.WorkspaceEdit();
    edit.set(uri, edits);
    await vscode.workspace.applyEdit(edit);
    assert.equal(document.getText(), 'To: a@b.example\nSubject: Hi\n\nbody');
  });

  it('folds and unfolds a field', async () => {
    const { document, uri, position } = await at('To: a@b.example,|\n  c@d.example\n\nHi');
    const actions = await executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      uri,
      new vscode.Range(position, position),
      vscode.CodeActionKind.RefactorRewrite.value,
      10,
    );
    const unfold = actions.find(({ title }) => title === 'Unfold this field');
    assert.ok(unfold?.edit);
    await vscode.workspace.applyEdit(unfold.edit);
    assert.equal(document.getText(), 'To: a@b.example,  c@d.example\n\nHi');
  });

  it('grows the selection', async () => {
    const { uri, position } = await at('To: Ann <an|n@a.example>, b@c\n\nHi');
    const [range] = await executeCommand<vscode.SelectionRange[]>('vscode.executeSelectionRangeProvider', uri, [
      position,
    ]);
    assert.equal(range?.range.end.character, 12);
    assert.equal(range?.parent?.range.start.character, 9);
  });

  it('warns of a forgotten attachment, explains it and silences it', async () => {
    const text = 'From: a@b.example\nTo: c@d.example\nSubject: Hi\n\nThe report is attached.\n';
    const { document, uri } = await at(`|${text}`);
    const [diagnostic] = await until('the advice', () => {
      const found = vscode.languages.getDiagnostics(uri);
      return found.length > 0 && found;
    });
    assert.deepEqual(codes(uri), ['attachment-forgotten']);
    const target = typeof diagnostic?.code === 'object' ? diagnostic.code.target : undefined;
    assert.ok(target);
    const help = await vscode.workspace.openTextDocument(target);
    assert.match(help.getText(), /^# attachment-forgotten\n[\s\S]*mailbench-ignore attachment-forgotten/);
    const actions = await executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      uri,
      diagnostic?.range,
      vscode.CodeActionKind.QuickFix.value,
    );
    assert.deepEqual(
      actions.map(({ title }) => title),
      ['Attach a file…', 'Silence attachment-forgotten for this line'],
    );
    assert.ok(actions[1]?.edit);
    await vscode.workspace.applyEdit(actions[1].edit);
    assert.match(document.getText(), /\n<#-- mailbench-ignore attachment-forgotten -->\nThe report/);
    await until('silence', () => codes(uri).length === 0);
  });

  it('goes by the severity that is set', async () => {
    const { editor, uri } = await at('|From: a@b.example\nTo: c@d.example\nSubject: Hi\n\nSee the attachment.\n');
    await until(
      'the warning',
      () => vscode.languages.getDiagnostics(uri)[0]?.severity === vscode.DiagnosticSeverity.Warning,
    );
    await setSetting('check.severity', { 'attachment-forgotten': 'error' });
    await until(
      'the error',
      () => vscode.languages.getDiagnostics(uri)[0]?.severity === vscode.DiagnosticSeverity.Error,
    );
    await setSetting('check.severity', { 'attachment-forgotten': 'off' });
    await until('nothing', () => codes(uri).length === 0);
    await setSetting('check.severity', {});
    await setSetting('check.attachmentWords', ['Anhang']);
    await replaceAll(editor, 'From: a@b.example\nTo: c@d.example\nSubject: Hi\n\nattached im Anhang\n');
    await until('the other word', () => vscode.languages.getDiagnostics(uri)[0]?.range.start.character === 12);
  });

  it('attaches and shows what is dropped or pasted', async () => {
    const { editor, document, uri } = await at('From: a@b.example\nTo: c@d.example\n\nHi|\n', 'drop.eml');
    await vscode.env.clipboard.writeText('');
    // No command stands for a drop: the paste of a list of files goes the same way.
    const { dropEdits } = await import('../../src/vscode/language/drop-and-paste.ts');
    const transfer = new vscode.DataTransfer();
    transfer.set('text/uri-list', new vscode.DataTransferItem(`${fileUri('data/q3.csv')}\r\n`));
    const [drop] = await dropEdits(document, editor.selection.active, transfer);
    assert.ok(drop?.additionalEdit);
    await vscode.workspace.applyEdit(drop.additionalEdit);
    assert.equal(document.getText(), 'From: a@b.example\nTo: c@d.example\n\nHi\n<#attach ./data/q3.csv>\n');
    transfer.set('text/uri-list', new vscode.DataTransferItem('file:///etc/passwd'));
    assert.deepEqual(await dropEdits(document, editor.selection.active, transfer), []);
    await until('no problem', () => codes(uri).length === 0);
  });

  it('converts a finished message', async () => {
    const message = [
      'MIME-Version: 1.0',
      'From: =?utf-8?Q?Zo=C3=AB?= <a@b.example>',
      'To: c@d.example',
      'Subject: Hi',
      'Content-Type: multipart/mixed; boundary=x',
      '',
      '--x',
      '',
      'Text',
      '--x',
      'Content-Type: application/pdf; name="../evil.pdf"',
      'Content-Transfer-Encoding: base64',
      '',
      'JVBERi0xLjQ=',
      '--x--',
      '',
    ].join('\r\n');
    await openFile('received.eml', message);
    const uri = await executeCommand<vscode.Uri>('mailbench.convert');
    assert.equal(uri.toString(), fileUri('received-composed.eml').toString());
    assert.equal(
      vscode.window.activeTextEditor?.document.getText(),
      'From: Zoë <a@b.example>\nTo: c@d.example\nSubject: Hi\n\nText\n<#attach ./received-files/_evil.pdf name=../evil.pdf>\n',
    );
    assert.equal(
      Buffer.from(await vscode.workspace.fs.readFile(fileUri('received-files/_evil.pdf'))).toString(),
      '%PDF-1.4',
    );
    // Once more: nothing is overwritten.
    const again = await executeCommand<vscode.Uri>('mailbench.convert', fileUri('received.eml'));
    assert.equal(again.toString(), fileUri('received-composed-2.eml').toString());
    await until('no problem', () => codes(again).length === 0);
  });
});
