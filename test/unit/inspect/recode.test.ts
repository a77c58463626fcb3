import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { systemClock } from '../../../src/base/system-clock.ts';
import { readMessage } from '../../../src/inspect/read.ts';
import { recodeMessage } from '../../../src/inspect/recode.ts';
import { charsetOf } from '../../../src/mime/charset.ts';
import { charsetNames } from '../../../src/mime/charset-names.ts';
import { compose } from '../../../src/send/compose.ts';
import { memoryFiles } from '../../support/memory-files.ts';

const octets = (lines: readonly string[]): Buffer => Buffer.from(lines.join('\r\n'), 'latin1');

describe('reading what only tables decode', () => {
  it('reads back what is sent in any charset', async () => {
    const samples = [
      'Café',
      'Łódź',
      'Привет',
      'Γεια',
      'שלום',
      'مرحبا',
      'สวัสดี',
      '你好',
      'こんにちは',
      '안녕',
      'šķ',
      'Ñandú',
      'ĝis',
      'tiếng',
    ];
    for (const charset of charsetNames) {
      const covers = await charsetOf(charset);
      const words = samples.filter((sample) => covers!.covers(sample)).join(' ') || 'plain';
      const text = `From: a@a.example\nTo: b@b.example\nSubject: ${words}\nContent-Type: text/plain; charset=${charset}\n\n${words}\n<#part type=text/html charset=${charset}>\n<p>${words}</p>\n<#/part>\n`;
      const { message, problems } = await compose({ text, seed: 's' }, { files: memoryFiles({}), clock: systemClock });
      assert.ok(message, `${charset}: ${problems.map(({ code }) => code).join()}`);
      const chunks: Uint8Array[] = [];
      for await (const chunk of message.read()) chunks.push(Uint8Array.from(chunk));
      const view = await readMessage(Buffer.concat(chunks));
      assert.equal(view.text?.trim(), words, charset);
      assert.equal(view.html?.trim(), `<p>${words}</p>`, charset);
      assert.equal(view.subject, words, charset);
    }
  });

  it('reads every part in its own charset, whatever its encoding, and leaves header and files as they are', async () => {
    const message = octets([
      'From: =?cp850?Q?J=94rg?= =?cp850?B?IIQ=?= <a@a.example>',
      'Subject: =?UTF-8?Q?=E2=9C=93?= =?utf-7?Q?Gr+APYA3w-e?=',
      'MIME-Version: 1.0',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Type: text/plain; format=flowed;',
      '\tcharset="utf-7"',
      '',
      'Gr+APYA3w-e',
      '--b',
      'Content-Transfer-Encoding: quoted-printable',
      'Content-Type: text/html; charset=IBM437',
      '',
      '<p>caf=82 =',
      'cr\x8ame</p>',
      '--b',
      'Content-Type: text/csv; charset=ibm850; name=a.csv',
      'Content-Disposition: attachment',
      '',
      '\x82',
      '--b',
      'Content-Type: message/rfc822',
      '',
      'Subject: =?ibm850?Q?=82?=',
      'Content-Type: text/plain; charset=ibm850',
      'Content-Transfer-Encoding: base64',
      '',
      'gg==',
      '--b--',
      '',
    ]);
    const view = await readMessage(message);
    assert.deepEqual(view.from, [{ name: 'Jörg ä', address: 'a@a.example' }]);
    assert.equal(view.subject, '✓Größe');
    assert.equal(view.text?.trim(), 'Größe\n\ncafé crème');
    assert.equal(view.html?.trim(), '<div>Größe</div>\n<p>café crème</p>');
    assert.deepEqual(view.headers.map(({ name, raw }) => `${name}: ${raw}`).slice(0, 2), [
      'From: =?cp850?Q?J=94rg?= =?cp850?B?IIQ=?= <a@a.example>',
      'Subject: =?UTF-8?Q?=E2=9C=93?= =?utf-7?Q?Gr+APYA3w-e?=',
    ]);
    const [csv, attached] = view.attachments;
    assert.deepEqual([csv?.name, Buffer.from(csv!.content).toString('latin1').trim()], ['a.csv', '\x82']);
    assert.match(Buffer.from(attached!.content).toString('latin1'), /=\?ibm850\?Q\?=82\?=/);
    assert.equal(view.nested[0]?.message.subject, 'é');
    assert.equal(view.nested[0]?.message.text?.trim(), 'é');
  });

  it('shows of a message that is its own only part the header as it came', async () => {
    const fields = ['Subject: a', 'Content-Type: text/plain; charset=cp850', 'Content-Transfer-Encoding: 8bit'];
    const view = await readMessage(octets([...fields, '', 'caf\x82', '']));
    assert.equal(view.text?.trim(), 'café');
    assert.deepEqual(
      view.headers.map(({ name, raw }) => `${name}: ${raw}`),
      fields,
    );
  });

  it('takes the charset that the type names, and keeps that text is flowed (RFC 3676)', async () => {
    const type = 'text/plain; x-charset=cp437; format=flowed; delsp=yes; charset=cp850';
    const view = await readMessage(octets(['Subject: a', `Content-Type: ${type}`, '', '\x9b \r\nb \xff', '']));
    assert.equal(view.text?.replace(/\u00a0/g, ' ').trim(), 'øb');
    assert.equal(view.headers[1]?.raw, type);
  });

  it('reads what hostile writers put between words in time that grows with its length', async () => {
    for (const charset of ['utf-8', 'cp850']) {
      const view = await readMessage(octets([`Subject: =?${charset}?Q?a?=${' '.repeat(200_000)}b`, '', 'x', '']));
      assert.equal(view.subject.replace(/ +/, ' '), 'a b');
    }
  });

  it('answers any other message as it is', async () => {
    const message = octets([
      'Subject: =?gb2312?B?xOO6ww==?=',
      'Content-Type: text/plain; charset=koi8-r',
      '',
      '\xf0',
      '',
    ]);
    assert.equal(await recodeMessage(message), message);
    const only = octets(['Subject: charset=ibm850', '', 'charset=utf-7', '']);
    assert.equal(await recodeMessage(only), only);
  });
});
