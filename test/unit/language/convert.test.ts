import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { convertMessage } from '../../../src/language/convert.ts';

const octets = (lines: readonly string[]): Uint8Array => Buffer.from(lines.join('\r\n'), 'utf8');

const message = octets([
  '@server: inbox',
  'Received: from x by y',
  'MIME-Version: 1.0',
  'Date: Tue, 1 Jul 2025 10:00:00 +0200',
  'Message-ID: <1@a.example>',
  'From: =?utf-8?Q?Zo=C3=AB=2C_Ann?= <ann@a.example>',
  'To: Team: =?utf-8?B?w6Q=?= <a@b.example>, c@d.example;',
  'Subject: =?utf-8?Q?R=C3=A9sum=C3=A9?= and',
  ' more',
  'X-Tag: one',
  'DKIM-Signature: v=1',
  'Content-Type: multipart/mixed; boundary=m',
  '',
  '--m',
  'Content-Type: multipart/alternative; boundary=a',
  '',
  '--a',
  'Content-Type: text/plain; charset=iso-8859-1',
  'Content-Transfer-Encoding: quoted-printable',
  '',
  'caf=E9',
  '<#attach is text>',
  '--a',
  'Content-Type: multipart/related; boundary=r',
  '',
  '--r',
  'Content-Type: text/html; charset=utf-8',
  '',
  '<img src="cid:logo@x">',
  '--r',
  'Content-Type: image/png; name="logo.png"',
  'Content-ID: <logo@x>',
  'Content-Disposition: inline; filename="logo.png"',
  'Content-Transfer-Encoding: base64',
  '',
  'iVBORw0KGgo=',
  '--r--',
  '--a--',
  '--m',
  'Content-Type: application/x-mine; name="../../etc/passwd"',
  'Content-Disposition: attachment; filename="../../etc/passwd"',
  'Content-Transfer-Encoding: base64',
  '',
  'AAEC',
  '--m',
  'Content-Type: text/csv; name="LOGO.PNG"',
  'Content-Disposition: attachment; filename="LOGO.PNG"',
  '',
  'a,b',
  '--m--',
  '',
]);

