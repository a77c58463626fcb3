import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { following, hello, underway } from './conversations.ts';
import { play } from './scripted.ts';

describe('the capture session', () => {
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
