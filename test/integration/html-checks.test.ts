import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { at, codes, quickFixes } from './support/cursor.ts';
import { until } from './support/until.ts';
import { closeAll, replaceAll, restoreSettings, setSetting } from './support/workbench.ts';

const mail = (html: string): string =>
  `From: a@b.example\nTo: c@d.example\nSubject: Spring\n\nWords and more words.\n<#part type=text/html>\n<!DOCTYPE html>\n<html lang="en"><head><title>Spring</title></head>\n<p>Words and more words, so many that nobody takes the picture for all of it.</p>\n${html}\n</html>\n<#/part>\n`;

const { Error: ERROR, Information, Warning } = vscode.DiagnosticSeverity;

function found(uri: vscode.Uri, code: string): vscode.Diagnostic | undefined {
  return vscode.languages
    .getDiagnostics(uri)
    .find((each) => each.source === 'mailbench' && typeof each.code === 'object' && each.code.value === code);
}

describe('the HTML while it is written', () => {
  afterEach(async () => {
    await closeAll();
    await restoreSettings();
  });

  it('is marked at its place, mended by a fix, and follows the typing', async () => {
    const { editor, document, uri } = await at(
      mail('|<a href="http://a.example/">x</a><img src="https://a.example/spring-sale.png" width="1">'),
    );
    const missing = await until('the missing alt', () => found(uri, 'image-without-alt'));
    assert.equal(missing.severity, Warning);
    assert.equal(document.getText(missing.range), '<img src="https://a.example/spring-sale.png" width="1">');
    const insecure = found(uri, 'link-insecure');
    assert.deepEqual(
      [insecure?.severity, insecure && document.getText(insecure.range)],
      [Information, 'href="http://a.example/"'],
    );
    const hinted = found(uri, 'client-support');
    assert.ok(hinted && hinted.severity > Warning);
    const target = typeof missing.code === 'object' ? missing.code.target : undefined;
    const help = await vscode.workspace.openTextDocument(target!);
    assert.match(help.getText(), /^# image-without-alt\n/);
    // The editor drops a question for which a provider, of whatever extension, comes or goes meanwhile.
    const fixes = await until('the fixes', async () => {
      const found = await quickFixes(uri, missing.range);
      return found.length > 0 && found;
    });
    assert.deepEqual(
      fixes.map(({ title }) => title).filter((title) => !/Silence (?!image-without-alt)/.test(title)),
      ['Add alt="spring sale"', 'Add alt="", for a decoration', 'Silence image-without-alt for this line'],
    );
    await vscode.workspace.applyEdit(fixes[0]!.edit!);
    assert.match(document.getText(), /<img alt="spring sale" src/);
    await until('no missing alt', () => !codes(uri).includes('image-without-alt'));
    await replaceAll(editor, mail('<p>Nothing</p>'));
    await until('nothing', () => !codes(uri).includes('link-insecure'));
  });

  it('is marked in the base64 of a finished message', async () => {
    const html = `<p>Words and more words</p>\n${'<br>\n'.repeat(20)}<a href="http://a.example/">Words</a>`;
    const lines = Buffer.from(html)
      .toString('base64')
      .match(/.{1,76}/g)!;
    const head = 'From: a@b.example\nTo: c@d.example\nSubject: s\nMIME-Version: 1.0\nContent-Type: text/html\n';
    const { document, uri } = await at(`|${head}Content-Transfer-Encoding: base64\n\n${lines.join('\n')}\n`);
    const { range } = await until('the link', () => found(uri, 'link-insecure'));
    const first = document.getText(new vscode.Range(new vscode.Position(7, 0), range.start)).replace(/\s/g, '');
    const data = 'A'.repeat(first.length % 4) + document.getText(range).replace(/\s/g, '');
    assert.match(Buffer.from(data, 'base64').toString('latin1'), /href="http:\/\/a\.example\/"/);
    assert.ok(range.start.line >= 8 && range.end.line - range.start.line <= 1);
  });

  it('has the fixes of what stands there, asked for in the moment after a letter', async () => {
    const { editor, uri } = await at(mail('|<img src="https://a.example/spring-sale.png" width="1">'));
    const { range } = await until('the missing alt', () => found(uri, 'image-without-alt'));
    await until('the fixes', async () => (await quickFixes(uri, range)).length > 0);
    // A line more above: the mark goes down with its text, and the checks have not seen that yet.
    for (let lines = 1; lines <= 3; lines++) {
      await editor.edit((edit) => edit.insert(new vscode.Position(4, 0), 'x\n'));
      const place = range.start.translate(lines, 5);
      const titles = (await quickFixes(uri, new vscode.Range(place, place))).map(({ title }) => title);
      assert.ok(titles.includes('Add alt="spring sale"'), `after ${lines} lines: ${titles.join('; ')}`);
    }
  });

  it('goes by the switches, the severities and what is silenced', async () => {
    const { document, uri } = await at(mail('|<a href="http://a.example/">x</a>'));
    await until('the finding', () => found(uri, 'link-insecure'));
    await setSetting('check.severity', { 'link-insecure': 'error' });
    const raised = await until('the error', () => {
      const one = found(uri, 'link-insecure');
      return one?.severity === ERROR && one;
    });
    const silence = (await quickFixes(uri, raised.range)).find(({ title }) => title.startsWith('Silence'));
    assert.ok(silence?.edit);
    await vscode.workspace.applyEdit(silence.edit);
    assert.match(document.getText(), /\n<#-- mailbench-ignore link-insecure -->\n<a href/);
    await until('silence', () => !codes(uri).includes('link-insecure'));
    const other = await at(mail('|<a href="#none">x</a>'));
    await until('the other', () => found(other.uri, 'link-anchor-missing'));
    await setSetting('check.links', false);
    await until('no links', () => !codes(other.uri).includes('link-anchor-missing'));
    await setSetting('check.links', true);
    await until('links again', () => found(other.uri, 'link-anchor-missing'));
    await setSetting('check.whileWriting', false);
    await until('nothing while it is written', () => !codes(other.uri).includes('link-anchor-missing'));
  });

  it('offers to silence what a setting made an error', async () => {
    await setSetting('check.severity', { 'attachment-forgotten': 'error' });
    const { uri } = await at('|From: a@b.example\nTo: c@d.example\nSubject: Hi\n\nThe report is attached.\n');
    const error = await until('the error', () => found(uri, 'attachment-forgotten'));
    assert.equal(error.severity, ERROR);
    const titles = (await quickFixes(uri, error.range)).map(({ title }) => title);
    assert.ok(titles.includes('Silence attachment-forgotten for this line'), titles.join('; '));
  });

  it('is said to be unchecked where it is too long, and nothing waits for it', async () => {
    const { uri } = await at(mail(`|<p>${'words '.repeat(180_000)}</p>`));
    const told = await until('the word', () => found(uri, 'html-unchecked'));
    assert.match(told.message, /^The HTML is not checked while it is written: 1,\d{3},\d{3} characters are too many\./);
  });
});
