import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Composed, GuardFacts } from '../../../src/send/composed.ts';
import { Confirmations, guard } from '../../../src/send/guard.ts';
import type { Question } from '../../../src/send/question.ts';
import { askedTogether } from '../../../src/send/sentences/question.ts';
import { refusalSentence } from '../../../src/send/sentences/refusal.ts';
import { type GuardRules, INBOX, type Server } from '../../../src/send/server.ts';
import { parseServer } from '../../../src/send/server-settings.ts';
import { composedOf } from './support/composed.ts';

const staging = serverOf({ host: 'smtp.example.com' });
const range = { start: 0, end: 2 };

function serverOf(settings: Record<string, unknown>): Server {
  const { server } = parseServer('staging', settings);
  assert.ok(server);
  return server;
}

function message(facts: Partial<GuardFacts> = {}, recipients = ['bob@example.org', 'cy@example.net']): Composed {
  return composedOf({ recipients, facts });
}

function questions(
  composed: Composed,
  server: Server,
  rules: GuardRules = {},
  known = new Confirmations(),
): readonly Question[] {
  const verdict = guard(composed, server, rules, known);
  assert.equal(verdict.kind, 'pass');
  return verdict.kind === 'pass' ? verdict.questions : [];
}

function codes(...args: Parameters<typeof questions>): string[] {
  return questions(...args).map((question) => question.code);
}

