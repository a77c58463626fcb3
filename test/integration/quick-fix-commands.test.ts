import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { codeOf, codes, quickFixes } from './support/cursor.ts';
import { Person } from './support/person.ts';
import { until } from './support/until.ts';
import { closeAll, fileUri, openFile, tabUris } from './support/workbench.ts';

const HEADER = 'From: ann@example.com\nTo: jo@example.org\nSubject: Hi\n';
const logo = '<#attach ./images/logo.png>';

/** The fix of a document's problem that is more than an edit, and what it would run. */
async function fixOf(document: vscode.TextDocument, code: string, title: string): Promise<vscode.Command> {
  const { range } = await until(code, () =>
    vscode.languages.getDiagnostics(document.uri).find((each) => codeOf(each) === code),
  );
  const action = await until(title, async () =>
    (await quickFixes(document.uri, range)).find((each) => each.title === title),
  );
  assert.ok(action.command);
  assert.ok((await vscode.commands.getCommands(true)).includes(action.command.command), action.command.command);
  return action.command;
}

const run = ({ command, arguments: values = [] }: vscode.Command) => vscode.commands.executeCommand(command, ...values);

describe('a quick fix that asks or leads on', () => {
  let person: Person;
  let name = '';
  let count = 0;
  beforeEach(() => {
    person = new Person();
    // An editor may know for a while what another file of that name held.
    name = `quick-fix-command-${count++}.eml`;
  });
  afterEach(async () => {
    person.leave();
    await closeAll();
    await vscode.workspace.fs.delete(fileUri(name)).then(undefined, () => undefined);
  });

  const paths: readonly (readonly [code: string, written: string, mended: string])[] = [
    ['file-missing', '<#attach ./nowhere.zip>', logo],
    ['file-is-directory', '<#attach ./data>', logo],
    ['file-outside', '<#attach ../outside.png name=x.png>', '<#attach ./images/logo.png name=x.png>'],
    ['bad-path', '<#attach https://a.example/logo.png>', logo],
    ['bad-path', '<#attach "">', logo],
    ['path-missing', '<#attach>', logo],
    ['path-missing', '<#attach name=x.png>', '<#attach ./images/logo.png name=x.png>'],
  ];
  for (const [code, written, mended] of paths)
    it(`${code}: ${written} names the file that was chosen`, async () => {
      const { document } = await openFile(name, `${HEADER}\nHello\n${written}\n`);
      const fix = await fixOf(document, code, 'Choose a file…');
      person.choose([fileUri('images/logo.png')]);
      await run(fix);
      assert.equal(document.getText(), `${HEADER}\nHello\n${mended}\n`);
      await until('no problem', () => !codes(document.uri).includes(code));
    });

  it('Choose a file… leaves the document alone where none is chosen, or one of elsewhere', async () => {
    const { document } = await openFile(name, `${HEADER}\nHello\n<#attach ./data>\n`);
    const before = document.getText();
    const fix = await fixOf(document, 'file-is-directory', 'Choose a file…');
    person.choose([]);
    await run(fix);
    assert.deepEqual(person.told, []);
    person.choose([vscode.Uri.file('/etc/hostname')]);
    await run(fix);
    await person.hears('Only files of the workspace can be attached');
    assert.equal(document.getText(), before);
  });

  it('Choose a file… writes nothing into a document that was changed meanwhile', async () => {
    const editor = await openFile(name, `${HEADER}\nHello\n<#attach ./data>\n`);
    const { document } = editor;
    const fix = await fixOf(document, 'file-is-directory', 'Choose a file…');
    person.choose([fileUri('images/logo.png')], () =>
      editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '# Draft\n')),
    );
    await run(fix);
    await person.hears('write the path ./images/logo.png yourself');
    assert.equal(document.getText(), `# Draft\n${HEADER}\nHello\n<#attach ./data>\n`);
  });

  it('attachment-forgotten: attaches the files that are chosen', async () => {
    const { document } = await openFile(name, `${HEADER}\nPlease find attached the list.\n`);
    const fix = await fixOf(document, 'attachment-forgotten', 'Attach a file…');
    person.choose([fileUri('images/logo.png'), fileUri('data/q3.csv')]);
    await run(fix);
    assert.equal(document.getText(), `${HEADER}\nPlease find attached the list.\n${logo}\n<#attach ./data/q3.csv>\n`);
    await until('no problem', () => !codes(document.uri).includes('attachment-forgotten'));
  });

  it('dkim-key-missing: opens the setting of the keys', async () => {
    const { document } = await openFile(name, `@dkim: sel@example.com\n${HEADER}\nHello\n`);
    await run(await fixOf(document, 'dkim-key-missing', 'Open the setting of the keys'));
    await until('the settings', () =>
      vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(({ label }) => label === 'Settings')),
    );
  });

  const finished: readonly (readonly [code: string, text: string])[] = [
    ['comment-in-finished', `MIME-Version: 1.0\n# Draft\n${HEADER}\nHello\n`],
    ['setting-in-finished', `MIME-Version: 1.0\n@css: inline\n${HEADER}\nHello\n`],
    ['directive-in-finished', `MIME-Version: 1.0\n${HEADER}\nHello\n${logo}\n`],
    ['finished-line-too-long', `MIME-Version: 1.0\n${HEADER}\n${'x'.repeat(999)}\n`],
  ];
  for (const [code, text] of finished)
    it(`${code}: converts the message to a composed document`, async () => {
      const { document } = await openFile(name, text);
      const fix = await fixOf(document, code, 'Convert to a composed document');
      await run(fix);
      const made = await until('the composed document', () => tabUris().find(({ path }) => !path.endsWith(name)));
      const composed = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === made.toString());
      assert.match(composed?.getText() ?? '', /^From: ann@example\.com$/m);
      assert.doesNotMatch(composed?.getText() ?? '', /^MIME-Version/m);
      assert.equal(document.getText(), text);
    });
});
