import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { Transcript } from '../../../src/net/transcript.ts';
import { connect } from '../../../src/smtp/client.ts';
import { optionsFor } from '../../support/smtp-connect.ts';
import { envelope, messageOf, testClock } from '../../support/smtp-message.ts';
import { scriptedServer } from '../../support/smtp-server.ts';

const bye = `
  C: QUIT
  S: 221 Bye
  !close`;

describe('smtp/client transcript', () => {
  it('keeps the transcript', async () => {
    const server = await scriptedServer(`
  S: 220 mx.example ESMTP \x07
  C: EHLO client.example
  S: 250-mx.example
  S: 250 AUTH PLAIN LOGIN
  C: AUTH PLAIN AGFubgBjb3JyZWN0IGhvcnNl
  S: 235 2.7.0 Accepted, correct horse
  C: MAIL FROM:<ann@a.example>
  S: 250 Ok
  C: RCPT TO:<bob@b.example>
  S: 550 5.1.1 No such user
  C: RCPT TO:<carl@b.example>
  S: 250 Ok
  C: DATA
  S: 354 Go
  C: .
  S> "250 Ok\\n"
  ${bye}`);
    const lines: string[] = [];
    const transcript = new Transcript({ sink: (line) => lines.push(line), clock: testClock() });
    const options = optionsFor(server.port, {
      transcript,
      serverName: 'inbox',
      credentials: { user: 'ann', password: 'correct horse' },
    });
    const client = await connect(options);
    await client.send({ ...envelope, recipients: ['bob@b.example', 'carl@b.example'] }, messageOf(''));
    await client.quit();
    await server.close();
    assert.deepEqual(
      lines.map((line) =>
        line
          .replaceAll(String(server.port), 'PORT')
          .replace(/in [\d.]+ ms/, 'in N ms')
          .replace(/\+\d+ ms/, '+N ms'),
      ),
      [
        '=== 14:02:11.093  Connecting to 127.0.0.1:PORT (server "inbox")',
        '=== +N ms  Connected to 127.0.0.1:PORT in N ms',
        '<-  220 mx.example ESMTP \\x07',
        ' -> EHLO client.example',
        '<-  250-mx.example',
        '<-  250 AUTH PLAIN LOGIN',
        ' -> AUTH PLAIN ••••••••',
        '<-  235 2.7.0 Accepted, ••••••••',
        ' -> MAIL FROM:<ann@a.example>',
        '<-  250 Ok',
        ' -> RCPT TO:<bob@b.example>',
        '<-* 550 5.1.1 No such user',
        ' -> RCPT TO:<carl@b.example>',
        '<-  250 Ok',
        ' -> DATA',
        '<-  354 Go',
        ' -> [0 bytes of message, 0 lines]',
        '<-  250 Ok\\x0A',
        ' -> QUIT',
        '<-  221 Bye',
      ],
    );
  });
});
