import assert from 'node:assert/strict';
import generate from 'css-tree/generator';
import { describe, it } from 'mocha';
import { inlineColors } from '../../../src/inspect/checks/colors.ts';
import { parseDeclarations, parseSheet } from '../../../src/inspect/css.ts';

describe('inspect/css', () => {
  // How deep the stack lets css-tree go depends on what the engine has compiled by then.
  it('reads as empty what is nested deeper than any stack has to take', () => {
    const sheet = (depth: number) => `${'@media all{'.repeat(depth)}p{color:red}${'}'.repeat(depth)}`;
    const style = (depth: number) => `width:${'calc(('.repeat(depth / 2)}1px${'))'.repeat(depth / 2)}`;
    assert.equal(generate(parseSheet(sheet(400))).length, sheet(400).length);
    assert.equal(generate(parseDeclarations(style(400))), style(400));
    for (const depth of [600, 2000, 100_000]) {
      assert.equal(generate(parseSheet(sheet(depth))), '');
      assert.equal(generate(parseSheet('a{&:is('.repeat(depth))), '');
      assert.equal(generate(parseDeclarations(style(depth))), '');
    }
  });

  it('tells no colour of a style that is nested so', () => {
    assert.equal(inlineColors('color:red').color, 'red');
    assert.equal(inlineColors(`color:red;${'@font-face{'.repeat(6000)}`).color, undefined);
  });

  it('counts brackets that are open, not how many there are', () => {
    const rules = 'a{background:url("(((")}'.repeat(100);
    assert.equal(generate(parseSheet(`p{color:red}${rules}`)).startsWith('p{color:red}a{'), true);
    const many = 'a{b:c(d)}'.repeat(2000);
    assert.equal(generate(parseSheet(`}}}${many}`)).endsWith('a{b:c(d)}'), true);
  });
});