describe('send/guard', () => {
  it('asks nothing on this machine', () => {
    assert.deepEqual(codes(message(), INBOX), []);
    assert.deepEqual(codes(message({ noSubject: true, noText: true }), INBOX), []);
    assert.deepEqual(codes(message(), serverOf({ host: 'localhost' })), []);
    assert.deepEqual(codes(message(), serverOf({ transport: 'folder', path: 'out' })), []);
  });

  it('lists the recipients off loopback', () => {
    assert.deepEqual(questions(message(), staging), [
      {
        code: 'off-loopback',
        server: staging,
        sender: 'ann@example.com',
        recipients: ['bob@example.org', 'cy@example.net'],
      },
    ]);
    assert.deepEqual(codes(message(), serverOf({ transport: 'mx' })), ['off-loopback']);
    assert.deepEqual(codes(message(), serverOf({ host: 'localhost', proxy: 'http://localhost:3128' })), [
      'off-loopback',
    ]);
  });

  it('asks once for a document and server', () => {
    const known = new Confirmations();
    known.add('/doc.eml', staging, ['bob@example.org', 'cy@example.net']);
    assert.deepEqual(codes(message(), staging, {}, known), []);
    assert.deepEqual(codes(message({}, ['CY@example.net']), staging, {}, known), []);
    // Somebody who was not on the list, another server, another document, another host under the same name.
    assert.deepEqual(codes(message({}, ['bob@example.org', 'new@example.org']), staging, {}, known), ['off-loopback']);
    assert.deepEqual(codes(message(), serverOf({ host: 'smtp.example.org' }), {}, known), ['off-loopback']);
    assert.deepEqual(codes({ ...message(), key: '/other.eml' }, staging, {}, known), ['off-loopback']);
    // `confirm: always`, and production.
    assert.deepEqual(codes(message(), staging, { confirm: 'always' }, known), ['off-loopback']);
    assert.deepEqual(codes(message(), { ...staging, production: true }, {}, known), ['production']);
    known.clear();
    assert.deepEqual(codes(message(), staging, {}, known), ['off-loopback']);
  });

  it('asks about a subject and a text that are not there, together with the rest', () => {
    assert.deepEqual(codes(message({ noSubject: true, noText: true }), staging), [
      'off-loopback',
      'no-subject',
      'no-text',
    ]);
  });

  it('asks about braces without data and directives in a finished message, everywhere', () => {
    const facts = {
      templateWithoutData: { expression: '{{name}}', range },
      directiveInFinished: { keyword: 'part', count: 1, range },
    };
    assert.deepEqual(codes(message(facts), INBOX), ['template-without-data', 'directive-in-finished']);
  });

  it('refuses a document with errors', () => {
    const broken: Composed = { ...message(), problems: [{ code: 'from-missing', severity: 'error', range }] };
    assert.deepEqual(guard(broken, INBOX, {}, new Confirmations()), {
      kind: 'refused',
      refusal: { code: 'document-has-errors', errors: 1 },
    });
  });

  describe('rules', () => {
    const table: [string, GuardRules, readonly string[], readonly string[] | 'refused'][] = [
      ['none', {}, ['a@x.example'], ['a@x.example']],
      ['an address', { allow: ['a@x.example'] }, ['A@X.example'], ['A@X.example']],
      ['a domain', { allow: ['x.example'] }, ['a@x.example'], ['a@x.example']],
      ['a domain is not what is below it', { allow: ['x.example'] }, ['a@b.x.example'], 'refused'],
      [
        'a domain with all below it',
        { allow: ['*.x.example'] },
        ['a@b.x.example', 'a@x.example'],
        ['a@b.x.example', 'a@x.example'],
      ],
      ['no suffix by accident', { allow: ['*.x.example'] }, ['a@evilx.example'], 'refused'],
      ['a quoted local part with a domain in it', { allow: ['x.example'] }, ['"a@x.example"@evil.example'], 'refused'],
      [
        'and the domain is what stands last',
        { allow: ['evil.example'] },
        ['"a@x.example"@evil.example'],
        ['"a@x.example"@evil.example'],
      ],
      ['an empty list lets nobody through', { allow: [] }, ['a@x.example'], 'refused'],
      ['redirect all', { redirectTo: ['me@x.example'] }, ['a@y.example', 'b@y.example'], ['me@x.example']],
      [
        'redirect those who are left out',
        { allow: ['x.example'], redirectTo: ['me@x.example'] },
        ['a@y.example', 'b@x.example', 'me@x.example'],
        ['b@x.example', 'me@x.example'],
      ],
      [
        'redirect to several',
        { redirectTo: ['a@x.example', 'b@x.example'] },
        ['c@y.example'],
        ['a@x.example', 'b@x.example'],
      ],
    ];
    for (const [title, rules, recipients, expected] of table) {
      it(title, () => {
        for (const general of [true, false]) {
          const server = general ? staging : { ...staging, guard: rules };
          const verdict = guard(message({}, [...recipients]), server, general ? rules : {}, new Confirmations());
          if (expected === 'refused') {
            assert.equal(verdict.kind, 'refused');
            continue;
          }
          assert.ok(verdict.kind === 'pass');
          assert.deepEqual(verdict.envelope, { sender: 'ann@example.com', recipients: expected });
        }
      });
    }

    it('of the settings hold off loopback only; those of a server, anywhere', () => {
      const rules: GuardRules = { allow: ['x.example'] };
      assert.equal(guard(message(), INBOX, rules, new Confirmations()).kind, 'pass');
      assert.equal(guard(message(), { ...INBOX, guard: rules }, {}, new Confirmations()).kind, 'refused');
    });

    it('of a server stand beside those of the settings, each for itself', () => {
      const server: Server = { ...staging, guard: { confirm: 'always' } };
      assert.equal(guard(message(), server, { allow: ['x.example'] }, new Confirmations()).kind, 'refused');
    });
  });

  it('asks in one text', () => {
    const asked = questions(
      message({ noSubject: true, templateWithoutData: { expression: '{{name}}', range } }),
      { ...staging, production: true },
      { allow: ['example.org'], redirectTo: ['me@example.org'] },
    );
    assert.deepEqual(askedTogether(asked), {
      title: 'Send to 2 recipients over "staging" (smtp.example.com:587)?',
      lines: [
        'From: ann@example.com',
        'To: bob@example.org',
        'To: me@example.org',
        'The guard sends it to me@example.org in place of cy@example.net.',
        'The message has no subject.',
        '"staging" (smtp.example.com:587) is a production server: real people get this. Send to bob@example.org and me@example.org?',
        '"{{name}}" stands in the document, and there is no data for it: it would be sent as it is written. Send all the same?',
      ],
    });
  });

  it('shows in an address what can’t be seen, or turns round how it is read', () => {
    const asked = questions(message({}, ['"\u202emoc.live@"@x.example', 'a\u200db@x.example']), staging);
    const lines = ['To: "\\xE2\\x80\\xAEmoc.live@"@x.example', 'To: a\\xE2\\x80\\x8Db@x.example'];
    assert.deepEqual(askedTogether(asked).lines.slice(1, 3), lines);
    const verdict = guard(message({}, ['"\u202ea"@x.example']), staging, { allow: [] }, new Confirmations());
    assert.ok(verdict.kind === 'refused');
    const list = { ...verdict.refusal, allow: ['b.example'] } as typeof verdict.refusal;
    assert.ok(refusalSentence(list, staging).startsWith('The guard keeps mail from "\\xE2\\x80\\xAEa"@x.example: '));
  });

  it('says who is kept out, and what to do', () => {
    const verdict = guard(message(), staging, { allow: ['example.org'] }, new Confirmations());
    assert.ok(verdict.kind === 'refused');
    assert.equal(
      refusalSentence(verdict.refusal, staging),
      'The guard keeps mail from cy@example.net: it allows only example.org. Nothing was sent. Take them out, add them to "allow" in mailbench.guard, or set "redirectTo".',
    );
  });
});
