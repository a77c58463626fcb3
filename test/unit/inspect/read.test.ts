import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { readMessage, resourcesOf } from '../../../src/inspect/read.ts';

const octets = (text: string): Uint8Array => new TextEncoder().encode(text.replace(/\n/g, '\r\n'));

describe('inspect/read', () => {
  it('decodes addresses, subject and date', async () => {
    const view = await readMessage(
      octets(
        'From: =?utf-8?q?Zo=C3=AB?= <zoe@a.example>, b@b.example\nSender: c@c.example\nTo: Team: x@a.example, "Doe, Jo" <jo@a.example>;\nCc: d@d.example\nReply-To: r@r.example\nSubject: =?utf-8?b?UsOpc3Vtw6k=?= of\n the week\nDate: Mon, 1 Jan 2024 10:00:00 +0100 (CET)\n\nHi\n',
      ),
    );
    assert.deepEqual(view.from, [
      { name: 'Zoë', address: 'zoe@a.example' },
      { name: '', address: 'b@b.example' },
    ]);
    assert.deepEqual(view.sender, { name: '', address: 'c@c.example' });
    assert.deepEqual(view.to, [
      { name: '', address: 'x@a.example' },
      { name: 'Doe, Jo', address: 'jo@a.example' },
    ]);
    assert.deepEqual(view.cc, [{ name: '', address: 'd@d.example' }]);
    assert.deepEqual(view.replyTo, [{ name: '', address: 'r@r.example' }]);
    assert.equal(view.subject, 'Résumé of the week');
    assert.equal(view.date, Date.UTC(2024, 0, 1, 9));
    assert.equal(view.text, 'Hi\n');
    assert.equal(view.html, undefined);
    assert.deepEqual(view.notices, []);
    assert.deepEqual(view.headers[5], {
      name: 'Subject',
      raw: '=?utf-8?b?UsOpc3Vtw6k=?= of the week',
      value: 'Résumé of the week',
    });
  });

  it('reads addresses with comments in and around them, as RFC 5322 has them in appendix A.5', async () => {
    const view = await readMessage(
      octets(
        'From: Pete(A wonderful \\) chap) <pete(his account)@silly.test(his host)>\nSender: mary@x.test (Mary =?utf-8?q?M=C3=BCller?=)\nTo:A Group(Some people)\n     :Chris Jones <c@(Chris\'s host.)public.example>,\n         joe@example.org,\n  John <jdoe@one.test> (my dear friend); (the end of the group)\nCc:(Empty list)(start)Hidden recipients  :(nobody(that I know))  ;\nReply-To: "a (b)" <"a b"@y.test> (c)\n\nHi\n',
      ),
    );
    assert.deepEqual(view.from, [{ name: 'Pete', address: 'pete@silly.test' }]);
    assert.deepEqual(view.sender, { name: 'Mary Müller', address: 'mary@x.test' });
    assert.deepEqual(view.to, [
      { name: 'Chris Jones', address: 'c@public.example' },
      { name: '', address: 'joe@example.org' },
      { name: 'John', address: 'jdoe@one.test' },
    ]);
    assert.deepEqual(view.cc, []);
    assert.deepEqual(view.replyTo, [{ name: 'a (b)', address: '"a b"@y.test' }]);
  });

  it('keeps repeated fields in order, and lets the first Subject count', async () => {
    const view = await readMessage(octets('Subject: one\nReceived: a\nReceived: b\nSubject: two\n\nx'));
    assert.deepEqual(
      view.headers.map(({ name, value }) => `${name}: ${value}`),
      ['Subject: one', 'Received: a', 'Received: b', 'Subject: two'],
    );
    assert.equal(view.subject, 'one');
  });

  const mixed = `From: a@a.example
Content-Type: multipart/mixed; boundary=m

--m
Content-Type: multipart/related; boundary=r

--r
Content-Type: multipart/alternative; boundary=b

--b
Content-Type: text/plain

plain
--b
Content-Type: text/x-amp-html

<html amp4email></html>
--b
Content-Type: text/html

<img src="cid:logo@x">
--b
Content-Type: text/calendar; method=REQUEST

BEGIN:VCALENDAR
END:VCALENDAR
--b--
--r
Content-Type: image/png; name=logo.png
Content-ID: <logo@x>
Content-Transfer-Encoding: base64

AQID
--r--
--m
Content-Type: application/pdf; name="=?utf-8?q?R=C3=A9sum=C3=A9=2Epdf?="
Content-Disposition: attachment; filename*=utf-8''R%C3%A9sum%C3%A9.pdf
Content-Transfer-Encoding: base64

BAU=
--m--
`;

  it('tells alternatives, inline parts and attachments apart', async () => {
    const view = await readMessage(octets(mixed));
    assert.equal(view.text, 'plain\n');
    assert.equal(view.html?.trim(), '<img src="cid:logo@x">');
    assert.deepEqual(
      view.attachments.map(({ index, name, type, size, role, contentId }) => [
        index,
        name,
        type,
        size,
        role,
        contentId,
      ]),
      [
        [0, '', 'text/x-amp-html', 24, 'alternative', undefined],
        [1, '', 'text/calendar', 30, 'alternative', undefined],
        [2, 'logo.png', 'image/png', 3, 'inline', 'logo@x'],
        [3, 'Résumé.pdf', 'application/pdf', 2, 'attached', undefined],
      ],
    );
    assert.deepEqual([...resourcesOf(view)('logo@x')!.content], [1, 2, 3]);
    assert.equal(resourcesOf(view)('other'), undefined);
  });

  it('reads attached messages in their turn, to a depth', async () => {
    const inner = 'Subject: inner\nContent-Type: text/plain\n\ndeep';
    const wrap = (message: string, mark: string): string =>
      `Subject: around ${mark}\nContent-Type: multipart/mixed; boundary=${mark}\n\n--${mark}\nContent-Type: text/plain\n\nsee below\n--${mark}\nContent-Type: message/rfc822\n\n${message}\n--${mark}--\n`;
    const view = await readMessage(octets(wrap(wrap(inner, 'one'), 'two')));
    assert.equal(view.text, 'see below\n');
    assert.equal(view.nested[0]?.message.subject, 'around one');
    assert.equal(view.nested[0]?.message.nested[0]?.message.text, 'deep\n');
    const shallow = await readMessage(octets(wrap(wrap(inner, 'one'), 'two')), { depth: 1 });
    assert.deepEqual(shallow.nested[0]?.message.nested, []);
    assert.deepEqual(shallow.nested[0]?.message.notices, [{ code: 'nested-too-deep' }]);
  });

  it('says what keeps it from showing a message', async () => {
    assert.deepEqual((await readMessage(new Uint8Array())).notices, [{ code: 'empty' }]);
    assert.deepEqual((await readMessage(octets('Subject: x\n'))).notices, [{ code: 'no-body' }]);
    const cut = await readMessage(octets('Subject: x\n\n0123456789'), { limit: 18 });
    assert.deepEqual(cut.notices, [{ code: 'truncated', shown: 18, size: 24 }]);
    assert.equal(cut.size, 24);
    assert.equal(cut.text?.trim(), '0123');
    const boundaries = Array.from(
      { length: 300 },
      (_, depth) => `Content-Type: multipart/mixed; boundary=b${depth}\n\n--b${depth}\n`,
    );
    const [notice] = (await readMessage(octets(boundaries.join('')))).notices;
    assert.equal(notice?.code, 'unreadable');
  });

  it('is total', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        const view = await readMessage(bytes);
        assert.equal(view.size, bytes.length);
      }),
      { numRuns: 200 },
    );
  });

  it('is total on pieces of a message, cut anywhere', async () => {
    const bytes = octets(mixed);
    for (let length = 0; length < bytes.length; length += 7) {
      const view = await readMessage(bytes.subarray(0, length));
      assert.equal(view.size, length);
    }
  });
});
