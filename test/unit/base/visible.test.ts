import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { visible } from '../../../src/base/visible.ts';

describe('base/visible', () => {
  const table: [string, string][] = [
    ['Käse 你好 👩‍💻', 'Käse 你好 👩‍💻'],
    ['a\r\nb\0\x7f\x9f', 'a\\x0D\\x0Ab\\x00\\x7F\\x9F'],
    ['invoice\u202egpj.exe', 'invoice\\u{202e}gpj.exe'],
    ['\u200ea\u200f\u061c\u2066b\u2069', '\\u{200e}a\\u{200f}\\u{61c}\\u{2066}b\\u{2069}'],
  ];
  for (const [text, shown] of table) it(JSON.stringify(shown), () => assert.equal(visible(text), shown));
});
