import { describe } from 'mocha';
import { type Case, conversations, following, hello, underway } from './conversations.ts';

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
];

describe('the capture session, texts', () => conversations(cases));
