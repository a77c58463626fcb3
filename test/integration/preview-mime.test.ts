import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { schemes } from '../../src/vscode/names.ts';
import { until } from './support/until.ts';
import {
  api,
  closeAll,
  open,
  openFile,
  openText,
  replaceAll,
  restoreSettings,
  sendAndSee,
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

  it('has one tab, for the document that was asked for last', async () => {
    await open('welcome.eml');
    await preview();
    await open('template.eml');
    await vscode.commands.executeCommand('mailbench.previewMime');
    await until('the other preview', () => previews().some((uri) => uri.path === '/MIME: template.eml'));
    assert.equal(previews().length, 1);
  });
});
