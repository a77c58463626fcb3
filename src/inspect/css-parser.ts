import type { CssNode, ParseOptions } from 'css-tree';
import parse from 'css-tree/parser';

/** What css-tree's own parsers call, as the object they are called on. */
interface Parser {
  error: () => never;
}

const unreadable = new SyntaxError('This is no CSS.');

/**
 * Reads CSS. Of each declaration that can't be read css-tree makes an error, and for a picture of its place that nobody looks at it
 * splits the whole text into lines: a style sheet of 20 KB that is made of nothing else takes seconds. Here the error is always the
 * same one; the parser is reached by a context of our own, which css-tree leaves to be added.
 */
export function parseCss(text: string, options: ParseOptions): CssNode {
  return parse(isTooDeep(text) ? '' : text, options);
}

/** Brackets in brackets beyond which a style is read as an empty one: css-tree goes down with each of them, and the stack ends. */
const deepest = 500;

function isTooDeep(text: string): boolean {
  if (text.length <= deepest) return false;
  let depth = 0;
  for (const [bracket] of text.matchAll(/[()[\]{}]/g)) {
    if (!'([{'.includes(bracket)) depth = Math.max(0, depth - 1);
    else if (++depth > deepest) return true;
  }
  return false;
}

const { config } = parse as unknown as { config: { context: Record<string, (this: Parser) => CssNode> } };
config.context.quiet = function () {
  this.error = () => {
    throw unreadable;
  };
  return { type: 'Raw', value: '' };
};
parse('', { context: 'quiet' });
