import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { coloured } from '../../../../src/send/console/colours.ts';
import {
  CONSOLE_HELP,
  type ConsoleAction,
  completions,
  readConsoleLine,
  secretFrom,
} from '../../../../src/send/console/words.ts';

describe('console/words', () => {
  const lines: [line: string, action: ConsoleAction][] = [
    ['', { do: 'nothing' }],
    ['   ', { do: 'nothing' }],
    ['VRFY ann', { do: 'raw', line: 'VRFY ann' }],
    ['  vrfy  ann  ', { do: 'raw', line: '  vrfy  ann' }],
    ['NOOP', { do: 'raw', line: 'NOOP' }],
    ['help', { do: 'help' }],
    ['?', { do: 'help' }],
    ['HELP', { do: 'raw', line: 'HELP' }],
    ['help vrfy', { do: 'raw', line: 'help vrfy' }],
    ['!help', { do: 'raw', line: 'help' }],
    ['!', { do: 'raw', line: '' }],
    ['status', { do: 'status' }],
    ['EHLO', { do: 'hello', verb: 'ehlo' }],
    ['lhlo', { do: 'hello', verb: 'ehlo' }],
    ['helo', { do: 'hello', verb: 'helo' }],
    ['ehlo me.example', { do: 'raw', line: 'ehlo me.example' }],
    ['STARTTLS', { do: 'starttls' }],
    ['login', { do: 'login' }],
    ['AUTH', { do: 'login' }],
    ['AUTH PLAIN', { do: 'raw', line: 'AUTH PLAIN' }],
    ['login ann', { do: 'login', user: 'ann' }],
    ['login ann SCRAM-SHA-256', { do: 'login', user: 'ann', mechanism: 'scram-sha-256' }],
    ['open', { do: 'open', bare: false }],
    ['open BARE', { do: 'open', bare: true }],
    ['open door', { do: 'misuse', sentence: 'It is "open" or "open bare".' }],
    ['quit', { do: 'quit' }],
    ['QUIT', { do: 'quit' }],
    ['starttls now', { do: 'misuse', sentence: 'STARTTLS takes no parameter (RFC 3207 section 4).' }],
    ['bdat 3', { do: 'misuse', sentence: 'BDAT is followed by octets, which a line can’t carry: use DATA.' }],
    [
      'login ann geheim x',
      { do: 'misuse', sentence: 'It is "login USER MECHANISM"; the password is asked for and not written here.' },
    ],
    [
      'login ann plian',
      {
        do: 'misuse',
        sentence:
          'What follows the user is a mechanism: auto, plain, login, cram-md5, scram-sha-1, scram-sha-1-plus, scram-sha-256, scram-sha-256-plus, xoauth2, oauthbearer, external. Did you mean plain? The password is asked for.',
      },
    ],
  ];
  for (const [line, action] of lines) it(JSON.stringify(line), () => assert.deepEqual(readConsoleLine(line), action));

  it('takes any line, and says nothing of what may be a password', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        assert.ok(readConsoleLine(text).do);
        const told = JSON.stringify(readConsoleLine(`login ann hunter2hunter2 ${text}`));
        assert.ok(!told.includes('hunter2'));
      }),
    );
  });

  it('completes the first word, in the case that it was begun in', () => {
    assert.deepEqual(completions('st'), ['starttls', 'status']);
    assert.deepEqual(completions('VR'), ['VRFY']);
    assert.deepEqual(completions('Ma'), ['mail from:<']);
    assert.deepEqual(completions(''), []);
    assert.deepEqual(completions('vrfy a'), []);
  });

  it('knows where a secret begins', () => {
    assert.equal(secretFrom('auth plain abc'), 11);
    assert.equal(secretFrom('!AUTH  XOAUTH2 abc'), 15);
    assert.equal(secretFrom('AUTH LOGIN'), 10);
    assert.equal(secretFrom('NOOP'), 4);
  });

  it('has help within 80 columns', () => {
    for (const line of CONSOLE_HELP) assert.ok(line.length <= 80, line);
  });
});

describe('console/colours', () => {
  const lines: [string, string][] = [
    ['<-  250 OK', '\x1b[2m<- \x1b[0m \x1b[32m\x1b[1m250\x1b[0m\x1b[32m OK\x1b[0m'],
    ['<~  354 Go on', '\x1b[2m<~ \x1b[0m \x1b[33m\x1b[1m354\x1b[0m\x1b[33m Go on\x1b[0m'],
    ['<-* 550-No', '\x1b[2m<-*\x1b[0m \x1b[31m\x1b[1m550\x1b[0m\x1b[31m-No\x1b[0m'],
    [' ~> NOOP x', '\x1b[2m ~>\x1b[0m \x1b[36m\x1b[1mNOOP\x1b[0m\x1b[36m x\x1b[0m'],
    ['=== +1 ms  Cancelled', '\x1b[2m=== +1 ms  Cancelled\x1b[0m'],
    ['*** Refused.', '\x1b[31m*** Refused.\x1b[0m'],
    ['help', 'help'],
    ['<-* nonsense', '<-* nonsense'],
  ];
  for (const [line, shown] of lines) it(JSON.stringify(line), () => assert.equal(coloured(line), shown));
});
