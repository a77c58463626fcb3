/**
 * The least that an extension can do to show typed words in a webview: the changed line, posted at once, put into one element. Any
 * preview takes as long as this does, and then its own time.
 */
const vscode = require('vscode');

/** @param {import('vscode').ExtensionContext} context */
exports.activate = (context) => {
  const show = () => {
    const beside = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    const panel = vscode.window.createWebviewPanel('barePreview', 'Bare Preview', beside, { enableScripts: true });
    panel.webview.html = `<!doctype html><p>Nothing typed yet</p><script>
      addEventListener('message', ({ data }) => { document.querySelector('p').textContent = data; });
    </script>`;
    const typing = vscode.workspace.onDidChangeTextDocument(({ document, contentChanges: [change] }) => {
      if (change) panel.webview.postMessage(document.lineAt(change.range.start.line).text);
    });
    panel.onDidDispose(() => typing.dispose());
  };
  context.subscriptions.push(vscode.commands.registerCommand('barePreview.show', show));
};
