import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { capabilitiesOf, offers } from '../../../src/smtp/capabilities.ts';
import { replyOf } from '../../support/smtp-session.ts';

const of = (...lines: string[]) => capabilitiesOf(replyOf(250, 'mx.example greets you', ...lines));

describe('smtp/capabilities', () => {
  it('reads what is offered', () => {
    const found = of(
      'size 1000',
      'PIPELINING',
      'AUTH PLAIN login',
      'AUTH=LOGIN CRAM-MD5',
      'LIMITS RCPTMAX=20 mailmax=5 X=y',
      'X-odd  a   b ',
    );
    assert.equal(found.greeting, 'mx.example greets you');
    assert.deepEqual([...found.keywords.keys()], ['SIZE', 'PIPELINING', 'AUTH', 'LIMITS', 'X-ODD']);
    assert.deepEqual(found.keywords.get('X-ODD'), ['a', 'b']);
    assert.deepEqual(found.auth, ['PLAIN', 'LOGIN', 'CRAM-MD5']);
    assert.equal(found.size, 1000);
    assert.deepEqual(
      [...found.limits],
      [
        ['RCPTMAX', 20],
        ['MAILMAX', 5],
      ],
    );
    assert.ok(offers(found, 'pipelining'));
    assert.ok(!offers(found, 'PIPELININGX'));
  });

  const sizes: [string, number | undefined][] = [
    ['SIZE', 0],
    ['SIZE 0', 0],
    ['SIZE many', 0],
    ['SIZE 12345678901', 12345678901],
    ['8BITMIME', undefined],
  ];
  for (const [line, size] of sizes) it(line, () => assert.equal(of(line).size, size));

  it('passes over what is no keyword', () => {
    assert.deepEqual([...of('', ' ', '=x', '-A', 'ok').keywords.keys()], ['OK']);
  });
});
