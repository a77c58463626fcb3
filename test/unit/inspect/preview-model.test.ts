import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { fileNameOf } from '../../../src/inspect/file-name.ts';
import { findingsOf } from '../../../src/inspect/findings.ts';
import { finishedSource } from '../../../src/inspect/finished-source.ts';
import { inboxLine } from '../../../src/inspect/inbox-line.ts';
import { inspectMessage } from '../../../src/inspect/inspect-message.ts';
import { previewModel } from '../../../src/inspect/preview-model.ts';
import { readMessage } from '../../../src/inspect/read.ts';
import { reportMarkdown } from '../../../src/inspect/report.ts';
import { encodeBase64 } from '../../../src/mime/base64.ts';
import { htmlSentence } from '../../../src/send/sentences/html.ts';

const options = { scheme: 'light', images: true, remote: false, path: [] } as const;
const source = `From: Ann <a@a.example>
To: b@b.example
Subject: =?utf-8?q?Caf=C3=A9?=
Content-Type: multipart/mixed; boundary=m

--m
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: 8bit

<p>Café {{name}}</p>
<img src="https://h.example/a.png" alt="x" width="1">
--m
Content-Type: image/png; name="../../up.png"
Content-Transfer-Encoding: base64

AQID
--m
Content-Type: message/rfc822

Subject: Inner
Content-Type: text/html

<b>inside</b>
--m--
`;
const bytes = new TextEncoder().encode(source.replace(/\n/g, '\r\n'));

describe('inspect/preview-model', () => {
  it('is plain data', async () => {
    const model = previewModel(await readMessage(bytes), options);
    assert.deepEqual(structuredClone(model), model);
    assert.equal(model.inbox.subject, 'Café');
    assert.equal(model.html?.size, 76);
    assert.equal(model.html?.limit, 104_448);
    assert.deepEqual(model.html?.remote, [{ url: 'https://h.example/a.png', kind: 'image', tracker: false }]);
    assert.deepEqual(model.attachments, [
      {
        index: 0,
        name: '../../up.png',
        type: 'image/png',
        size: 3,
        role: 'attached',
        picture: 'data:image/png;base64,AQID',
        message: false,
      },
      { index: 1, name: '', type: 'message/rfc822', size: 54, role: 'attached', message: true },
    ]);
  });

  it('walks into attached messages, as far as there are any', async () => {
    const view = await readMessage(bytes);
    const inner = previewModel(view, { ...options, path: [1] });
    assert.equal(inner.inbox.subject, 'Inner');
    assert.deepEqual(inner.around, ['Café']);
    assert.match(inner.html?.document ?? '', /<b data-mailbench-n="0">inside<\/b>/);
    const nowhere = previewModel(view, { ...options, path: [1, 7] });
    assert.deepEqual(nowhere.options.path, [1]);
    assert.deepEqual(previewModel(view, { ...options, path: [0] }).options.path, []);
  });
});

describe('inspect/file-name', () => {
  const names: readonly (readonly [name: string, type: string, expected: string])[] = [
    ['report.pdf', 'application/pdf', 'report.pdf'],
    ['../../etc/passwd', 'text/plain', '_.._etc_passwd'],
    ['C:\\x\\y.txt', 'text/plain', 'C_x_y.txt'],
    ['.bashrc', 'text/plain', 'bashrc'],
    ['', 'message/rfc822', 'part-3.eml'],
    ['..', 'image/png', 'part-3.png'],
    ['con.txt', 'text/plain', '_con.txt'],
    ['a\u202egpj.exe', 'x/y', 'a_gpj.exe'],
    ['a\0b\nc', 'x/y', 'a_b_c'],
    ['Übersicht 1.csv ', 'text/csv', 'Übersicht 1.csv'],
    [`${'x'.repeat(200)}.pdf`, 'application/pdf', `${'x'.repeat(116)}.pdf`],
  ];
  for (const [name, type, expected] of names) {
    it(`writes ${JSON.stringify(name.slice(0, 20))} as ${expected.slice(0, 20)}`, () => {
      assert.equal(fileNameOf({ name, type, index: 2 }), expected);
    });
  }
});

