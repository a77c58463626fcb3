import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { isDeliveryFailure } from '../../../src/base/errors.ts';
import { connect } from '../../../src/smtp/client.ts';
import { optionsFor } from '../../support/smtp-connect.ts';
import { lineServer } from '../../support/smtp-line-server.ts';
import { messageOf } from '../../support/smtp-message.ts';

const secret = Buffer.from('correct horse').toString('base64');
const text = 'The text of the message\r\n';

/** What a server may answer with: sense, nonsense, other replies at once, halves of replies, nothing. */
const replies = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('250 Ok', '250 2.1.0 Ok', '354 Go', '235 Ok', '334 ', '220 Go') },
  {
    weight: 3,
    arbitrary: fc.constantFrom('450 4.2.0 Later', '550 5.1.1 No', '421 Closing', '503 What', '251 Ok', '354-\r\n354 '),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('250-half', '250-a\r\n251 b', '250 a\r\n250 b', '', '999 x', 'HTTP/1.1 200'),
  },
  {
    weight: 1,
    arbitrary: fc.uint8Array({ maxLength: 30 }).map((octets) => Buffer.from(octets).toString('latin1')),
  },
);
const keywords = fc.subarray([
  'PIPELINING',
  'SIZE 1000',
  'AUTH PLAIN LOGIN',
  'CHUNKING',
  '8BITMIME',
  'LIMITS RCPTMAX=1',
]);
describe('smtp: a server that says anything', () => {
  for (const protocol of ['smtp', 'lmtp'] as const) {
    it(`ends every call, sends no text without a 354, and never calls it delivered without a 250 (${protocol})`, async function () {
      this.timeout(60_000);
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.oneof({ weight: 30, arbitrary: replies }, { weight: 1, arbitrary: fc.constant(null) }), {
            minLength: 1,
            maxLength: 25,
          }),
          keywords,
          fc.boolean(),
          async (answers, offered, login) => {
            const left = [...answers];
            let went = 0;
            let last = '';
            let early = false;
            const server = await lineServer('220 x', (line, end) => {
              if (line === text.trimEnd() && went === 0) early = true;
              // Only the opening always makes sense; after the last answer the server hangs up.
              if (/^(?:EHLO|LHLO)/.test(line))
                return ['250-x', ...offered.map((one) => `250-${one}`), '250 X'].join('\r\n');
              if (line === text.trimEnd()) return undefined;
              const answer = left.shift() ?? null;
              if (answer === null) return end();
              went += /(?:^|\n)354[ -]/.test(answer) ? 1 : 0;
              last = answer;
              return answer;
            });
            try {
              const credentials = login ? { user: 'u', password: 'correct horse' } : undefined;
              const given = { protocol, timeouts: { command: 60, dataStart: 60, final: 60, quit: 60 } } as const;
              const options = optionsFor(server.port, { ...given, ...(credentials ? { credentials } : {}) });
              const client = await connect(options);
              const results = await Promise.allSettled(
                ['a', 'b', 'c'].map((name) =>
                  client.send(
                    { sender: 'ann@a.example', recipients: [`${name}@b.example`, `${name}2@b.example`] },
                    messageOf(text),
                  ),
                ),
              );
              for (const result of results) {
                if (result.status === 'rejected') assert.ok(isDeliveryFailure(result.reason), String(result.reason));
                else if (result.value.recipients.some((one) => one.status === 'accepted')) {
                  assert.ok(went > 0);
                  assert.match(String(result.value.reply?.code), /^2/);
                }
              }
              await client.quit();
            } catch (error) {
              assert.ok(isDeliveryFailure(error), String(error));
              assert.ok(!JSON.stringify({ ...error }).includes(secret));
            } finally {
              await server.close();
            }
            assert.equal(early, false, last);
          },
        ),
        { numRuns: 400 },
      );
    });
  }
});
