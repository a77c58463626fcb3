import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { deliveries, play, type Setting } from './scripted.ts';

const hello = `
  S: 220 mx.test ESMTP
  C: EHLO client.example
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
`;
const underway = `${hello}
  C: MAIL FROM:<a@a.example>
  S: 250 2.1.0 Ok
  C: RCPT TO:<b@b.example>
  S: 250 2.1.5 Ok
`.replaceAll(/\n\s*\n/g, '\n');

interface Case {
  readonly name: string;
  readonly transcript: string;
  readonly setting?: Setting;
  /** The texts that are kept. */
  readonly texts?: readonly string[];
}

const following = (before: string, transcript: string) => `${before.trimEnd()}${transcript}`;

const cases: readonly Case[] = [
  {
    name: 'takes a message and goes on with the next',
    transcript: following(
      underway,
      `
      C: DATA
      S: 354 Go on; a line that holds only a dot ends it
      C: Subject: one
      C:
      C: ..two dots
      C: .
      S: 250 2.0.0 Kept as id1
      C: MAIL FROM:<>
      C: RCPT TO:<Postmaster>
      C: DATA
      S: 250 2.1.0 Ok
      S: 250 2.1.5 Ok
      S: 354 Go on; a line that holds only a dot ends it
      C: .
      C: QUIT
      S: 250 2.0.0 Kept as id2
      S: 221 2.0.0 Bye
      S: (close)`,
    ),
    texts: ['Subject: one\r\n\r\n.two dots\r\n', ''],
  },
  {
    name: 'answers a whole pipelined group, the next envelope in the group of the message (RFC 2920)',
    transcript: following(
      hello,
      `
      C: MAIL FROM:<a@a.example>
      C: RCPT TO:<b@b.example>
      C: DATA
      S: 250 2.1.0 Ok
      S: 250 2.1.5 Ok
      S: 354 Go on; a line that holds only a dot ends it
      C: one
      C: .
      C: MAIL FROM:<a@a.example>
      C: RCPT TO:<c@c.example>
      C: DATA
      S: 250 2.0.0 Kept as id1
      S: 250 2.1.0 Ok
      S: 250 2.1.5 Ok
      S: 354 Go on; a line that holds only a dot ends it
      C: two
      C: .
      S: 250 2.0.0 Kept as id2`,
    ),
    texts: ['one\r\n', 'two\r\n'],
  },
  {
    name: 'ends a text at CRLF.CRLF and nothing else',
    transcript: following(
      underway,
      `
      C: DATA
      S: 354 Go on; a line that holds only a dot ends it
      C: a\\n.\\nMAIL FROM:<x@x.example>\\n.\\r\\
      C: b\\r.\\r.\\r\\n
      C: .\\rc
      C: \\n.
      C: .
      S: 250 2.0.0 Kept as id1`,
    ),
    texts: ['a\n.\nMAIL FROM:<x@x.example>\n.\rb\r.\r.\r\n\r\n\rc\r\n\n.\r\n'],
  },
  {
    name: 'takes dots off wherever they were put on',
    transcript: following(
      underway,
      `
      C: DATA
      S: 354 Go on; a line that holds only a dot ends it
      C: ..
      C: .x
      C: ...
      C: ..\\rx
      C: x.
      C: .
      S: 250 2.0.0 Kept as id1`,
    ),
    texts: ['.\r\nx\r\n..\r\n.\rx\r\nx.\r\n'],
  },
  {
    name: 'reads a text over the limit to its end',
    transcript: following(
      underway,
      `
      C: DATA
      S: 354 Go on; a line that holds only a dot ends it
      C: ${'x'.repeat(999)}
      C: QUIT
      C: .
      S: 552 5.3.4 The message is larger than this server takes
      C: DATA
      S: 503 5.5.1 MAIL comes first`,
    ),
    texts: [],
  },
  {
    name: 'refuses a declared size over the limit',
    transcript: following(
      hello,
      `
      C: MAIL FROM:<a@a.example> SIZE=1001
      S: 552 5.3.4 The message is larger than this server takes
      C: MAIL FROM:<a@a.example> SIZE=1000
      S: 250 2.1.0 Ok`,
    ),
  },
  {
    name: 'takes a message in chunks (RFC 3030)',
    transcript: following(
      hello,
      `
      C: MAIL FROM:<a@a.example> BODY=BINARYMIME
      C: RCPT TO:<b@b.example>
      C: BDAT 4
      C: .\\r\\n.\\
      C: BDAT 6 LAST
      C: QUIT\\xff\\0\\
      C: NOOP
      S: 250 2.1.0 Ok
      S: 250 2.1.5 Ok
      S: 250 2.0.0 4 octets taken
      S: 250 2.0.0 Kept as id1
      S: 250 2.0.0 Ok`,
    ),
    texts: ['.\r\n.QUIT\xff\0'],
  },
  {
    name: 'takes an empty last chunk',
    transcript: following(
      underway,
      `
      C: BDAT 3
      C: x\\
      C:
      C: BDAT 0 LAST
      S: 250 2.0.0 3 octets taken
      S: 250 2.0.0 Kept as id1`,
    ),
    texts: ['x\r\n'],
  },
  {
    name: 'reads over the octets of a chunk that it does not want',
    transcript: following(
      hello,
      `
      C: BDAT 6 LAST
      C: QUIT
      C: MAIL FROM:<a@a.example>
      C: BDAT 6
      C: QUIT
      S: 503 5.5.1 MAIL comes first
      S: 250 2.1.0 Ok
      S: 554 5.5.1 No recipient was accepted`,
    ),
    texts: [],
  },
  {
    name: 'does not guess where a chunk of unknown size ends',
    transcript: following(
      underway,
      `
      C: BDAT -1
      C: NOOP
      S: 501 5.5.4 Syntax: BDAT octets [LAST]; closing
      S: (close)`,
    ),
  },
  {
    name: 'throws chunks away at RSET',
    transcript: following(
      underway,
      `
      C: BDAT 3
      C: x
      C: RSET
      C: MAIL FROM:<a@a.example>
      C: RCPT TO:<b@b.example>
      C: BDAT 3 LAST
      C: y
      S: 250 2.0.0 3 octets taken
      S: 250 2.0.0 Ok
      S: 250 2.1.0 Ok
      S: 250 2.1.5 Ok
      S: 250 2.0.0 Kept as id1`,
    ),
    texts: ['y\r\n'],
  },
  {
    name: 'keeps BDAT and DATA apart',
    transcript: following(
      underway,
      `
      C: BDAT 3
      C: x
      C: DATA
      C: RCPT TO:<c@c.example>
      S: 250 2.0.0 3 octets taken
      S: 503 5.5.1 The text has begun with BDAT
      S: 503 5.5.1 The text has begun; no more recipients`,
    ),
  },
  {
    name: 'wants BDAT for BINARYMIME (RFC 3030 section 3)',
    transcript: following(
      hello,
      `
      C: MAIL FROM:<a@a.example> BODY=BINARYMIME
      C: RCPT TO:<b@b.example>
      C: DATA
      S: 250 2.1.0 Ok
      S: 250 2.1.5 Ok
      S: 503 5.5.1 BODY=BINARYMIME goes with BDAT only`,
    ),
  },
  {
    name: 'refuses chunks over the limit',
    transcript: following(
      underway,
      `
      C: BDAT 999
      C: ${'x'.repeat(999)}\\
      C: BDAT 2
      C:
      C: BDAT 0 LAST
      S: 250 2.0.0 999 octets taken
      S: 552 5.3.4 The message is larger than this server takes
      S: 552 5.3.4 The message is larger than this server takes`,
    ),
    texts: [],
  },
  {
    name: 'keeps to the order of commands',
    transcript: `
      S: 220 mx.test ESMTP
      C: MAIL FROM:<a@a.example>
      C: RCPT TO:<a@a.example>
      C: DATA
      C: AUTH PLAIN AGEAYg==
      S: 503 5.5.1 Say hello first
      S: 503 5.5.1 MAIL comes first
      S: 503 5.5.1 MAIL comes first
      S: 503 5.5.1 Say EHLO first
      C: HELO client.example
      S: 250 mx.test
      C: MAIL FROM:<a@a.example> SIZE=1
      C: MAIL FROM:<a@a.example>
      C: MAIL FROM:<a@a.example>
      C: DATA
      S: 555 5.5.4 Parameters need EHLO
      S: 250 2.1.0 Ok
      S: 503 5.5.1 A transaction is under way
      S: 554 5.5.1 No recipient was accepted
      C: HELO client.example
      C: RCPT TO:<a@a.example>
      S: 250 mx.test
      S: 503 5.5.1 MAIL comes first`,
  },
  {
    name: 'says what is wrong with arguments',
    transcript: following(
      hello,
      `
      C: MAIL
      C: MAIL TO:<a@a.example>
      C: MAIL FROM:<a b@a.example>
      C: MAIL FROM:<a@a..example>
      C: MAIL FROM:<a@a.example> X-FOO=1
      C: MAIL FROM:<a@a.example> SIZE=1 SIZE=2
      C: MAIL FROM:<a@a.example> SIZE=x
      C: MAIL FROM:<a@a.example> BODY=9BIT
      C: MAIL FROM:<a@a.example> RET=HALF
      C: MAIL FROM:<a@a.example> ENVID=a+zz
      C: MAIL FROM:<ä@a.example>
      S: 501 5.5.4 Syntax: MAIL FROM:<address> [parameters]
      S: 501 5.5.4 Syntax: MAIL FROM:<address> [parameters]
      S: 501 5.1.7 Bad sender address
      S: 501 5.1.7 Bad sender address
      S: 555 5.5.4 Parameter not recognised: X-FOO
      S: 501 5.5.4 Syntax: MAIL FROM:<address> [parameters]
      S: 501 5.5.4 Bad value of SIZE
      S: 501 5.5.4 Bad value of BODY
      S: 501 5.5.4 Bad value of RET
      S: 501 5.5.4 Bad value of ENVID
      S: 553 5.6.7 A non-ASCII address needs SMTPUTF8
      C: MAIL FROM:<a@a.example>
      C: RCPT TO:<>
      C: RCPT FROM:<a@a.example>
      C: RCPT TO:<a@a.example> NOTIFY=NEVER,SUCCESS
      C: RCPT TO:<a@a.example> ORCPT=rfc822
      C: RCPT TO:<ä@a.example>
      S: 250 2.1.0 Ok
      S: 501 5.1.3 Bad recipient address
      S: 501 5.5.4 Syntax: RCPT TO:<address> [parameters]
      S: 501 5.5.4 Bad value of NOTIFY
      S: 501 5.5.4 Bad value of ORCPT
      S: 553 5.6.7 A non-ASCII address needs SMTPUTF8
      C: EHLO
      C: RSET now
      C: DATA now
      C: QUIT now
      C: STARTTLS now
      C: VRFY
      C: EXPN
      S: 501 5.5.4 Name missing
      S: 501 5.5.4 No arguments allowed
      S: 501 5.5.4 No arguments allowed
      S: 501 5.5.4 No arguments allowed
      S: 501 5.5.4 No arguments allowed
      S: 501 5.5.4 Argument missing
      S: 501 5.5.4 Argument missing`,
    ),
  },
  {
    name: 'refuses recipients beyond the limit one by one',
    transcript: following(
      hello,
      `
      C: MAIL FROM:<a@a.example>
      C: RCPT TO:<1@b.example>
      C: RCPT TO:<2@b.example>
      C: RCPT TO:<2@b.example>
      C: RCPT TO:<4@b.example>
      S: 250 2.1.0 Ok
      S: 250 2.1.5 Ok
      S: 250 2.1.5 Ok
      S: 250 2.1.5 Ok
      S: 452 4.5.3 Too many recipients`,
    ),
  },
  {
    name: 'answers the small commands',
    transcript: following(
      hello,
      `
      C: noop whatever
      C: vrfy postmaster
      C: EXPN all
      C: HELP
      C: LHLO x
      C: WHO
      C:
      C: quit
      S: 250 2.0.0 Ok
      S: 252 2.1.5 Not looked up; mail for it is taken
      S: 550 5.1.1 No list of that name
      S: 214-2.0.0 EHLO HELO LHLO STARTTLS AUTH MAIL RCPT DATA BDAT
      S: 214 2.0.0 RSET NOOP VRFY EXPN HELP QUIT
      S: 500 5.5.1 This is SMTP; say EHLO
      S: 500 5.5.1 Unknown command
      S: 500 5.5.1 Unknown command
      S: 221 2.0.0 Bye
      S: (close)`,
    ),
  },
  {
    name: 'obeys no line that does not end with CRLF',
    transcript: following(
      hello,
      `
      C: MAIL FROM:<a@a.example>\\nRCPT TO:<b@b.example>\\nNOOP
      C: NO\\rOP
      C: NO\\0OP
      C: NO\\xffOP
      C: NOOP \\x01
      S: 500 5.5.2 A command ends with CRLF, not with LF alone (RFC 5321 section 2.3.8)
      S: 500 5.5.2 A command ends with CRLF, not with LF alone (RFC 5321 section 2.3.8)
      S: 250 2.0.0 Ok
      S: 500 5.5.2 A command holds no control characters and is UTF-8 throughout
      S: 500 5.5.2 A command holds no control characters and is UTF-8 throughout
      S: 500 5.5.2 A command holds no control characters and is UTF-8 throughout
      S: 500 5.5.2 A command holds no control characters and is UTF-8 throughout`,
    ),
  },
  {
    name: 'reads over a line that is too long',
    transcript: following(
      hello,
      `
      C: NOOP ${'x'.repeat(2041)}
      C: NOOP ${'x'.repeat(2042)}
      C: NOOP
      S: 250 2.0.0 Ok
      S: 500 5.5.6 Line too long
      S: 250 2.0.0 Ok`,
    ),
  },
  {
    name: 'hangs up after too many errors',
    transcript: following(
      hello,
      `
${'      C: WHO\n'.repeat(51)}${'      S: 500 5.5.1 Unknown command\n'.repeat(50)}      S: 421 4.7.0 Too many errors; closing
      S: (close)`,
    ),
  },
  {
    name: 'hangs up on a web page',
    transcript: `
      S: 220 mx.test ESMTP
      C: POST / HTTP/1.1
      C: EHLO client.example
      S: 502 5.7.0 This is a mail server; closing
      S: (close)`,
  },
  {
    name: 'forgets everything at STARTTLS (RFC 3207 section 4.2)',
    transcript: following(
      underway,
      `
      C: STARTTLS
      S: 220 2.0.0 Ready to start TLS
      S: (tls)
      C: RCPT TO:<c@c.example>
      C: MAIL FROM:<a@a.example>
      C: STARTTLS
      S: 503 5.5.1 MAIL comes first
      S: 503 5.5.1 Say hello first
      S: 503 5.5.1 TLS is on already
      C: EHLO client.example
      S: 250-mx.test
      S: 250-PIPELINING
      S: 250-SIZE 1000
      S: 250-8BITMIME
      S: 250-SMTPUTF8
      S: 250-CHUNKING
      S: 250-BINARYMIME
      S: 250-DSN
      S: 250-ENHANCEDSTATUSCODES
      S: 250-AUTH PLAIN LOGIN
      S: 250 HELP`,
    ),
  },
  {
    name: 'takes any credentials',
    transcript: following(
      hello,
      `
      C: AUTH PLAIN AGpvAHNlY3JldA==
      S: 235 2.7.0 Accepted
      C: AUTH PLAIN AGpvAHNlY3JldA==
      S: 503 5.5.1 Authenticated already
      C: EHLO client.example
      C: MAIL FROM:<a@a.example>
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
      S: 250 2.1.0 Ok`,
    ),
  },
  {
    name: 'goes through every form of an AUTH exchange (RFC 4954)',
    transcript: following(
      hello,
      `
      C: AUTH PLAIN
      S: 334 
      C: *
      S: 501 5.7.0 Authentication cancelled
      C: AUTH PLAIN =
      S: 501 5.5.2 Not the base64 that the mechanism wants
      C: AUTH PLAIN AAAA
      S: 501 5.5.2 Not the base64 that the mechanism wants
      C: AUTH PLAIN abc
      S: 501 5.5.2 Not the base64 that the mechanism wants
      C: AUTH GSSAPI
      S: 504 5.5.4 That mechanism is not offered
      C: AUTH
      S: 504 5.5.4 That mechanism is not offered
      C: AUTH LOGIN
      S: 334 VXNlcm5hbWU6
      C: am8=
      S: 334 UGFzc3dvcmQ6
      C: *
      S: 501 5.7.0 Authentication cancelled
      C: auth login am8=
      S: 334 UGFzc3dvcmQ6
      C: c2VjcmV0
      S: 235 2.7.0 Accepted`,
    ),
  },
  {
    name: 'refuses AUTH within a transaction',
    transcript: following(
      underway,
      `
      C: AUTH PLAIN AGpvAHNlY3JldA==
      S: 503 5.5.1 A transaction is under way`,
    ),
  },
  {
    name: 'offers less where it is told so',
    setting: { without: new Set(['8BITMIME', 'CHUNKING', 'STARTTLS', 'AUTH', 'ENHANCEDSTATUSCODES', 'HELP', 'DSN']) },
    transcript: `
      S: 220 mx.test ESMTP
      C: EHLO client.example
      S: 250-mx.test
      S: 250-PIPELINING
      S: 250 SIZE 1000
      C: STARTTLS
      C: AUTH PLAIN AGpvAHNlY3JldA==
      C: HELP
      C: MAIL FROM:<a@a.example> BODY=8BITMIME
      C: MAIL FROM:<a@a.example> SMTPUTF8
      C: MAIL FROM:<a@a.example> RET=FULL
      C: MAIL FROM:<a@a.example>
      C: BDAT 0 LAST
      S: 502 Not offered
      S: 502 Not offered
      S: 500 Unknown command
      S: 555 Parameter not recognised: BODY
      S: 555 Parameter not recognised: SMTPUTF8
      S: 555 Parameter not recognised: RET
      S: 250 Ok
      S: 500 Unknown command`,
  },
  {
    name: 'says so where the message could not be kept',
    setting: { store: (_, count) => Object.assign(new Error('no'), { code: count === 1 ? 'ENOSPC' : 'EACCES' }) },
    transcript: following(
      underway,
      `
      C: DATA
      S: 354 Go on; a line that holds only a dot ends it
      C: .
      C: MAIL FROM:<a@a.example>
      C: RCPT TO:<b@b.example>
      C: DATA
      S: 452 4.3.1 There is no room to keep the message
      S: 250 2.1.0 Ok
      S: 250 2.1.5 Ok
      S: 354 Go on; a line that holds only a dot ends it
      C: .
      S: 451 4.3.0 The message could not be kept; try again later`,
    ),
  },
  {
    name: 'speaks LMTP, with a reply for each recipient (RFC 2033)',
    setting: { protocol: 'lmtp', startTls: false },
    transcript: `
      S: 220 mx.test LMTP
      C: EHLO client.example
      S: 500 5.5.1 This is LMTP; say LHLO
      C: LHLO client.example
      S: 250-mx.test
      S: 250-PIPELINING
      S: 250-SIZE 1000
      S: 250-8BITMIME
      S: 250-SMTPUTF8
      S: 250-CHUNKING
      S: 250-BINARYMIME
      S: 250-DSN
      S: 250-ENHANCEDSTATUSCODES
      S: 250-AUTH PLAIN LOGIN
      S: 250 HELP
      C: MAIL FROM:<a@a.example>
      C: DATA
      C: RCPT TO:<b>
      C: RCPT TO:<fault-message-550@b.example>
      C: RCPT TO:<b>
      C: DATA
      S: 250 2.1.0 Ok
      S: 503 5.5.1 No recipient was accepted
      S: 250 2.1.5 Ok
      S: 250 2.1.5 Ok
      S: 250 2.1.5 Ok
      S: 354 Go on; a line that holds only a dot ends it
      C: x
      C: .
      C: NOOP
      S: 250 2.0.0 Kept as id1
      S: 550 5.0.0 As the address asked
      S: 250 2.0.0 Kept as id1
      S: 250 2.0.0 Ok`,
    texts: ['x\r\n'],
  },
];