describe('inspect/check-source', () => {
  it('finds the HTML of a finished message again in its text', async () => {
    for (const text of [source, source.replace(/\n/g, '\r\n')]) {
      const view = await readMessage(bytes);
      const { input, place } = finishedSource(text, view);
      const { problems } = await inspectMessage(input, { clients: [] });
      const placeholder = problems.find((problem) => problem.code === 'placeholder')!;
      const range = place(placeholder.where, placeholder.range)!;
      assert.equal(text.slice(range.start, range.end), '{{name}}');
      const image = problems.find((problem) => problem.code === 'spam-images-only')!;
      const tag = place(image.where, image.range)!;
      assert.equal(text.slice(tag.start, tag.end), '<img src="https://h.example/a.png" alt="x" width="1">');
      const subject = place('subject', { start: 0, end: 4 })!;
      assert.equal(text.slice(subject.start, subject.end), 'Subject: =?utf-8?q?Caf=C3=A9?=');
    }
  });

  it('finds it in quoted-printable and in base64', async () => {
    const message = (encoding: string, body: string): string =>
      `Subject: s\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: ${encoding}\n\n${body}\n--b--\n`;
    const html = '<p class="x">Café {{name}}</p>';
    const quoted = message('quoted-printable', '<p class=3D"x">Caf=C3=A9=\n {{name}}</p>');
    for (const text of [quoted, quoted.replace(/\n/g, '\r\n')]) {
      const view = await readMessage(new TextEncoder().encode(text));
      assert.equal(view.html?.trim(), html);
      const written = (what: string): string => {
        const start = html.indexOf(what);
        const range = finishedSource(text, view).place('html', { start, end: start + what.length })!;
        return text.slice(range.start, range.end);
      };
      assert.equal(written('{{name}}'), '{{name}}');
      assert.equal(written('class="x"'), 'class=3D"x"');
      assert.equal(written('Café'), 'Caf=C3=A9');
    }
    const encoded = encodeBase64(Buffer.from(`${'<br>\r\n'.repeat(40)}${html}`)).toString('latin1');
    const packed = message('base64', encoded.replace(/\r/g, ''));
    for (const text of [packed, packed.replace(/\n/g, '\r\n')]) {
      const view = await readMessage(new TextEncoder().encode(text));
      const { place, written } = finishedSource(text, view);
      for (const what of ['{{name}}', 'Café', 'class="x"', html]) {
        const start = view.html!.indexOf(what);
        const { start: from, end: to } = place('html', { start, end: start + what.length })!;
        // As many characters before it as a multiple of four, so that it decodes by itself.
        const before = text.slice(text.indexOf('PGJy'), from).replace(/\s/g, '').length % 4;
        const data = 'A'.repeat(before) + text.slice(from, to).replace(/\s/g, '');
        assert.ok(Buffer.from(data, 'base64').toString().includes(what), what);
        assert.ok(to - from <= what.length * 2 + 4);
      }
      assert.equal(written('html'), undefined);
    }
  });

  it("finds it in any charset, and tells at the header of its part what it can't find", async () => {
    const html = '<p>你好 {{name}}</p>';
    const gb = Buffer.concat([Buffer.from('<p>'), Buffer.from([0xc4, 0xe3, 0xba, 0xc3]), Buffer.from(' {{name}}</p>')]);
    const message = (head: string, body: string): string =>
      `From: a@a.example\nMIME-Version: 1.0\nContent-Type: text/html;\n charset=${head}\n\n${body}\n`;
    const quoted = message('gb2312\nContent-Transfer-Encoding: quoted-printable', '<p>=C4=E3=BA=C3 {{name}}</p>');
    const packed = message('gb2312\nContent-Transfer-Encoding: base64', gb.toString('base64'));
    const shifted = message('iso-2022-jp', '<p>\u001b$B%F\u001b(B {{name}}</p>');
    for (const [text, at] of [
      [quoted, '{{name}}'],
      [packed, 'B7e25hbWV9fT'],
      [shifted, '{{name}}'],
    ] as const) {
      const view = await readMessage(new TextEncoder().encode(text));
      if (text !== shifted) assert.equal(view.html?.trim(), html);
      const start = view.html!.indexOf('{{name}}');
      const { start: from, end: to } = finishedSource(text, view).place('html', { start, end: start + 8 })!;
      assert.equal(text.slice(from, to), at);
    }
    // Not what the document holds: its bytes were another charset's.
    const view = { ...(await readMessage(new TextEncoder().encode(quoted))), html: '<p>else</p>' };
    const { place } = finishedSource(quoted, view);
    const { start, end, about } = place('html', { start: 3, end: 7 })!;
    assert.deepEqual([quoted.slice(start, end), about], ['Content-Type: text/html;\n charset=gb2312', true]);
    const subject = place('subject', { start: 0, end: 0 })!;
    assert.equal(quoted.slice(subject.start, subject.end), 'From: a@a.example');
  });
});

