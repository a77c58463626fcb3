/** Runs inside the extension host; see activation.bench.ts. */
const { writeFileSync } = require('node:fs');
const { join } = require('node:path');
const vscode = require('vscode');

const entry = join(__dirname, 'dist', 'extension.cjs');

function memento() {
  const values = new Map();
  return {
    keys: () => [...values.keys()],
    get: (/** @type {string} */ key, /** @type {unknown} */ otherwise) => values.get(key) ?? otherwise,
    update: async (/** @type {string} */ key, /** @type {unknown} */ value) => void values.set(key, value),
    setKeysForSync: () => {},
  };
}

function context() {
  return {
    subscriptions: [],
    globalState: memento(),
    workspaceState: memento(),
    secrets: {
      get: async () => undefined,
      store: async () => {},
      delete: async () => {},
      keys: async () => [],
      onDidChange: new vscode.EventEmitter().event,
    },
    extensionUri: vscode.Uri.file(__dirname),
    extensionPath: __dirname,
    globalStorageUri: vscode.Uri.file(process.env.MAILBENCH_STORAGE ?? ''),
    storageUri: vscode.Uri.file(process.env.MAILBENCH_STORAGE ?? ''),
    extensionMode: vscode.ExtensionMode.Production,
  };
}

exports.run = async () => {
  const times = [];
  for (let round = 0; round < 20; round++) {
    delete require.cache[entry];
    const each = context();
    const began = performance.now();
    require(entry).activate(each);
    times.push(performance.now() - began);
    for (const subscription of each.subscriptions) /** @type {vscode.Disposable} */ (subscription).dispose();
    // What activation set going ends before the next round.
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  writeFileSync(process.env.MAILBENCH_RESULT ?? '', JSON.stringify(times));
};
