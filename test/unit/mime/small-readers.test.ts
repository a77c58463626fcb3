import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { decodeWords } from '../../../src/base/decode-words.ts';
import { calendarFacts } from '../../../src/mime/calendar.ts';
import { formatDate, parseDate } from '../../../src/mime/date.ts';
import { messageIdFor } from '../../../src/mime/message-id.ts';
import { joinPath, pathFault } from '../../../src/mime/paths.ts';
import { beginsAsMessage, scanFile } from '../../../src/mime/scan.ts';
import { memoryFiles } from '../../support/memory-files.ts';

describe('dates', () => {
  it('are written as RFC 5322 has them', () => {
    assert.equal(formatDate(0, 0), 'Thu, 1 Jan 1970 00:00:00 +0000');
    assert.equal(formatDate(Date.UTC(2026, 11, 31, 23, 30), 90), 'Fri, 1 Jan 2027 01:00:00 +0130');
    assert.equal(formatDate(Date.UTC(2024, 1, 29, 2, 3, 4), -330), 'Wed, 28 Feb 2024 20:33:04 -0530');
  });

  const cases: readonly (readonly [string, number | undefined, number?])[] = [
    ['Tue, 3 Mar 2026 15:00:00 +0100', Date.UTC(2026, 2, 3, 14), 60],
    ['3 mar 2026 15:00 GMT', Date.UTC(2026, 2, 3, 15), 0],
    ['Tue, 3 Mar 2026 15:00:00 -0530 (IST)', Date.UTC(2026, 2, 3, 20, 30), -330],
    ['2026-03-03T15:00:00Z', Date.UTC(2026, 2, 3, 15), 0],
    ['2026-03-03 15:00:00.5+05:30', Date.UTC(2026, 2, 3, 9, 30), 330],
    ['2026-03-03', Date.UTC(2026, 2, 3)],
    ['31 Apr 2026 00:00 +0000', undefined],
    ['2026-13-01', undefined],
    ['3 Mar 2026 25:00 +0000', undefined],
    ['3 Mar 2026 15:00 +0099', undefined],
    ['yesterday', undefined],
    ['', undefined],
  ];
  for (const [text, epoch, offset] of cases)
    it(JSON.stringify(text), () => {
      const parsed = parseDate(text);
      assert.deepEqual([parsed?.epochMs, parsed?.offset], [epoch, offset]);
    });
});

describe('calendars', () => {
  it('tell their method', () => {
    const wrap = (head: string): string =>
      `BEGIN:VCALENDAR\r\n${head}BEGIN:VEVENT\r\nMETHOD:NO\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`;
    assert.deepEqual(calendarFacts(wrap('method:request\r\n')), { isCalendar: true, method: 'REQUEST' });
    assert.deepEqual(calendarFacts(wrap('METHOD;X=1: CANCEL \r\n')), { isCalendar: true, method: 'CANCEL' });
    assert.deepEqual(calendarFacts(wrap('MET\r\n HOD:REPLY\r\n')), { isCalendar: true, method: 'REPLY' });
    assert.deepEqual(calendarFacts(wrap('')), { isCalendar: true });
    assert.deepEqual(calendarFacts('METHOD:REQUEST\r\n'), { isCalendar: false });
  });
});

describe('encoded-words', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['plain', 'plain'],
    ['=?utf-8?Q?Caf=C3=A9_x?=', 'Café x'],
    ['=?UTF-8?b?w6k=?= =?utf-8?q?=C3=A9?=', 'éé'],
    ['=?utf-8?Q?=C3?= =?utf-8?Q?=A9?=', 'é'],
    ['a =?utf-8?Q?b?= c', 'a b c'],
    ['=?utf-8?Q?a?=b=?utf-8?Q?c?=', 'abc'],
    ['=?gb2312?B?xOO6ww==?= =?iso-8859-1*en?Q?=E9?=', '你好é'],
    ['=?nope?Q?a?=', '=?nope?Q?a?='],
    ['=?utf-8?Q?a b?=', '=?utf-8?Q?a b?='],
    ['=?', '=?'],
    ['caf\xc3\xa9', 'café'],
  ];
  for (const [raw, text] of cases) it(raw, () => assert.equal(decodeWords(raw), text));
});

describe('Message-ID', () => {
  it('follows from the seed, at the domain of the author', () => {
    assert.match(messageIdFor('s', 'Ann <a@exämple.com>'), /^[A-Za-z0-9]{24}@xn--exmple-cua\.com$/);
    assert.equal(messageIdFor('s', 'a@b.example'), messageIdFor('s', 'c@b.example'));
    assert.notEqual(messageIdFor('s', 'a@b.example'), messageIdFor('t', 'a@b.example'));
    for (const from of [undefined, '', 'nobody', 'a@[127.0.0.1]', 'a@b..c'])
      assert.match(messageIdFor('s', from), /@mailbench\.local$/);
  });
});

describe('paths', () => {
  it('that are not followed', () => {
    for (const [path, fault] of [
      ['./a.png', undefined],
      ['a b/ü (1)$.png', undefined],
      ['../a', undefined],
      ['', 'empty'],
      ['/etc/passwd', 'absolute'],
      ['\\\\server\\x', 'absolute'],
      ['c:\\x', 'absolute'],
      ['~/x', 'home'],
      ['$HOME/x', 'variable'],
      ['a/$(x)', 'variable'],
      ['`id`', 'variable'],
      ['%APPDATA%/x', 'variable'],
      ['file:///etc/passwd', 'url'],
      ['https://x.example/a', 'url'],
      ['data:,x', 'url'],
      ['a\0b', 'control'],
    ] as const)
      assert.equal(pathFault(path), fault, path);
  });

  it('are put together', () => {
    assert.equal(joinPath('', './a/../b.png'), 'b.png');
    assert.equal(joinPath('./mail/page.html', 'img/a.png'), 'mail/img/a.png');
    assert.equal(joinPath('mail/page.html', '../../a.png'), '../a.png');
  });
});

describe('scanning a file', () => {
  it('tells the same at every split', async () => {
    const content = Buffer.from('Subject: x\n\n--one\r\nline é\r--\n---two--\nlast--x\n--three');
    const expected = await scanFile(
      { path: 'x', absolute: '/x', stat: { size: content.length, modified: 0, kind: 'file' } },
      memoryFiles({ '/x': content }),
    );
    assert.deepEqual([...expected.dashLines], ['one', '', '-two--', 'three']);
    assert.equal(expected.size, content.length + 6);
    assert.equal(expected.longest, 10);
    assert.equal(expected.eightBit, true);
    assert.equal(expected.bareBreak, true);
    assert.equal(expected.endsLine, false);
    for (const chunk of [1, 2, 3, 5, 7, 11]) {
      const found = await scanFile(
        { path: 'x', absolute: '/x', stat: { size: content.length, modified: 0, kind: 'file' } },
        memoryFiles({ '/x': content }, {}, chunk),
      );
      assert.deepEqual(found, expected);
    }
  });

  it('knows the beginning of a message', () => {
    for (const [head, is] of [
      ['Subject: x', true],
      ['From a@b Tue\nSubject: x', true],
      ['\r\nbody', true],
      ['X-Y :z', true],
      ['no header', false],
      ['<html>', false],
      ['', false],
    ] as const)
      assert.equal(beginsAsMessage(Buffer.from(head)), is, head);
  });
});