describe('inspect/check-source, of several texts', () => {
  const part = (head: string, body: string): string => `--b\n${head}\n\n${body}\n`;
  const html = 'Content-Type: text/html; charset=utf-8';
  const parts = [
    part(html, '<p>First {{one}}</p>'),
    part('Content-Type: text/plain', 'Between <b> {{plain}}'),
    part(`${html}\nContent-Disposition: attachment`, '<p>Last {{four}}</p>'),
    part(`${html}\nContent-Transfer-Encoding: quoted-printable`, '<p class=3D"x">Caf=C3=A9 {{two}}<=\n/p>'),
    part(`${html}\nContent-Transfer-Encoding: base64`, Buffer.from('<p>Packed {{three}}</p>').toString('base64')),
    part('Content-Type: image/gif\nContent-Transfer-Encoding: base64', 'R0lGODlh'),
    part(html, '<p>Last {{four}}</p>\n<img src="https://a.example/x.png">'),
  ];
  const messageOf = (all: readonly string[]): string =>
    `Subject: s\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n${all.join('')}--b--\n`;

  it('finds each where it stands', async () => {
    const unix = messageOf(parts);
    for (const text of [unix, unix.replace(/\n/g, '\r\n')]) {
      const view = await readMessage(new TextEncoder().encode(text));
      const { input, place } = finishedSource(text, view);
      const { problems } = await inspectMessage(input, { checks: { support: false } });
      const found = problems
        .filter((problem) => problem.code === 'placeholder' && problem.where === 'html')
        .map(({ where, range }) => place(where, range))
        .map((range) => range && [range.start, text.slice(range.start, range.end)]);
      assert.deepEqual(found, [
        [text.indexOf('{{one}}'), '{{one}}'],
        // Text, which is made into HTML.
        [text.indexOf('Content-Type: text/plain'), 'Content-Type: text/plain'],
        [text.indexOf('{{two}}'), '{{two}}'],
        // In base64.
        [text.indexOf('Ht7dGhyZWV9fT'), 'Ht7dGhyZWV9fT'],
        // Not the one in the attachment.
        [text.lastIndexOf('{{four}}'), '{{four}}'],
      ]);
      const start = input.html!.indexOf('class="x"');
      const written = place('html', { start, end: start + 9 })!;
      assert.equal(text.slice(written.start, written.end), 'class=3D"x"');
      const image = problems.find((problem) => problem.code === 'image-without-alt')!;
      const tag = place('html', image.range)!;
      assert.equal(text.slice(tag.start, tag.end), '<img src="https://a.example/x.png">');
      // What is about the whole stands where it begins.
      const whole = place('html', { start: 0, end: 0 })!;
      assert.ok(text.startsWith('<p>First', whole.start));
    }
  });

  it('leads into them and back where none is encoded', async () => {
    const text = messageOf(parts.filter((each) => !each.includes('base64') && !each.includes('=3D')));
    const view = await readMessage(new TextEncoder().encode(text));
    const written = finishedSource(text, view).written('html')!;
    for (const what of ['{{one}}', '{{four}}</p>\n<img']) {
      const at = text.lastIndexOf(what);
      assert.equal(written.toDocument(written.text.indexOf(what)), at);
      assert.equal(written.fromDocument(at), written.text.indexOf(what));
    }
    assert.equal(written.fromDocument(text.indexOf('{{plain}}')), undefined);
    const encoded = messageOf(parts);
    const other = await readMessage(new TextEncoder().encode(encoded));
    assert.equal(finishedSource(encoded, other).written('html'), undefined);
  });
});

