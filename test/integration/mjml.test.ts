import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { decodeQuotedPrintableText } from '../../src/mime/quoted-printable-text.ts';
import { api } from './support/workbench.ts';

describe('MJML', () => {
  it('becomes the same HTML in what is bundled, which leaves parts of its libraries out', async () => {
    const folder = join(vscode.extensions.getExtension('mailbench.mailbench')!.extensionPath, 'test/fixtures');
    const mjml = await readFile(join(folder, 'everything.mjml'), 'utf8');
    const text = `From: a@b.example\nTo: c@d.example\nSubject: MJML\n\n<#part type=text/mjml>\n${mjml}<#/part>\n`;
    const { message, problems } = await (await api()).build(text);
    assert.deepEqual(problems, []);
    const whole = Buffer.from(message ?? []);
    assert.match(whole.toString('latin1'), /^Content-Transfer-Encoding: quoted-printable\r$/m);
    const { text: html } = decodeQuotedPrintableText(whole.toString('latin1', whole.indexOf('\r\n\r\n') + 4));
    assert.equal(
      html.replaceAll('\r\n', '\n').trimEnd(),
      (await readFile(join(folder, 'everything.html'), 'utf8')).trimEnd(),
    );
  });
});
