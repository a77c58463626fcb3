import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { addressFaultRule, FAULT_STEPS, FaultPlan, type FaultRule, readFaults } from '../../../src/capture/faults.ts';
import { deliveries, play } from './scripted.ts';

const start = `S: 220 mx.test ESMTP
  C: HELO client.example
  S: 250 mx.test`;
const envelope = `${start}
  C: MAIL FROM:<a@a.example>
  S: 250 2.1.0 Ok
  C: RCPT TO:<b@b.example>
  S: 250 2.1.5 Ok`;
const text = `${envelope}
  C: DATA
  S: 354 Go on; a line that holds only a dot ends it`;

interface Case {
  readonly name: string;
  readonly rules?: readonly FaultRule[];
  readonly transcript: string;
  readonly kept: number;
}

const cases: readonly Case[] = [
  {
    name: 'refuses the connection',
    rules: [{ at: 'connect', reply: '554 5.3.2 Not today', drop: true }],
    transcript: 'S: 554 5.3.2 Not today\nS: (close)',
    kept: 0,
  },
  {
    name: 'hangs up before the greeting on clients from an address',
    rules: [{ at: 'connect', match: '127.*', drop: true }],
    transcript: 'S: (drop)',
    kept: 0,
  },
  {
    name: 'greets late',
    rules: [{ at: 'connect', delay: 250 }],
    transcript: 'S: (wait 250)\nS: 220 mx.test ESMTP',
    kept: 0,
  },
  {
    name: 'refuses a hello, and stays without one',
    rules: [{ at: 'hello', match: 'CLIENT.*', reply: '550 5.7.1 Go away' }],
    transcript: `S: 220 mx.test ESMTP
      C: EHLO client.example
      S: 550 5.7.1 Go away
      C: MAIL FROM:<>
      S: 503 5.5.1 Say hello first`,
    kept: 0,
  },
  {
    name: 'refuses STARTTLS',
    rules: [{ at: 'starttls', reply: '454 4.7.0 TLS not available' }],
    transcript: `${start}
      C: STARTTLS
      S: 454 4.7.0 TLS not available
      C: NOOP
      S: 250 2.0.0 Ok`,
    kept: 0,
  },
  {
    name: 'refuses the credentials of one user, until the third time',
    rules: [{ at: 'auth', match: 'jo', times: 2, reply: '535 5.7.8 Wrong' }],
    transcript: `S: 220 mx.test ESMTP
      C: EHLO c
      S: 250-mx.test
      S: 250-PIPELINING
      S: 250-SIZE 1000
      S: 250-8BITMIME
      S: 250-SMTPUTF8
      S: 250-CHUNKING
      S: 250-BINARYMIME
      S: 250-DSN
      S: 250-ENHANCEDSTATUSCODES
      S: 250-STARTTLS
      S: 250-AUTH PLAIN LOGIN
      S: 250 HELP
      C: AUTH PLAIN AGpvAHg=
      S: 535 5.7.8 Wrong
      C: AUTH PLAIN AGpvAHg=
      S: 535 5.7.8 Wrong
      C: AUTH PLAIN AGpvAHg=
      S: 235 2.7.0 Accepted`,
    kept: 0,
  },
  {
    name: 'refuses a sender',
    rules: [{ at: 'mail', match: '*@a.example', reply: '550 5.7.1 Not from you' }],
    transcript: `${start}
      C: MAIL FROM:<a@a.example>
      S: 550 5.7.1 Not from you
      C: RCPT TO:<b@b.example>
      S: 503 5.5.1 MAIL comes first
      C: MAIL FROM:<a@b.example>
      S: 250 2.1.0 Ok`,
    kept: 0,
  },
  {
    name: 'greylists: the first attempt is put off',
    rules: [{ at: 'rcpt', times: 1, reply: '451 4.7.1 Greylisted' }],
    transcript: `${start}
      C: MAIL FROM:<a@a.example>
      C: RCPT TO:<b@b.example>
      C: RCPT TO:<b@b.example>
      S: 250 2.1.0 Ok
      S: 451 4.7.1 Greylisted
      S: 250 2.1.5 Ok`,
    kept: 0,
  },
  {
    name: 'lets the first pass',
    rules: [{ at: 'rcpt', after: 1, reply: '452 4.5.3 Enough' }],
    transcript: `${envelope}
      C: RCPT TO:<c@b.example>
      S: 452 4.5.3 Enough`,
    kept: 0,
  },
  {
    name: 'takes the others where one recipient is refused',
    transcript: `${envelope}
      C: RCPT TO:<jo+fault-550-5.1.1@b.example>
      C: DATA
      S: 550 5.1.1 As the address asked
      S: 354 Go on; a line that holds only a dot ends it
      C: .
      S: 250 2.0.0 Kept as id1`,
    kept: 1,
  },
  {
    name: 'refuses DATA',
    rules: [{ at: 'data', match: 'b@*', reply: '451 4.3.0 Later' }],
    transcript: `${envelope}
      C: DATA
      C: RSET
      S: 451 4.3.0 Later
      S: 250 2.0.0 Ok`,
    kept: 0,
  },
  {
    name: 'hangs up in the midst of the text',
    rules: [{ at: 'body', octets: 5, drop: true }],
    transcript: `${text}
      C: 1234
      C: 5
      S: (drop)`,
    kept: 0,
  },
  {
    name: 'stalls in the midst of the text, then takes it',
    rules: [{ at: 'body', delay: 900 }],
    transcript: `${text}
      C: x
      C: .
      S: (wait 900)
      S: 250 2.0.0 Kept as id1`,
    kept: 1,
  },
  {
    name: 'refuses the text',
    rules: [{ at: 'message', match: 'a@a.example', reply: '554 5.7.1 Spam' }],
    transcript: `${text}
      C: x
      C: .
      S: 554 5.7.1 Spam
      C: RCPT TO:<b@b.example>
      S: 503 5.5.1 MAIL comes first`,
    kept: 0,
  },
  {
    name: 'hangs up instead of the last reply',
    transcript: `${start}
      C: MAIL FROM:<>
      C: RCPT TO:<fault-message-drop@b.example>
      C: DATA
      S: 250 2.1.0 Ok
      S: 250 2.1.5 Ok
      S: 354 Go on; a line that holds only a dot ends it
      C: x
      C: .
      S: (drop)`,
    kept: 0,
  },
  {
    name: 'says what no server should say',
    rules: [{ at: 'rset', raw: 'hello\r\n250-\r\n' }],
    transcript: `${start}
      C: RSET
      S: hello
      S: 250-
      C: NOOP
      S: 250 2.0.0 Ok`,
    kept: 0,
  },
  {
    name: 'answers in several lines, and parts with 421',
    rules: [{ at: 'mail', reply: '421 4.3.2 Going\ndown' }],
    transcript: `${start}
      C: MAIL FROM:<>
      C: NOOP
      S: 421-4.3.2 Going
      S: 421 down
      S: (close)`,
    kept: 0,
  },
  {
    name: 'hangs up at QUIT without a word',
    rules: [{ at: 'quit', drop: true }],
    transcript: `${start}
      C: QUIT
      S: (drop)`,
    kept: 0,
  },
];

