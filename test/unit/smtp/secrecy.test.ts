import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { describe, it } from 'mocha';
import { isDeliveryFailure } from '../../../src/base/errors.ts';
import type { MechanismChoice } from '../../../src/net/sasl/mechanism.ts';
import { Transcript } from '../../../src/net/transcript.ts';
import { connect } from '../../../src/smtp/client.ts';
import { optionsFor } from '../../support/smtp-connect.ts';
import { lineServer } from '../../support/smtp-line-server.ts';
import { testClock } from '../../support/smtp-message.ts';

const credentials = { user: 'ann@a.example', password: 'tr0ub4dor&3 pass=wörd' };
const base64 = (text: string) => Buffer.from(text).toString('base64');

/** What a server says to AUTH and each line after it, until it has nothing more to say. */
const exchanges: [MechanismChoice, string[]][] = [
  ['plain', ['334 ', '235 Ok']],
  ['login', [`334 ${base64('Username:')}`, `334 ${base64('Password:')}`, '235 Ok']],
  ['cram-md5', [`334 ${base64('<1@x>')}`, '235 Ok']],
  ['scram-sha-1', [`334 ${base64('r=noncemore,s=c2FsdA==,i=4096')}`, `334 ${base64('v=AAAA')}`, '235 Ok']],
  ['scram-sha-256', [`334 ${base64('r=noncemore,s=c2FsdA==,i=4096')}`, `334 ${base64('e=invalid-proof')}`, '235 Ok']],
  ['xoauth2', [`334 ${base64('{"status":"401"}')}`, '235 Ok']],
  ['oauthbearer', [`334 ${base64('{"status":"invalid_token"}')}`, '235 Ok']],
  ['external', ['334 ', '235 Ok']],
];

/** How an exchange ends that does not go its way. `LINE`: what the client said last, which a server may well repeat, as it may the password. */
const ends = [
  '535 5.7.8 No, LINE',
  '334 LINE',
  '454-4.7.0 LINE\r\n454 4.7.0 Later',
  '421 LINE',
  'LINE',
  '334 !!!',
  '535 5.7.8 PASSWORD is wrong',
  '',
];

/** Every form of a secret that a reader could make something of: as it is, and encoded, from any octet of it on. */
function forms(secret: string): string[] {
  const octets = Buffer.from(secret);
  const inside = [0, 1, 2].map((skip) => {
    // What stands before it in the same group of three is unknown; the whole groups inside are what any reader finds.
    const from = (3 - skip) % 3;
    const whole = octets.subarray(from, from + Math.floor((octets.length - from) / 3) * 3);
    return whole.toString('base64').replace(/=+$/, '');
  });
  return [secret, octets.toString('latin1'), octets.toString('hex'), ...inside];
}

describe('smtp/secrecy', () => {
  for (const [auth, replies] of exchanges) {
    it(`${auth}: whatever the server does in the middle, nothing shows`, async () => {
      for (let step = 0; step <= replies.length; step++) {
        for (const end of ends) {
          const said: string[] = [];
          let exchanged = 0;
          const server = await lineServer('220 x', (line, close) => {
            said.push(line);
            if (line.startsWith('EHLO')) return `250-x\r\n250 AUTH ${auth.toUpperCase()}`;
            if (line === 'QUIT') return '221 Bye';
            const reply = exchanged < step ? replies[exchanged] : undefined;
            exchanged++;
            if (reply !== undefined) return reply;
            if (end === '') return close();
            // The server writes octets.
            const octets = Buffer.from(credentials.password).toString('latin1');
            return end.replaceAll('LINE', line).replaceAll('PASSWORD', octets);
          });
          const lines: string[] = [];
          const transcript = new Transcript({ sink: (line) => lines.push(line), clock: testClock(), times: 'all' });
          const options = optionsFor(server.port, { credentials, auth, transcript, nonce: () => 'nonce' });
          const ended: unknown = await connect({ ...options, timeouts: { command: 2000 } }).then(
            async (client) => client.quit(),
            (error: unknown) => error,
          );
          await server.close();
          const shown = [...lines, inspect(ended, { depth: 9, showHidden: true }), JSON.stringify(ended) ?? ''].join(
            '\n',
          );
          const where = `${auth}, "${end}" after ${step} replies:\n${shown}`;
          assert.ok(ended === undefined || isDeliveryFailure(ended), where);
          if (auth !== 'external')
            for (const form of forms(credentials.password)) assert.ok(!shown.includes(form), where);
          // What went over the wire for it is as good as the secret, or is digested from it: it shows in no form either.
          for (const line of said.slice(1)) {
            const argument = line.startsWith('AUTH ') ? (line.split(' ')[2] ?? '') : line;
            if (argument.length < 8 || line === 'QUIT') continue;
            // LOGIN's first answer is the user, who is no secret.
            for (const form of [argument, Buffer.from(argument, 'base64').toString('utf8')])
              if (form !== credentials.user) assert.ok(!shown.includes(form), `${form} in ${where}`);
          }
        }
      }
    });
  }
});
