import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { checkDocument, checkDraft } from '../../../src/document/check.ts';
import { draftOf } from '../../../src/document/draft-of.ts';
import { envelopeOf } from '../../../src/document/envelope.ts';
import { parseDocument } from '../../../src/document/parse.ts';
import { CHINESE, QUARTERLY, WELCOME } from '../../support/language-examples.ts';
import { rendered } from '../template/rendered.ts';
import { shown, tree } from './shown.ts';

function read(text: string) {
  const { document, problems } = parseDocument(text);
  const { draft, problems: drafted } = draftOf(document);
  const { envelope, problems: addressed } = envelopeOf(draft);
  const said = [...problems, ...checkDocument(document), ...drafted, ...addressed];
  return { document, draft, envelope, said: shown(text, said) };
}

describe('the examples of the language', () => {
  it('quarterly figures', () => {
    const { document, draft, envelope, said } = read(QUARTERLY);
    assert.deepEqual(said, []);
    assert.deepEqual(checkDraft(draft), []);
    assert.deepEqual(
      document.header.map((node) => (node.type === 'comment' ? '#' : `${node.name}: ${node.value.text}`)),
      [
        '#',
        'From: Ann Zoë <ann@exämple.com>',
        'To: "Doe, Jo" <jo@a.example>, Team: x@a.example, y@a.example;',
        'Bcc: audit@a.example',
        'Subject: Quarterly figures – résumé',
      ],
    );
    assert.deepEqual(tree(QUARTERLY, document.body), [
      'text "See the table.\\n"',
      'escaped "<#!attach this line is text>\\n"',
      'note "<#-- ask Jo before this goes out -->\\n"',
      'attach "./out/q3 v2.csv" name="Übersicht Q3.csv" type="text/csv" charset="iso-8859-1"',
      'attach "./earlier.eml"',
    ]);
    assert.deepEqual(envelope, {
      sender: 'ann@xn--exmple-cua.com',
      recipients: ['jo@a.example', 'x@a.example', 'y@a.example', 'audit@a.example'],
    });
  });

  it('welcome, with its data', async () => {
    assert.deepEqual(shown(WELCOME, parseDocument(WELCOME).problems), []);
    assert.deepEqual(checkDocument(parseDocument(WELCOME).document), []);
    const user = { name: 'Doe, Jo', email: 'jo@a.example' };
    const common = [
      'From: a@x.example, b@x.example',
      'Sender: a@x.example',
      'To: "Doe, Jo" <jo@a.example>',
      'Subject: Welcome Doe, Jo',
      'Hi Doe, Jo, …\n',
      'part type=text/html',
      '<img src="./logo.png" alt="X"> <img src="cid:chart" alt="Usage">\n',
      'inline ./chart.svg id=chart',
      'part type=text/calendar method=REQUEST src=./invite.ics',
    ];
    const withInvoice = await rendered(WELCOME, { data: { user, invoice: { id: 7 } } });
    assert.deepEqual(withInvoice, { lines: [...common, 'attach ./invoices/7.pdf'], problems: [], fixes: [] });
    const without = await rendered(WELCOME, { data: { user, invoice: null } });
    assert.deepEqual(without, { lines: common, problems: [], fixes: [] });
  });

  it('the Chinese one', () => {
    const { document, envelope, said } = read(CHINESE);
    assert.deepEqual(said, []);
    assert.deepEqual(tree(CHINESE, document.body), ['text "<p>这是一个测试邮件</p>\\n"']);
    assert.deepEqual(envelope, { sender: 'me@163.example', recipients: ['friend@qq.example'] });
  });
});