describe('faults', () => {
  for (const { name, rules, transcript, kept } of cases) {
    for (const delivery of deliveries) {
      it(`${name} (${delivery})`, () => {
        const { messages } = play(transcript, rules === undefined ? {} : { faults: rules }, delivery);
        assert.equal(messages.length, kept);
      });
    }
  }

  it('keeps the commands of the recipients apart that stay', () => {
    const { messages } = play(cases.find(({ name }) => name.startsWith('takes the others'))!.transcript);
    assert.deepEqual(messages[0]?.envelope.recipients, ['b@b.example']);
  });
});

describe('addresses that ask for faults', () => {
  const reply = (at: FaultRule['at'], words: string): FaultRule => ({ at, reply: `${words} As the address asked` });
  const table: readonly (readonly [string, FaultRule | undefined])[] = [
    ['fault-550@a.example', reply('rcpt', '550 5.0.0')],
    ['fault-550', reply('rcpt', '550 5.0.0')],
    ['"fault-550"@a.example', reply('rcpt', '550 5.0.0')],
    ['Jo+Fault-451-4.7.1@a.example', reply('rcpt', '451 4.7.1')],
    ['jo+tag+fault-mail-421@a.example', reply('mail', '421 4.0.0')],
    ['fault-data-452@a.example', reply('data', '452 4.0.0')],
    ['fault-message-554@a.example', reply('message', '554 5.0.0')],
    ['fault-drop@a.example', { at: 'rcpt', drop: true }],
    ['fault-body-drop@a.example', { at: 'body', drop: true }],
    ['fault-delay-2000@a.example', { at: 'rcpt', delay: 2000 }],
    ['fault-message-delay-3600000@a.example', { at: 'message', delay: 3_600_000 }],
    ['fault-delay-3600001@a.example', undefined],
    ['fault-250@a.example', undefined],
    ['fault-550-x@a.example', undefined],
    ['default-550@a.example', undefined],
    ['jo-fault-550@a.example', undefined],
    ['jo@fault-550.example', undefined],
    ['fault@a.example', undefined],
    ['', undefined],
  ];
  for (const [address, rule] of table) {
    it(address || '(empty)', () => assert.deepEqual(addressFaultRule(address, 'rcpt'), rule));
  }

  it('mean MAIL where they are the sender', () => {
    assert.deepEqual(addressFaultRule('fault-550@a.example', 'mail'), reply('mail', '550 5.0.0'));
  });

  it('can be turned off', () => {
    assert.equal(new FaultPlan([], false).strikeEnvelope('rcpt', undefined, ['fault-550@a.example']), undefined);
  });
});

