import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { lf, read } from './support/messages.ts';
import { Person } from './support/person.ts';
import { until } from './support/until.ts';
import {
  closeAll,
  fileBytes,
  open,
  openText,
  previewTabs,
  restoreSettings,
  sendAndSee,
  shownUris,
  transcriptHolds,
} from './support/workbench.ts';

describe('Send Email, with nothing configured', () => {
  let person: Person;
  before(closeAll);
  beforeEach(() => {
    person = new Person();
  });
  afterEach(async () => {
    person.leave();
    await closeAll();
  });

  const send = () => vscode.commands.executeCommand('mailbench.send');

  it('shows the message as its recipient would see it, beside the one who writes on', async () => {
    const editor = await open('welcome.eml');
    await send();
    await until('the preview', () => previewTabs().includes('Hello from Mailbench – it works!'));
    assert.deepEqual(shownUris(), []);
    assert.equal(vscode.window.tabGroups.all.length, 2);
    assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), editor.document.uri.toString());
    assert.deepEqual(person.told, []);
  });

  it('shows the next one in the same tab', async () => {
    await open('welcome.eml');
    await send();
    await until('the preview', () => previewTabs().includes('Hello from Mailbench – it works!'));
    await open('chinese-gb2312.eml');
    await send();
    await until('the other message', () => previewTabs().includes('你好，来自 Mailbench'));
    assert.deepEqual(previewTabs(), ['你好，来自 Mailbench']);
    await open('template.eml');
    await vscode.commands.executeCommand('mailbench.preview');
    await until('a preview of its own', () => previewTabs().includes('Preview: template.eml'));
    assert.equal(previewTabs().length, 2);
  });

  it('closes the preview of a message that is deleted, and opens its source before that', async () => {
    await open('welcome.eml');
    await send();
    const tab = 'Hello from Mailbench – it works!';
    await until('the preview', () => previewTabs().includes(tab));
    await vscode.commands.executeCommand('workbench.action.focusSecondEditorGroup');
    await vscode.commands.executeCommand('mailbench.inbox.openSource');
    const uri = await until('the source', () => shownUris()[0]);
    assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), uri.toString());
    assert.match(Buffer.from(await vscode.workspace.fs.readFile(uri)).toString(), /^Subject: Hello from Mailbench/m);
    await vscode.commands.executeCommand('mailbench.inbox.delete');
    await until('no preview', () => previewTabs().length === 0);
  });
});