describe('converting a finished message', () => {
  it('gives a composed document and its files', async () => {
    const converted = await convertMessage(message);
    assert.equal(
      converted.text('mail-files'),
      [
        '# Date was: Tue, 1 Jul 2025 10:00:00 +0200',
        '# Message-ID was: <1@a.example>',
        'From: "Zoë, Ann" <ann@a.example>',
        'To: Team: ä <a@b.example>, c@d.example;',
        'Subject: Résumé and more',
        'X-Tag: one',
        '',
        'café',
        '<#!attach is text>',
        '<#part type=text/html>',
        '<img src="cid:logo@x">',
        '<#/part>',
        '<#inline ./mail-files/logo.png id=logo@x>',
        '<#attach ./mail-files/_.._etc_passwd name=../../etc/passwd type=application/x-mine>',
        '<#attach ./mail-files/LOGO-2.PNG name=LOGO.PNG type=text/csv>',
        '',
      ].join('\n'),
    );
    assert.deepEqual(
      converted.files.map(({ name, content }) => [name, Buffer.from(content).toString('hex')]),
      [
        ['logo.png', '89504e470d0a1a0a'],
        ['_.._etc_passwd', '000102'],
        ['LOGO-2.PNG', '612c62'],
      ],
    );
  });

  it('keeps the charset that an attachment is labelled with', async () => {
    const part = (head: string, body: string) => [
      '--b',
      `Content-Type: ${head}`,
      'Content-Disposition: attachment',
      '',
      body,
    ];
    const { text } = await convertMessage(
      octets([
        'MIME-Version: 1.0',
        'To: a@b',
        'Content-Type: multipart/mixed; boundary=b',
        '',
        '--b',
        '',
        'Hi',
        ...part('text/csv; name=a.csv; charset=ISO-8859-1', 'x'),
        ...part('text/csv; name=a.csv; charset=Windows-1252', 'x'),
        ...part('text/plain; name=b.txt; charset=us-ascii', 'x'),
        ...part('text/plain; name=c.txt; charset=x-unheard-of', 'x'),
        ...part('text/plain; name=d.txt', 'x'),
        '--b--',
      ]),
    );
    assert.deepEqual(text('f').split('\n').slice(3, 8), [
      '<#attach ./f/a.csv charset=iso-8859-1>',
      '<#attach ./f/a-2.csv name=a.csv charset=windows-1252>',
      '<#attach ./f/b.txt>',
      '<#attach ./f/c.txt>',
      '<#attach ./f/d.txt>',
    ]);
  });

  it('says the type where HTML is all there is', async () => {
    const { text, files } = await convertMessage(
      octets(['MIME-Version: 1.0', 'To: a@b', 'Content-Type: text/html', '', '<p>Hi</p>', '']),
    );
    assert.equal(text('x'), 'To: a@b\nContent-Type: text/html\n\n<p>Hi</p>\n');
    assert.deepEqual(files, []);
  });

  it('keeps an invitation as one', async () => {
    const lines = ['BEGIN:VCALENDAR', 'METHOD:REQUEST', 'END:VCALENDAR'];
    const { text, files } = await convertMessage(
      octets([
        'MIME-Version: 1.0',
        'To: a@b',
        'Content-Type: multipart/alternative; boundary=b',
        '',
        '--b',
        '',
        'Come.',
        '--b',
        'Content-Type: text/calendar; method=REQUEST',
        '',
        ...lines,
        '--b--',
      ]),
    );
    assert.equal(text('f'), 'To: a@b\n\nCome.\n<#part type=text/calendar method=REQUEST src=./f/part-1.ics>\n');
    assert.match(Buffer.from(files[0]!.content).toString(), /^BEGIN:VCALENDAR/);
  });

  it('lets no field of the message become a setting, a comment or a second line', async () => {
    const { text } = await convertMessage(
      octets(['MIME-Version: 1.0', '#x: y', '@data: z', 'Subject: =?utf-8?Q?a=0A@data:_x?=', '', 'Hi']),
    );
    assert.equal(text('f'), 'Subject: a @data: x\n\nHi\n');
  });

  it('keeps every octet of what is attached', async () => {
    const attached = 'a\r\nb\rc\nd\0\xff\r\n\r\n';
    const forwarded = 'Subject: inner\r\nMIME-Version: 1.0\r\n\r\nHi\r\n';
    const text = [
      'MIME-Version: 1.0\r\nTo: a@b\r\nContent-Type: multipart/mixed; boundary=b\r\n',
      `--b\r\nContent-Type: application/x-one; name=one.bin\r\nContent-Transfer-Encoding: binary\r\n\r\n${attached}`,
      `--b\r\nContent-Type: message/rfc822\r\nContent-Disposition: attachment; filename=inner.eml\r\n\r\n${forwarded}\r\n--b--\r\n`,
    ].join('\r\n');
    const { files } = await convertMessage(Buffer.from(text, 'latin1'));
    assert.deepEqual(
      files.map(({ name, content }) => [name, Buffer.from(content).toString('latin1')]),
      [
        ['one.bin', attached],
        ['inner.eml', forwarded],
      ],
    );
  });

  it('takes no text of the message for an attachment', async () => {
    const part = (fields: string, text: string): string =>
      `--b\r\nContent-Type: text/plain${fields}\r\n\r\n${text}\r\n`;
    const head = 'MIME-Version: 1.0\r\nTo: a@b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n';
    const named = '\r\nContent-Disposition: attachment; filename=n.txt';
    const { text, files } = await convertMessage(
      Buffer.from(`${head}${part('', 'Hi')}${part(named, 'note')}--b--\r\n`),
    );
    assert.equal(text('f'), 'To: a@b\n\nHi\n<#attach ./f/n.txt>\n');
    assert.equal(Buffer.from(files[0]!.content).toString(), 'note');
  });

  it('takes anything', async () => {
    for (const bytes of [[], [0], [0xff, 0xfe, 0x0a], [0x40], [0x40, 0x0a]])
      await convertMessage(Uint8Array.from(bytes));
  });
});
