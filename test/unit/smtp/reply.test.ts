import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { type Parsed, ReplyParser } from '../../../src/smtp/reply.ts';
import { cpuTime } from '../../support/cpu-time.ts';

/** Every reply in `octets`, fed in pieces of `size`, then the end of input. */
function parseAll(octets: Uint8Array, size: number, lines?: Uint8Array[]): Parsed[] {
  const parser = new ReplyParser(lines && ((line) => lines.push(Buffer.from(line))));
  const found: Parsed[] = [];
  const take = (ended: boolean) => {
    for (let parsed = parser.next(ended); parsed !== 'incomplete'; parsed = parser.next(ended)) {
      found.push(parsed);
      if ('fault' in parsed) {
        faulty = true;
        return;
      }
    }
  };
  let faulty = false;
  for (let at = 0; at < octets.length && !faulty; at += size) {
    parser.feed(octets.subarray(at, at + size));
    take(false);
  }
  if (!faulty) take(true);
  return found;
}

const latin1 = (text: string) => Buffer.from(text, 'latin1');

describe('smtp/reply', () => {
  const cases: [string, string, unknown[]][] = [
    ['one line', '250 Ok\r\n', [{ code: 250, lines: ['Ok'], full: ['250 Ok'] }]],
    [
      'several lines, several replies',
      '250-mx.example\r\n250-SIZE 100\r\n250 PIPELINING\r\n550 5.1.1 No such user\r\n',
      [
        {
          code: 250,
          lines: ['mx.example', 'SIZE 100', 'PIPELINING'],
          full: ['250-mx.example', '250-SIZE 100', '250 PIPELINING'],
        },
        { code: 550, enhanced: '5.1.1', lines: ['5.1.1 No such user'], full: ['550 5.1.1 No such user'] },
      ],
    ],
    ['a code alone', '250\r\n', [{ code: 250, lines: [''], full: ['250'] }]],
    ['a code and a space', '250 \r\n', [{ code: 250, lines: [''], full: ['250 '] }]],
    [
      'bare LF',
      '220 a\n250 b\n',
      [
        { code: 220, lines: ['a'], full: ['220 a'] },
        { code: 250, lines: ['b'], full: ['250 b'] },
      ],
    ],
    ['no line end at the end', '221 Bye', [{ code: 221, lines: ['Bye'], full: ['221 Bye'] }]],
    ['half a reply at the end', '250-a\r\n250-b', []],
    ['UTF-8', '250 gr\xc3\xbc\xc3\x9fe\r\n', [{ code: 250, lines: ['grüße'], full: ['250 grüße'] }]],
    ['Latin-1', '250 gr\xfcsse\r\n', [{ code: 250, lines: ['gr\\xFCsse'], full: ['250 gr\\xFCsse'] }]],
    [
      'enhanced code of another class',
      '250 5.1.1 odd\r\n',
      [{ code: 250, lines: ['5.1.1 odd'], full: ['250 5.1.1 odd'] }],
    ],
    [
      'enhanced code of the last line that has one',
      '550-5.7.1 first\r\n550-5.7.26 second\r\n550 more\r\n',
      [
        {
          code: 550,
          enhanced: '5.7.26',
          lines: ['5.7.1 first', '5.7.26 second', 'more'],
          full: ['550-5.7.1 first', '550-5.7.26 second', '550 more'],
        },
      ],
    ],
    ['CR in the middle', '250 a\rb\r\n', [{ code: 250, lines: ['a\rb'], full: ['250 a\rb'] }]],
    ['no reply', 'HTTP/1.1 400 Bad Request\r\n', [{ fault: 'malformed', line: 'HTTP/1.1 400 Bad Request' }]],
    ['an empty line', '\r\n', [{ fault: 'malformed', line: '' }]],
    ['a code out of range', '650 Ok\r\n', [{ fault: 'malformed', line: '650 Ok' }]],
    ['four digits', '2500 Ok\r\n', [{ fault: 'malformed', line: '2500 Ok' }]],
    ['a tab', '250\tOk\r\n', [{ fault: 'malformed', line: '250\tOk' }]],
    ['mixed codes', '250-a\r\n251 b\r\n', [{ fault: 'mixed-codes', line: '251 b' }]],
  ];
  for (const [name, octets, expected] of cases) {
    it(name, () => {
      for (let size = 1; size <= octets.length; size++) {
        const found = parseAll(latin1(octets), size).map((parsed) =>
          parsed === 'incomplete' ? parsed : 'reply' in parsed ? parsed.reply : parsed.fault,
        );
        assert.deepEqual(found, expected, `fed ${size} at a time`);
      }
    });
  }

  it('refuses a line without end, and a reply without end', () => {
    const line = new ReplyParser();
    line.feed(Buffer.alloc(64 * 1024 + 1, 'a'));
    assert.deepEqual(line.next(), { fault: { fault: 'too-long', limit: 65536 } });
    const whole = new ReplyParser();
    const piece = Buffer.from('250-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n'.repeat(1000));
    let last: Parsed = 'incomplete';
    for (let i = 0; i < 20 && last === 'incomplete'; i++) {
      whole.feed(piece);
      last = whole.next();
    }
    assert.deepEqual(last, { fault: { fault: 'too-long', limit: 1048576 } });
  });

  it('gives every line to the record, as it came', () => {
    const lines: Uint8Array[] = [];
    parseAll(latin1('250-a\n250 b\r\n251 c'), 1, lines);
    assert.deepEqual(lines.map(String), ['250-a\n', '250 b\r\n', '251 c']);
  });

  it('is total, and does not depend on the split', () => {
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc
        .array(fc.constantFrom('250', '-', ' ', '\r', '\n', '\r\n', '5.1.1', 'x', '\xff', '354'))
        .map((all) => latin1(all.join(''))),
    );
    fc.assert(
      fc.property(noise, fc.integer({ min: 1, max: 7 }), (octets, size) => {
        assert.deepEqual(parseAll(octets, size), parseAll(octets, Math.max(1, octets.length)));
      }),
    );
  });

  it('takes linear time for a line that grows octet by octet', () => {
    const parser = new ReplyParser();
    const octet = Buffer.from('a');
    const spent = cpuTime(() => {
      for (let i = 0; i < 60_000; i++) {
        parser.feed(octet);
        assert.equal(parser.next(), 'incomplete');
      }
    });
    assert.ok(spent < 5000);
  });
});
