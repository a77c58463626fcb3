import assert from 'node:assert/strict';
import { promiseHooks } from 'node:v8';
import { describe, it } from 'mocha';
import { checkServerName, compose } from '../../../src/send/compose.ts';
import { type Composed, type ComposeInput, type ComposePorts, hasErrors } from '../../../src/send/composed.ts';
import { problemSentence } from '../../../src/send/sentences/problem.ts';
import { memoryFiles } from '../../support/memory-files.ts';
import { fixedClock } from './support/fixed.ts';

const HEADER = 'From: a@b.example\nTo: c@d.example\nSubject: s\n';

function composeText(
  text: string,
  files: Record<string, string | Uint8Array> = {},
  input: Partial<ComposeInput> = {},
  ports: Partial<ComposePorts> = {},
): Promise<Composed> {
  return compose(
    { text, path: '/w/mail/d.eml', workspaceRoot: '/w', seed: 'seed', ...input },
    { files: memoryFiles({ '/w/mail/d.eml': '', ...files }), clock: fixedClock, ...ports },
  );
}

async function bytes(composed: Composed): Promise<string> {
  const pieces: Uint8Array[] = [];
  for await (const piece of composed.message?.read() ?? []) pieces.push(piece);
  return Buffer.concat(pieces).toString('latin1');
}

/** Errors and warnings, `code@text they stand at`. */
function codes(composed: Composed): string[] {
  return composed.problems
    .filter(({ severity }) => severity === 'error' || severity === 'warning')
    .map(({ code, range }) => `${code}@${composed.document.text.slice(range.start, range.end)}`);
}

