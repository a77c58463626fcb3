import { describe } from 'mocha';
import { type Case, conversations, following, hello, underway } from './conversations.ts';

const cases: readonly Case[] = [
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

describe('the capture session, commands', () => conversations(cases));