describe('the capture session', () => {
  for (const { name, transcript, setting, texts } of cases) {
    for (const delivery of deliveries) {
      it(`${name} (${delivery})`, () => {
        const scripted = play(transcript, setting, delivery);
        if (texts !== undefined) assert.deepEqual(scripted.texts(), texts);
      });
    }
  }

  it('drops a client that sends plain text after STARTTLS in the same breath', () => {
    play(
      following(hello, '\n  C: STARTTLS\n  C: MAIL FROM:<a@a.example>\n  S: 220 2.0.0 Ready to start TLS\n  S: (drop)'),
    );
  });

  it('hands on envelope, parameters and the facts of the session', () => {
    const { messages } = play(
      following(
        hello,
        `
        C: AUTH PLAIN AGpvAHNlY3JldA==
        C: MAIL FROM:<@relay.example:ä@a.example> SMTPUTF8 BODY=8BITMIME RET=hdrs ENVID=x+2B1 SIZE=9
        C: RCPT TO:<b@b.example> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;b@b.example
        C: RCPT TO:<c@c.example>
        C: RCPT TO:<b@b.example>
        C: DATA
        S: 235 2.7.0 Accepted
        S: 250 2.1.0 Ok
        S: 250 2.1.5 Ok
        S: 250 2.1.5 Ok
        S: 250 2.1.5 Ok
        S: 354 Go on; a line that holds only a dot ends it
        C: \\xe4
        C: .
        S: 250 2.0.0 Kept as id1`,
      ),
    );
    const { pieces, ...message } = messages[0]!;
    assert.deepEqual(Buffer.concat(pieces), Buffer.from('\xe4\r\n', 'latin1'));
    const dsn = [
      { keyword: 'NOTIFY', value: 'SUCCESS,DELAY' },
      { keyword: 'ORCPT', value: 'rfc822;b@b.example' },
    ];
    assert.deepEqual(message, {
      envelope: {
        sender: 'ä@a.example',
        recipients: ['b@b.example', 'c@c.example'],
        mailParameters: [
          { keyword: 'SMTPUTF8' },
          { keyword: 'BODY', value: '8BITMIME' },
          { keyword: 'RET', value: 'hdrs' },
          { keyword: 'ENVID', value: 'x+2B1' },
          { keyword: 'SIZE', value: '9' },
        ],
        accepted: [
          { address: 'b@b.example', parameters: dsn },
          { address: 'c@c.example', parameters: [] },
          { address: 'b@b.example', parameters: [] },
        ],
      },
      session: { address: '127.0.0.1', port: 40_000, hello: 'client.example', protocol: 'UTF8SMTPA', user: 'jo' },
      size: 3,
      irregularities: [],
    });
  });

  it('names the protocol as RFC 3848 does', () => {
    const message =
      '\n  C: MAIL FROM:<>\n  C: RCPT TO:<b>\n  C: BDAT 0 LAST\n  S: 250 2.1.0 Ok\n  S: 250 2.1.5 Ok\n  S: 250 2.0.0 Kept as id1';
    const of = (transcript: string) => play(transcript + message).messages[0]?.session.protocol;
    assert.equal(of('S: 220 mx.test ESMTP\nC: HELO x\nS: 250 mx.test'), 'SMTP');
    assert.equal(of(hello.trim()), 'ESMTP');
    assert.equal(of(`${hello.trim()}\nC: AUTH PLAIN AGpvAA==\nS: 235 2.7.0 Accepted`), 'ESMTPA');
  });

  it('never holds a password', () => {
    const scripted = play(following(hello, '\n  C: AUTH PLAIN AGpvAHNlY3JldA==\n  S: 235 2.7.0 Accepted'));
    scripted.send(Buffer.from('MAIL FROM:<>\r\nRCPT TO:<b>\r\nBDAT 0 LAST\r\n'));
    assert.equal(JSON.stringify(scripted.messages).includes('secret'), false);
  });

  it('answers in order though commands come while it waits', () => {
    const scripted = play(following(underway, '\n  C: DATA\n  S: 354 Go on; a line that holds only a dot ends it'));
    scripted.log = '';
    // Not settled in between: the store has not answered yet.
    scripted.session.receive(Buffer.from('x\r\n.\r\nNOOP\r\n'));
    scripted.session.receive(Buffer.from('QUIT\r\n'));
    assert.equal(scripted.log, '');
    assert.equal(scripted.session.waiting, true);
    assert.equal(scripted.session.pending, 12);
    scripted.settle();
    assert.equal(scripted.log, '250 2.0.0 Kept as id1\r\n250 2.0.0 Ok\r\n221 2.0.0 Bye\r\n(close)\r\n');
  });

  it('tells the fate of a message before it parts', () => {
    const scripted = play(following(underway, '\n  C: DATA\n  S: 354 Go on; a line that holds only a dot ends it'));
    scripted.log = '';
    scripted.session.receive(Buffer.from('x\r\n.\r\n'));
    scripted.session.shutDown();
    scripted.settle();
    assert.equal(
      scripted.log,
      '250 2.0.0 Kept as id1\r\n421 4.3.2 The server is being stopped; closing\r\n(close)\r\n',
    );
  });

  it('parts with 421 after silence, and keeps nothing of a text that did not end', () => {
    const scripted = play(
      following(underway, '\n  C: DATA\n  S: 354 Go on; a line that holds only a dot ends it\n  C: x'),
    );
    scripted.log = '';
    scripted.session.timedOut();
    scripted.session.ended();
    scripted.session.receive(Buffer.from('.\r\n'));
    assert.equal(scripted.log, '421 4.4.2 Nothing heard for too long; closing\r\n(close)\r\n');
    assert.deepEqual(scripted.messages, []);
  });

  it('answers what came before the client hung up', () => {
    const scripted = play('S: 220 mx.test ESMTP');
    scripted.log = '';
    scripted.session.receive(Buffer.from('NOOP\r\nNO'));
    scripted.session.ended();
    assert.equal(scripted.log, '250 2.0.0 Ok\r\n(close)\r\n');
  });
});