describe('inspect/report', () => {
  it('reports what was found, and lets no mail write into it', async () => {
    const hostile =
      'Subject: ![x](https://t.example/p.png) <b> | # *bold* www.evil.example\nContent-Type: text/html\n\n<p>{{x}}</p>';
    const message = await readMessage(new TextEncoder().encode(hostile));
    const { input } = finishedSource(hostile, message);
    const inspection = await inspectMessage(input, { clients: ['gmail.ios'] });
    const report = reportMarkdown({
      title: 'a_b.eml',
      message,
      inbox: inboxLine(message),
      inspection,
      sentence: htmlSentence,
      place: (problem) => (problem.code === 'placeholder' ? '1:4' : ''),
      document: [{ severity: 'error', place: '3:1', sentence: 'There is no <b>file</b>.' }],
    });
    assert.match(report, /^# Check of a\\_b\.eml\n\n1 error, \d+ warnings?, \d+ remarks?\.\n/);
    assert.ok(report.includes('\n## The document\n\n- ⛔ `3:1` There is no \\<b\\>file\\</b\\>.\n\n## '));
    assert.ok(
      report.includes('!\\[x\\](https:\u200b//t.example/p.png) \\<b\\> \\| # \\*bold\\* www\u200b.evil.example'),
    );
    assert.match(report, /\n- ⚠️ `1:4` "\{\{x\}\}" was not filled in: recipients would see it as it stands\.\n/);
    assert.match(report, /\nClient support by caniemail’s data of \d{4}-\d\d-\d\d, for Gmail \(iOS\)\.\n$/);
    const written = /[^\\](!\[|\]\(|<[a-z])/.exec(report.replace(/\[[^\]]*\]\(https:\/\/www\.caniemail[^)]*\)/g, ''));
    assert.equal(written, null);
  });

  it('says that nothing was found', async () => {
    const message = await readMessage(new Uint8Array());
    const inspection = await inspectMessage({}, { checks: { support: false } });
    const report = reportMarkdown({
      title: 'x',
      message,
      inbox: inboxLine(message),
      inspection,
      sentence: htmlSentence,
      place: () => '',
    });
    assert.match(report, /Nothing was found\./);
  });
});

describe('inspect/findings', () => {
  it('puts each problem where its file has it', async () => {
    const view = await readMessage(bytes);
    const finished = finishedSource(source, view);
    const { problems } = await inspectMessage(finished.input, { checks: { support: false } });
    const places = { file: 'a.eml', text: source, source: finished, sentence: htmlSentence };
    const found = findingsOf(problems, places);
    assert.deepEqual(
      found.find((each) => each.code === 'placeholder'),
      {
        file: 'a.eml',
        line: 10,
        column: 9,
        endLine: 10,
        endColumn: 17,
        severity: 'warning',
        code: 'placeholder',
        message: '"{{name}}" was not filled in: recipients would see it as it stands.',
      },
    );
    const nowhere = findingsOf(problems, { ...places, source: { ...finished, place: () => undefined } });
    assert.deepEqual(
      nowhere.find((each) => each.code === 'placeholder'),
      {
        file: 'a.eml',
        line: 1,
        column: 1,
        severity: 'warning',
        code: 'placeholder',
        message: '"{{name}}" was not filled in: recipients would see it as it stands. (HTML, line 1, column 9)',
      },
    );
  });
});
