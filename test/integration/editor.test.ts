import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { quickFixes } from './support/cursor.ts';
import { silentServer } from './support/servers.ts';
import { until } from './support/until.ts';
import {
  api,
  closeAll,
  fileBytes,
  fileUri,
  open,
  openFile,
  openText,
  replaceAll,
  restoreSettings,
  setSetting,
} from './support/workbench.ts';

const note = 'From: ann@example.com\nTo: jo@example.org\nSubject: Hi\n\nHello\n';

async function lenses(uri: vscode.Uri): Promise<string[]> {
  const found = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 9);
  return found.map(({ command }) => command?.title ?? '');
}

const codes = (uri: vscode.Uri) =>
  vscode.languages.getDiagnostics(uri).map(({ code }) => String(typeof code === 'object' ? code.value : code));

describe('a document in the editor', () => {
  afterEach(async () => {
    await closeAll();
    await restoreSettings();
  });

  it('has its commands above the first line', async () => {
    const { document } = await open('welcome.eml');
    assert.equal(document.languageId, 'eml');
    assert.deepEqual(await lenses(document.uri), ['Send Email', 'Preview MIME', 'Preview Message', 'server: inbox']);
    await setSetting('server', 'staging');
    assert.deepEqual((await lenses(document.uri)).at(-1), 'server: staging');
  });

  it('offers to send to all records where the data has several', async () => {
    await vscode.workspace.fs.writeFile(fileUri('lens-people.csv'), Buffer.from('name\nAnn\nBob\nCy\n'));
    const editor = await openFile('lens.eml', `@data: ./lens-people.csv\n${note}`);
    const { uri } = editor.document;
    const all = 'Send to All 3 Records';
    await until('the records', async () => (await lenses(uri)).includes(all));
    assert.deepEqual((await lenses(uri)).slice(0, 3), ['Send Email', all, 'Preview MIME']);
    await vscode.workspace.fs.writeFile(fileUri('lens-people.csv'), Buffer.from('name\nAnn\n'));
    await until('one record', async () => !(await lenses(uri)).some((title) => title.startsWith('Send to All')));
    await replaceAll(editor, note);
    assert.equal((await lenses(uri)).length, 4);
  });

  it('names its own server there', async () => {
    const { document } = await openText(`@server: mine\n${note}`);
    assert.deepEqual((await lenses(document.uri)).at(-1), 'server: mine (@server)');
  });

  for (const name of ['welcome.eml', 'html-with-picture.eml', 'chinese-gb2312.eml', 'template.eml']) {
    it(`finds nothing wrong with ${name}`, async () => {
      const { document } = await open(name);
      const { problems } = await (await api()).build(document.getText(), { path: document.uri.fsPath });
      assert.deepEqual(
        problems.map(({ code, message }) => `${code}: ${message}`),
        [],
      );
      // What some client lacks is hinted at, and nothing else is found.
      const others = () => codes(document.uri).filter((code) => code !== 'client-support');
      if (/text\/html/.test(document.getText()) && !name.startsWith('chinese'))
        await until('the hints', () => codes(document.uri).includes('client-support'));
      assert.deepEqual(
        others().filter((code) => !/^(?:language|title)-missing$/.test(code)),
        [],
      );
    });
  }

  it('has its problems marked as it is typed, with their fixes', async () => {
    const editor = await openText(note);
    const { uri } = editor.document;
    await replaceAll(editor, note.replace('jo@example.org', 'jo@example.org; li@example.org'));
    const [diagnostic] = await until('the problem', () => {
      const found = vscode.languages.getDiagnostics(uri);
      return found.length > 0 && found;
    });
    assert.equal(diagnostic?.source, 'mailbench');
    assert.equal(diagnostic?.severity, vscode.DiagnosticSeverity.Error);
    assert.equal(diagnostic?.range.start.line, 1);
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      uri,
      diagnostic?.range,
      vscode.CodeActionKind.QuickFix.value,
    );
    const [action] = actions;
    assert.ok(action?.edit);
    await vscode.workspace.applyEdit(action.edit);
    assert.equal(editor.document.lineAt(1).text, 'To: jo@example.org, li@example.org');
    await until('no problem', () => vscode.languages.getDiagnostics(uri).length === 0);
  });

  it('has the fixes of what stands there, asked for in the moment after a letter', async () => {
    const wrong = note.replace('jo@example.org', 'jo@example.org; li@example.org');
    const editor = await openText(wrong);
    const { uri } = editor.document;
    await until('the problem', () => codes(uri).includes('address-semicolon'));
    // As somebody types on: one of many is asked for before the problems of its text are there.
    for (let letters = 1; letters <= 8; letters++) {
      await editor.edit((edit) => edit.insert(new vscode.Position(4, 0), 'x'));
      const actions = await quickFixes(uri, new vscode.Range(1, 18, 1, 18));
      assert.deepEqual(
        actions.map(({ title }) => title),
        ['Separate the addresses by a comma'],
        `after ${letters} letters`,
      );
    }
  });

  it('notices a file that comes and goes', async () => {
    const file = fileUri('late.txt');
    await vscode.workspace.fs.writeFile(fileUri('late.eml'), Buffer.from(`${note}<#attach ./late.txt>\n`));
    const { document } = await open('late.eml');
    await until('the missing file', () => codes(document.uri).includes('file-missing'));
    await vscode.workspace.fs.writeFile(file, Buffer.from('here'));
    await until('the file', () => codes(document.uri).length === 0);
    await vscode.workspace.fs.delete(file);
    await until('the missing file again', () => codes(document.uri).includes('file-missing'));
  });

  it('notices a file beside a mail that is in no folder of the workspace', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mailbench-outside-'));
    try {
      writeFileSync(join(folder, 'outside.eml'), `${note}<#attach ./late.txt>\n`);
      const { document } = await vscode.window.showTextDocument(vscode.Uri.file(join(folder, 'outside.eml')));
      await until('the missing file', () => codes(document.uri).includes('file-missing'));
      // A watcher begins a moment after it was asked for, and tells of what comes after that.
      await until('the file', async () => {
        writeFileSync(join(folder, 'late.txt'), 'here');
        await new Promise((resolve) => setTimeout(resolve, 1000));
        return codes(document.uri).length === 0;
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('begins with New Email', async () => {
    await vscode.commands.executeCommand('mailbench.new');
    const editor = vscode.window.activeTextEditor;
    assert.equal(editor?.document.languageId, 'eml');
    assert.equal(editor?.document.isUntitled, true);
    assert.match(editor?.document.getText() ?? '', /^From: .+\nTo: .+\nSubject: .+\n\n$/);
    // One with a name would be saved, without a question, at that path from the root of the file system.
    assert.equal(editor?.document.uri.path, 'Untitled-1');
  });
});

describe('the API for other extensions', () => {
  it('parses, builds and sends', async () => {
    const { parse, build, send } = await api();
    const { document, problems } = await parse(note);
    assert.equal(document.kind, 'composed');
    assert.deepEqual(problems, []);
    const path = fileUri('welcome.eml').fsPath;
    const text = fileBytes('welcome.eml').toString();
    const built = await build(text, { path });
    assert.deepEqual(built.envelope, { sender: 'ann@example.com', recipients: ['jo@example.org'] });
    assert.match(Buffer.from(built.message ?? []).toString(), /^MIME-Version: 1\.0\r\n/m);
    const sent = await send(text, { path, server: 'inbox' });
    assert.equal(sent.outcome, 'delivered');
    assert.equal(sent.message, 'The Local Inbox took the message for jo@example.org.');
    assert.deepEqual(
      sent.recipients.map(({ address, status }) => [address, status]),
      [['jo@example.org', 'accepted']],
    );
    await assert.rejects(send(text, { path, server: 'nowhere' }), { kind: 'unknown-server' });
  });

  it('sends where the person sees it, and can cancel it', async () => {
    const server = await silentServer();
    try {
      await setSetting('servers', { silent: { host: '127.0.0.1', port: server.port, security: 'none' } });
      const sending = (await api()).send(note, { server: 'silent' });
      await server.called;
      await vscode.commands.executeCommand('mailbench.cancel');
      assert.equal((await sending).outcome, 'cancelled');
      const controller = new AbortController();
      const again = (await api()).send(note, { server: 'silent', signal: controller.signal });
      controller.abort();
      assert.equal((await again).outcome, 'cancelled');
    } finally {
      await server.close();
      await restoreSettings();
    }
  });
});