describe('what Send Email brings to the Local Inbox', () => {
  let person: Person;
  before(closeAll);
  beforeEach(() => {
    person = new Person();
  });
  afterEach(async () => {
    person.leave();
    await closeAll();
  });
  after(restoreSettings);

  it('brings the plain note', async () => {
    const editor = await open('welcome.eml');
    const { uri, octets } = await sendAndSee();
    assert.equal(uri.path.split('/').at(-1), 'Hello from Mailbench – it works!.eml');
    const mail = await read(octets);
    assert.deepEqual(mail.from, { name: 'Ann Zoë', address: 'ann@example.com' });
    assert.deepEqual(mail.to, [{ name: 'Doe, Jo', address: 'jo@example.org' }]);
    assert.equal(mail.subject, 'Hello from Mailbench – it works!');
    const source = editor.document.getText();
    assert.equal(lf(mail.text), source.slice(source.indexOf('\n\n') + 2));
    assert.equal(mail.html, undefined);
    assert.deepEqual(mail.attachments, []);
    assert.deepEqual(person.told, []);
    // The one who writes goes on writing.
    assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), editor.document.uri.toString());
  });

  it('writes the whole session into the transcript', async () => {
    await open('welcome.eml');
    const { octets } = await sendAndSee();
    const text = await transcriptHolds('1 of 1 recipient accepted');
    const session = text.slice(text.lastIndexOf('Connecting to'));
    const steps = [
      /^<- {2}220 mailbench\.local /m,
      /^ -> EHLO /m,
      /^ -> MAIL FROM:<ann@example\.com>/m,
      /^ -> RCPT TO:<jo@example\.org>/m,
      /^ -> DATA$/m,
      /^<- {2}354 /m,
      new RegExp(`^ -> \\[${octets.length.toLocaleString('en-US')} bytes of message, \\d+ lines\\]$`, 'm'),
      /^<- {2}250 /m,
      /1 of 1 recipient accepted/,
      /^ -> QUIT$/m,
    ];
    for (const step of steps) assert.match(session, step);
  });

  it('brings HTML with its picture and attachment, part by part', async () => {
    await open('html-with-picture.eml');
    const { octets } = await sendAndSee();
    const mail = await read(octets);
    assert.equal(mail.subject, 'Quarterly figures – Q3 📈');
    assert.deepEqual(mail.to, [
      { name: 'Jo Doe', address: 'jo@example.org' },
      {
        name: 'Sales team',
        group: [
          { name: '', address: 'li@example.org' },
          { name: '', address: 'maria@example.org' },
        ],
      },
    ]);
    assert.deepEqual(mail.cc, [{ name: '', address: 'audit@example.com' }]);
    const source = vscode.window.activeTextEditor?.document.getText() ?? '';
    const html = /<#part type=text\/html>\n([\s\S]*)<#\/part>/.exec(source)?.[1];
    // The reader adds a line end of its own to each of several parts.
    assert.equal(lf(mail.text), `${source.slice(source.indexOf('\n\n') + 2, source.indexOf('<#part'))}\n`);
    assert.equal(lf(mail.html), `${html}\n`);
    const [picture, table] = mail.attachments;
    assert.equal(mail.attachments.length, 2);
    assert.equal(picture?.mimeType, 'image/png');
    assert.equal(picture?.contentId, '<logo>');
    assert.equal(picture?.related, true);
    assert.deepEqual(Buffer.from(picture?.content as ArrayBuffer), fileBytes('images/logo.png'));
    assert.equal(table?.mimeType, 'text/csv');
    assert.equal(table?.filename, 'Übersicht Q3.csv');
    assert.equal(table?.disposition, 'attachment');
    assert.deepEqual(Buffer.from(table?.content as ArrayBuffer), fileBytes('data/q3.csv'));
  });

  it('brings Chinese text in gb2312', async () => {
    await open('chinese-gb2312.eml');
    const { octets } = await sendAndSee();
    assert.match(Buffer.from(octets).toString('latin1'), /charset="?gb2312"?/i);
    const mail = await read(octets);
    assert.equal(mail.from?.name, '小王');
    assert.equal(mail.subject, '你好，来自 Mailbench');
    assert.equal(lf(mail.html), '<p>这是一个<strong>测试邮件</strong>，附件的名字也是中文。</p>\n');
    assert.equal(mail.attachments[0]?.filename, '第三季度报表.csv');
  });

  it('reads as finished what came without a MIME-Version', async () => {
    await openText(
      [
        '@raw: on',
        'From: a@b.example',
        'To: c@d.example',
        'Subject: Old',
        'Content-Type: multipart/mixed; boundary=b1',
        '',
        '--b1',
        'Content-Type: text/html',
        '',
        '<p>Hi</p>',
        '--b1--',
        '',
      ].join('\n'),
    );
    const { uri, octets } = await sendAndSee();
    assert.doesNotMatch(Buffer.from(octets).toString(), /MIME-Version/i);
    const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
      'vscode.executeDocumentSymbolProvider',
      uri,
    );
    assert.ok(symbols.some(({ name }) => name === 'text/html'));
  });

  it('fills in the template from its data', async () => {
    await open('template.eml');
    const { octets } = await sendAndSee();
    const mail = await read(octets);
    assert.deepEqual(mail.to, [{ name: 'Doe, Jo', address: 'jo@example.org' }]);
    assert.equal(mail.subject, 'Your order 2024-0817, Jo');
    assert.match(mail.text ?? '', /2 x Envelopes & stamps/);
    assert.match(mail.html ?? '', /<td>Envelopes &amp; stamps<\/td>/);
    assert.match(mail.html ?? '', /src="cid:[^"]+"/);
    assert.equal(mail.attachments[0]?.mimeType, 'image/png');
  });

  it('sends what was never saved', async () => {
    await openText('From: ann@example.com\nTo: jo@example.org\nSubject: Unsaved\n\nHi\n');
    const { octets } = await sendAndSee();
    assert.equal(lf((await read(octets)).text), 'Hi\n');
  });

  it('sends again, as another message', async () => {
    await open('welcome.eml');
    const first = await read((await sendAndSee()).octets);
    const second = await read((await sendAndSee()).octets);
    assert.ok(first.messageId);
    assert.notEqual(first.messageId, second.messageId);
  });

  it('sends a captured message again as its bytes stand', async () => {
    await open('welcome.eml');
    const first = await sendAndSee();
    await vscode.window.showTextDocument(first.uri);
    person.pick('inbox');
    await vscode.commands.executeCommand('mailbench.resend');
    const again = await until('the second copy', () =>
      shownUris().find(
        (uri) => uri.query !== first.uri.query && uri.path.endsWith('/Hello from Mailbench – it works!.eml'),
      ),
    );
    assert.deepEqual(await vscode.workspace.fs.readFile(again), first.octets);
  });
});
