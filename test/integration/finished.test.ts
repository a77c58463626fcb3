import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { at } from './support/cursor.ts';
import { closeAll, restoreSettings } from './support/workbench.ts';

const { executeCommand } = vscode.commands;

const message = (encoding: string, html: string): string =>
  [
    'MIME-Version: 1.0',
    'Content-Type: multipart/related; boundary=b',
    '',
    '--b',
    'Content-Type: text/html; charset=utf-8',
    `Content-Transfer-Encoding: ${encoding}`,
    '',
    html,
    '--b',
    'Content-Type: image/png',
    'Content-ID: <lo|go@x>',
    'Content-Transfer-Encoding: base64',
    '',
    'iVBORw0K',
    '--b--',
    '',
  ].join('\n');

describe('writing in a finished message', () => {
  afterEach(async () => {
    await closeAll();
    await restoreSettings();
  });

  it('finds and renames the id of a part, in quoted-printable too', async () => {
    const { document, uri, position } = await at(
      message('quoted-printable', '<img src=3D"cid:logo@x" alt=3D"=C3=A9">'),
    );
    const references = await executeCommand<vscode.Location[]>('vscode.executeReferenceProvider', uri, position);
    assert.deepEqual(references.map(({ range }) => document.getText(range)).sort(), ['logo@x', 'logo@x']);
    const inHtml = document.positionAt(document.getText().indexOf('logo@x'));
    const definitions = await executeCommand<vscode.Location[]>('vscode.executeDefinitionProvider', uri, inHtml);
    assert.deepEqual(
      definitions.map(({ range }) => document.lineAt(range.start.line).text),
      ['Content-ID: <logo@x>'],
    );
    const edit = await executeCommand<vscode.WorkspaceEdit>(
      'vscode.executeDocumentRenameProvider',
      uri,
      position,
      'a=b',
    );
    await vscode.workspace.applyEdit(edit);
    assert.match(document.getText(), /<img src=3D"cid:a=3Db" alt=3D"=C3=A9">[\s\S]*\nContent-ID: <a=b>\n/);
  });

  it('says why an id can’t be renamed', async () => {
    const { uri, position } = await at(message('base64', 'PGltZyBzcmM9ImNpZDpsb2dvQHgiPg=='));
    await assert.rejects(
      async () => executeCommand('vscode.executeDocumentRenameProvider', uri, position, 'new'),
      /HTML of the message is in base64, where its cid: links can’t be renamed/,
    );
  });
});
