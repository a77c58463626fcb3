import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { at } from './support/cursor.ts';
import { closeAll, restoreSettings } from './support/workbench.ts';

const toggle = () => vscode.commands.executeCommand('mailbench.toggleComment');

const html = '<#part type=text/html>\n<p>Hi</p>\n<#/part>\n';

describe('Toggle Line Comment in a mail', () => {
  afterEach(async () => {
    await closeAll();
    await restoreSettings();
  });

  it('makes notes of body lines and comments of header lines, with several cursors, and takes them back', async () => {
    const text = `To: a@b.example\nSubj|ect: x\n\nOne\nTwo\n${html}`;
    const { editor, document } = await at(text, 'comments-1.eml');
    const cursor = (line: number) => new vscode.Selection(line, 1, line, 1);
    editor.selections = [cursor(1), cursor(3)];
    await toggle();
    assert.equal(document.getText(), `To: a@b.example\n# Subject: x\n\n<#-- One -->\nTwo\n${html}`);
    await toggle();
    assert.equal(document.getText(), text.replace('|', ''));
  });

  it('knows the comments of HTML', async () => {
    const { document } = await at(`To: a@b.example\n\n${html.replace('Hi', 'H|i')}`, 'comments-2.eml');
    await toggle();
    assert.match(document.getText(), /\n<!-- <p>Hi<\/p> -->\n/);
    await toggle();
    assert.ok(document.getText().endsWith(html));
  });

  it('changes nothing in the body of a finished message', async () => {
    const { document } = await at('MIME-Version: 1.0\nTo: a@b.example\n\nO|ne\n', 'comments-3.eml');
    await toggle();
    assert.ok(document.getText().endsWith('\n\nOne\n'));
  });
});
