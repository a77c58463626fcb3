import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';

describe('the extension in VS Code', () => {
  it('is found and activates', async () => {
    const extension = vscode.extensions.getExtension('mailbench.mailbench');
    assert.ok(extension);
    await extension.activate();
    assert.equal(extension.isActive, true);
  });
});