describe('fault rules from JSON', () => {
  it('are taken as they stand', () => {
    const rules: FaultRule[] = [
      { at: 'rcpt', match: '*@a.example', after: 1, times: 2, delay: 3, reply: '550 5.1.1 No\nreally', drop: true },
      { at: 'body', octets: 9, raw: 'x' },
      { at: 'quit', reply: '221' },
    ];
    assert.deepEqual(readFaults(rules), { rules, problems: [] });
  });

  it('are refused one by one, with the key that is wrong', () => {
    const good = { at: 'mail', drop: true };
    const bad: readonly (readonly [unknown, string, string?])[] = [
      [null, 'not-an-object'],
      [[], 'not-an-object'],
      [{ drop: true }, 'bad-step', 'at'],
      [{ at: 'lunch', drop: true }, 'bad-step', 'at'],
      [{ at: 'mail' }, 'no-effect'],
      [{ at: 'mail', drop: false }, 'no-effect'],
      [{ at: 'mail', drop: 'yes' }, 'bad-value', 'drop'],
      [{ at: 'mail', delay: -1 }, 'bad-value', 'delay'],
      [{ at: 'mail', delay: 3_600_001 }, 'bad-value', 'delay'],
      [{ at: 'mail', reply: 'no' }, 'bad-reply', 'reply'],
      [{ at: 'mail', reply: '250 a\r\nb' }, 'bad-reply', 'reply'],
      [{ at: 'mail', reply: '999 x' }, 'bad-reply', 'reply'],
      [{ at: 'mail', drop: true, when: 'now' }, 'unknown-key', 'when'],
      [JSON.parse('{"at":"mail","drop":true,"__proto__":1}'), 'unknown-key', '__proto__'],
    ];
    const { rules, problems } = readFaults([good, ...bad.map(([rule]) => rule)]);
    assert.deepEqual(rules, [good]);
    assert.deepEqual(
      problems,
      bad.map(([, code, key], index) => ({ index: index + 1, code, ...(key !== undefined && { key }) })),
    );
    assert.deepEqual(readFaults({}), { rules: [], problems: [{ index: 0, code: 'not-a-list' }] });
  });

  it('never throw, whatever they are', () => {
    const rule = fc.record(
      {
        at: fc.constantFrom<unknown>(...FAULT_STEPS, 1),
        match: fc.string(),
        delay: fc.double(),
        reply: fc.string(),
        drop: fc.anything(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(rule, fc.anything())), fc.string(), (value, subject) => {
        const { rules, problems } = readFaults(value);
        assert.equal(rules.length + problems.length, value.length);
        const plan = new FaultPlan(rules, true);
        for (const step of FAULT_STEPS) plan.strikeEnvelope(step, subject, [subject]);
      }),
    );
  });
});

describe('patterns of fault rules', () => {
  const table: readonly (readonly [string, string, boolean])[] = [
    ['*', '', true],
    ['', '', true],
    ['', 'a', false],
    ['a*c', 'ABC', true],
    ['a*c', 'abcd', false],
    ['*.example', 'a.example', true],
    ['a.b', 'axb', false],
    ['a+b@[x]', 'a+b@[x]', true],
    ['(a|b)$', 'a', false],
    ['*ä*', 'xÄy', true],
    ['a*a', 'a', false],
    ['*ab*ab', 'xab', false],
    ['a**b', 'ab', true],
  ];
  for (const [match, subject, expected] of table) {
    it(`${match} ${expected ? 'is' : 'is not'} ${subject}`, () => {
      const strikes = new FaultPlan([{ at: 'auth', match, drop: true }], true).strike('auth', [subject]);
      assert.equal(strikes !== undefined, expected);
    });
  }

  it('do not explode', () => {
    const plan = new FaultPlan([{ at: 'auth', match: 'a*b*c*d*e*f', drop: true }], true);
    assert.equal(plan.strike('auth', ['abcde'.repeat(100_000)]), undefined);
  });
});