describe('send/compose', () => {
  it('gives message, envelope and facts of a composed document', async () => {
    const composed = await composeText(`${HEADER}Bcc: e@f.example\n\nHi.\n`);
    assert.equal(composed.kind, 'composed');
    assert.equal(composed.key, '/w/mail/d.eml');
    assert.deepEqual(codes(composed), []);
    assert.deepEqual(composed.envelope, { sender: 'a@b.example', recipients: ['c@d.example', 'e@f.example'] });
    assert.deepEqual(composed.facts, { noSubject: false, noText: false });
    const text = await bytes(composed);
    assert.equal(text.length, composed.message?.size);
    assert.match(text, /^From: a@b\.example\r\nTo: c@d\.example\r\nSubject: s\r\n/);
    assert.doesNotMatch(text, /Bcc|e@f/);
  });

  it('makes the same bytes of the same seed, and others of another', async () => {
    const text = `${HEADER}\nHi {{$guid}}\n<#attach ./a.bin>\n`;
    const files = { '/w/mail/a.bin': 'x' };
    const [first, again, other] = await Promise.all([
      composeText(text, files).then(bytes),
      composeText(text, files).then(bytes),
      composeText(text, files, { seed: 'other' }).then(bytes),
    ]);
    assert.equal(first, again);
    assert.notEqual(first, other);
  });

  describe('says one thing about one mistake', () => {
    const template = (to: string) =>
      `@var: two=a@x.example, b@x.example\n@var: n=N\nFrom: a@b.example\nTo: ${to}\nSubject: s\n\nx\n`;
    const table: [string, string, string[]][] = [
      ['a list where one address goes', template('{{two}}'), ['template-address@{{two}}']],
      ['the same between angle brackets', template('{{n}} <{{two}}>'), ['template-address@{{two}}']],
      ['beside an address that is good', template('c@d.example, {{two}}'), ['template-address@{{two}}']],
      [
        'but another mistake in another field as well',
        template('{{two}}').replace('a@b.example', 'a@'),
        ['address-domain@', 'template-address@{{two}}'],
      ],
      ['a file that is not named', `${HEADER}\nx\n<#attach>\n`, ['path-missing@<#attach']],
      ['a file that is not there', `${HEADER}\nx\n<#attach ./a.qqq>\n`, ['file-missing@./a.qqq']],
      ['a file outside', `${HEADER}\nx\n<#attach ../../a.qqq>\n`, ['file-outside@../../a.qqq']],
      ['the home folder', `${HEADER}\nx\n<#attach ~/a.qqq>\n`, ['bad-path@~/a.qqq']],
      ['a URL', `${HEADER}\nx\n<#attach https://x.example/a.qqq>\n`, ['bad-path@https://x.example/a.qqq']],
      ['a second From', `From: e@f.example\n${HEADER}\nx\n`, ['field-repeated@From']],
    ];
    for (const [name, text, expected] of table)
      it(name, async () => assert.deepEqual(codes(await composeText(text)), expected));

    it('a type that can’t be told is still told of a file that is there', async () => {
      const composed = await composeText(`${HEADER}\nx\n<#attach ./a.qqq>\n`, { '/w/mail/a.qqq': 'x' });
      assert.deepEqual(codes(composed), ['unknown-file-type@./a.qqq']);
    });
  });

  it('keeps the instant of the draft while the clock goes on: only Date is fresh', async () => {
    const text = `${HEADER}\n{{$timestamp}} {{$date iso}}\n`;
    const at = (now: number, input: Partial<ComposeInput>) =>
      composeText(text, {}, input, { clock: { ...fixedClock, now: () => now } }).then(bytes);
    const draft = { drafted: Date.UTC(2026, 0, 2, 3, 4, 5) };
    const first = await at(Date.UTC(2026, 5, 1), draft);
    const later = await at(Date.UTC(2026, 5, 2), draft);
    assert.match(first, /\r\n1767323045 2026-01-02T03:04:05/);
    assert.equal(first.replace('Mon, 1 Jun', 'Tue, 2 Jun'), later);
    const dated = { date: Date.UTC(2026, 0, 2, 3, 4, 5) };
    assert.equal(await at(1, dated), await at(2, dated));
  });

  it('knows the Message-ID before it is built', async () => {
    const composed = await composeText(`${HEADER}\nId: {{$messageId}}\n`);
    const text = await bytes(composed);
    const id = /^Message-ID: (<.*>)\r$/im.exec(text)?.[1];
    assert.ok(id);
    assert.ok(text.includes(`Id: ${id}`), text);
  });

  it('takes the envelope sender of the server where the document has none', async () => {
    const server = { serverEnvelopeFrom: 'bounces@b.example' };
    assert.equal((await composeText(`${HEADER}\nx\n`, {}, server)).envelope?.sender, 'bounces@b.example');
    assert.equal((await composeText(`@envelope-from: <>\n${HEADER}\nx\n`, {}, server)).envelope?.sender, '');
  });

  describe('data', () => {
    const text = `@data: ../people.json\nFrom: a@b.example\nTo: {{mail}}\nSubject: {{name}}\n\nHi {{name}}.\n`;
    const people = '[{"name":"Ann","mail":"ann@x.example"},{"name":"Bob","mail":"bob@x.example"}]';
    const files = { '/w/people.json': people };

    it('is read from the workspace', async () => {
      const composed = await composeText(text, files);
      assert.deepEqual(codes(composed), []);
      assert.deepEqual(composed.envelope?.recipients, ['ann@x.example']);
      assert.deepEqual(composed.record, { index: 1, count: 2 });
    });

    it('has its record chosen', async () => {
      for (const record of ['2', 'name=Bob']) {
        assert.deepEqual((await composeText(text, files, { record })).envelope?.recipients, ['bob@x.example']);
      }
      assert.deepEqual(codes(await composeText(text, files, { record: '3' })).slice(0, 1), [
        'record-missing@../people.json',
      ]);
    });

    it('can come from elsewhere, by the word of the person', async () => {
      const all = { ...files, '/elsewhere/p.json': '{"name":"Cy","mail":"cy@x.example"}' };
      const composed = await composeText(text, all, { data: '/elsewhere/p.json' });
      assert.deepEqual(composed.envelope?.recipients, ['cy@x.example']);
    });

    it('has values of the person put over it', async () => {
      const composed = await composeText(text, files, { variables: { name: 'Zed' } });
      assert.match(await bytes(composed), /^Subject: Zed\r$/m);
    });

    const bad: [string, string, Record<string, string | Uint8Array>, Record<string, string>, string][] = [
      ['is missing', './none.json', {}, {}, 'file-missing'],
      ['is a folder', '../sub', { '/w/sub/x': '' }, {}, 'file-is-directory'],
      ['is outside', '../../etc/p.json', { '/etc/p.json': '{}' }, {}, 'file-outside'],
      [
        'is a link to the outside',
        './l.json',
        { '/etc/p.json': '{}', '/w/mail/l.json': '' },
        { '/w/mail/l.json': '/etc/p.json' },
        'file-outside',
      ],
      ['is absolute', '/w/p.json', { '/w/p.json': '{}' }, {}, 'bad-path'],
      ['is no JSON', './p.json', { '/w/mail/p.json': '{' }, {}, 'data-syntax'],
      ['is no object', './p.json', { '/w/mail/p.json': '3' }, {}, 'data-shape'],
      ['is empty', './p.json', { '/w/mail/p.json': '[]' }, {}, 'data-empty'],
      ['is of a kind unknown', './p.xml', { '/w/mail/p.xml': '' }, {}, 'data-format-unknown'],
      ['is not UTF-8', './p.json', { '/w/mail/p.json': Buffer.from([0x7b, 0xff]) }, {}, 'file-not-utf8'],
    ];
    for (const [title, path, extra, links, code] of bad) {
      it(`that ${title} is a problem where it is named`, async () => {
        const document = `@data: ${path}\n${HEADER}\nx\n`;
        const all = memoryFiles({ '/w/mail/d.eml': '', ...extra }, links);
        const composed = await composeText(document, {}, {}, { files: all });
        assert.ok(codes(composed).includes(`${code}@${path}`), codes(composed).join());
        assert.ok(hasErrors(composed));
        for (const problem of composed.problems) assert.notEqual(problemSentence(problem), problem.code);
      });
    }
  });

  it('puts values into the file of a part, but not where template=off', async () => {
    const body = '<#part type=text/plain src=./a.txt>\n<#part type=text/html src=./a.html template=off>\n';
    const files = { '/w/mail/a.txt': 'Hi {{name}}\n', '/w/mail/a.html': '<p>{{name}}</p>\n' };
    const text = await bytes(await composeText(`@var: name=Ann\n${HEADER}\n${body}`, files));
    assert.match(text, /\r\nHi Ann\r\n/);
    assert.match(text, /\r\n<p>\{\{name\}\}<\/p>\r\n/);
  });

  describe('facts for the guard', () => {
    it('braces without data', async () => {
      const composed = await composeText(`${HEADER}\nHi {{name}} and {{other}}\n`);
      assert.equal(composed.facts.templateWithoutData?.expression, '{{name}}');
      assert.deepEqual(hasErrors(composed), false);
    });

    it('directives in a finished message', async () => {
      const composed = await composeText(`${HEADER}MIME-Version: 1.0\n\nx\n<#attach ./a>\n<#part>\n`);
      assert.equal(composed.kind, 'finished');
      assert.deepEqual(
        [composed.facts.directiveInFinished?.keyword, composed.facts.directiveInFinished?.count],
        ['attach', 2],
      );
    });

    it('no subject, no text', async () => {
      assert.deepEqual((await composeText('From: a@b.example\nTo: c@d.example\n\n\n<#attach ./d.eml>\n')).facts, {
        noSubject: true,
        noText: true,
      });
      assert.deepEqual((await composeText(`${HEADER}\n<#part type=text/html>\n<p>x\n`)).facts.noText, false);
    });
  });

  describe('a finished message', () => {
    const text = `${HEADER}MIME-Version: 1.0\n\nü\n`;
    const latin1 = Buffer.from(text, 'latin1');

    it('is sent as the disk has it, where nothing was changed', async () => {
      const composed = await composeText(latin1.toString('utf8'), {}, { disk: latin1, edited: false });
      assert.equal(await bytes(composed), text.replaceAll('\n', '\r\n'));
      assert.equal(hasErrors(composed), false, codes(composed).join());
    });

    it('is sent as the editor has it, where it was', async () => {
      const composed = await composeText(text, {}, { disk: Buffer.from('old'), edited: true });
      assert.equal(await bytes(composed), Buffer.from(text.replaceAll('\n', '\r\n')).toString('latin1'));
    });

    it('is not sent from a changed editor where the disk is not UTF-8', async () => {
      const composed = await composeText(text, {}, { disk: latin1, edited: true });
      assert.ok(
        codes(composed).some((code) => code.startsWith('not-utf8-edited@')),
        codes(composed).join(),
      );
      assert.ok(hasErrors(composed));
    });
  });

  it('knows the server that the document names', async () => {
    const composed = await composeText(`@server: stagin\n${HEADER}\nx\n`);
    assert.equal(composed.server?.name, 'stagin');
    assert.equal(checkServerName(composed, ['stagin']), undefined);
    const problem = checkServerName(composed, ['inbox', 'staging']);
    assert.ok(problem);
    assert.equal(
      problemSentence(problem),
      'There is no server "stagin" (did you mean "staging"?): configured are inbox and staging.',
    );
    const fixed = (known: readonly string[]) =>
      checkServerName(composed, known)?.fixes?.map(({ edits, preferred = false }) => [edits[0]?.text, preferred]);
    assert.deepEqual(fixed(['inbox', 'staging']), [['staging', true]]);
    assert.deepEqual(fixed(['inbox', 'relay']), [
      ['inbox', false],
      ['relay', false],
    ]);
  });

  it('needs no file on disk for a document that was never saved', async () => {
    const composed = await compose(
      { text: `${HEADER}\nx\n`, seed: 'seed' },
      { files: memoryFiles({}), clock: fixedClock },
    );
    assert.deepEqual(codes(composed), []);
    assert.equal(composed.key, 'seed');
    const attaching = await compose(
      { text: `${HEADER}\nx\n<#attach ./a>\n`, seed: 's' },
      { files: memoryFiles({}), clock: fixedClock },
    );
    assert.ok(
      codes(attaching).some((code) => code.startsWith('path-without-document@')),
      codes(attaching).join(),
    );
  });

  it('tells of the files where even their folder is gone', async () => {
    const unheard: unknown[] = [];
    const hear = (reason: unknown): unknown => unheard.push(reason);
    process.on('unhandledRejection', hear);
    try {
      const ports = { files: memoryFiles({}) };
      const composed = await composeText(`${HEADER}\nx\n<#attach ./a.bin>\n`, {}, {}, ports);
      assert.deepEqual(codes(composed), ['file-missing@./a.bin']);
      await new Promise(setImmediate);
    } finally {
      process.off('unhandledRejection', hear);
    }
    assert.deepEqual(unheard, []);
  });

  describe('where others wait for the same thread', () => {
    const parts = Array.from({ length: 60 }, (_, i) => `<#part type=text/html>\n<p>{{n}} ${i}\n<#/part>\n`).join('');
    const attached = '<#attach ./a.bin>\n<#attach ./gone.bin>\n'.repeat(40);
    const list = Array.from({ length: 1000 }, (_, i) => `"Doe, ${i}" <jo.${i}@a.example>`).join(', ');
    const long = `@var: n=Jo\nFrom: a@b.example\nTo: ${list}\nSubject: s\n\n${'Dear {{n}},\nhello.\n'.repeat(2000)}${parts}${attached}`;
    const files = { '/w/mail/a.bin': 'x' };
    /** Every look at it is a millisecond later. */
    const hurried = (): ComposePorts['clock'] => {
      let now = 0;
      return { ...fixedClock, ticks: () => now++ };
    };

    it('makes the same in turns', async () => {
      let turns = 0;
      const turn = async (): Promise<void> => void turns++;
      const shared = await composeText(long, files, {}, { clock: hurried(), turn });
      const alone = await composeText(long, files);
      assert.ok(turns > 100, `${turns} turns`);
      assert.deepEqual(shared.problems, alone.problems);
      assert.deepEqual(shared.envelope, alone.envelope);
      assert.equal(await bytes(shared), await bytes(alone));
    });

    it('tells of HTML that is nested too deeply to be made into something else', async () => {
      const deep = '<b>'.repeat(30_000);
      for (const [setting, code, reason] of [
        ['@text: auto', 'text-auto', 'The text of the HTML could not be made: elements are nested too deeply.'],
        ['@css: inline', 'css-inline', 'Some styles could not be brought inline: elements are nested too deeply.'],
      ]) {
        const html = `<#part type=text/html>\n<style>b { color: red }</style>${deep}x\n`;
        const { problems } = await composeText(`${setting}\n${HEADER}\n${html}`);
        const problem = problems.find((each) => each.code === code);
        assert.ok(problem && problemSentence(problem).startsWith(reason!), JSON.stringify(problem));
      }
    });

    it('goes through thousands of files that are parts without leaving out a turn', async () => {
      const parts = Array.from({ length: 2000 }, (_, index) => `<#part src=./p${index}.txt>\n`).join('');
      const all = Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`/p/p${index}.txt`, 'Hi\n'] as const));
      // A clock that goes on with what is done, a millisecond for each promise and each look at it.
      let now = 0;
      let began = 0;
      let longest = 0;
      let on = true;
      const other = (): void => {
        longest = Math.max(longest, now - began);
        began = now;
        if (on) setImmediate(other);
      };
      const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
      const ports = { clock: { ...fixedClock, ticks: () => now++ }, turn };
      const stop = promiseHooks.onInit(() => void now++);
      try {
        other();
        const text = `From: a@a.example\nTo: b@b.example\nSubject: s\n\n${parts}`;
        const { message } = await composeText(text, all, { path: '/p/a.eml', workspaceRoot: '/p' }, ports);
        assert.ok(message);
        assert.ok(longest < 100, `${longest} in one turn`);
      } finally {
        stop();
        on = false;
      }
    });

    it('stops at every turn where nobody waits for it any more', async () => {
      for (let last = 1; last < 100; last += 10) {
        const controller = new AbortController();
        let turns = 0;
        const turn = async (): Promise<void> => {
          if (++turns === last) controller.abort();
        };
        const { signal } = controller;
        await assert.rejects(composeText(long, files, { signal }, { clock: hurried(), turn }), { name: 'AbortError' });
        assert.equal(turns, last);
      }
    });
  });
});
