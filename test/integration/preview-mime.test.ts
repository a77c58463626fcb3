import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { schemes } from '../../src/vscode/names.ts';
import { until } from './support/until.ts';
import { api, closeAll, open, openText, replaceAll, sendAndSee, tabUris } from './support/workbench.ts';

const previews = () => tabUris().filter((uri) => uri.scheme === schemes.mime);

async function preview(): Promise<vscode.TextDocument> {
  await vscode.commands.executeCommand('mailbench.previewMime');
  const uri = await until('the preview', () => previews()[0]);
  return vscode.workspace.openTextDocument(uri);
}

/** Without the one line that is always fresh. */
const undated = (message: string) => message.replace(/^Date: .*\r\n/m, '');

describe('Preview MIME', () => {
  afterEach(closeAll);

  it('shows the exact bytes that would be sent', async () => {
    const editor = await open('html-with-picture.eml');
    const shown = await preview();
    const { message } = await (await api()).build(editor.document.uri);
    assert.equal(shown.languageId, 'eml');
    assert.equal(shown.eol, vscode.EndOfLine.CRLF);
    assert.equal(undated(shown.getText()), undated(Buffer.from(message ?? []).toString()));
    assert.equal(shown.uri.path, '/Preview: html-with-picture.eml');
    // The focus stays with the one who writes.
    assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), editor.document.uri.toString());
  });

  it('is what is then sent', async () => {
    await open('welcome.eml');
    const shown = undated((await preview()).getText());
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

  it('has one tab, for the document that was asked for last', async () => {
    await open('welcome.eml');
    await preview();
    await open('template.eml');
    await vscode.commands.executeCommand('mailbench.previewMime');
    await until('the other preview', () => previews().some((uri) => uri.path === '/Preview: template.eml'));
    assert.equal(previews().length, 1);
  });
});
