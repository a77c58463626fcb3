/**
 * The parts of css-tree that read, walk and write. Its entry also holds the lexer, whose data it looks for beside itself at run
 * time, where a bundle has none.
 */
declare module 'css-tree/parser' {
  import type { parse } from 'css-tree';

  const parser: typeof parse;
  export default parser;
}

declare module 'css-tree/generator' {
  import type { generate } from 'css-tree';

  const generator: typeof generate;
  export default generator;
}

declare module 'css-tree/walker' {
  import type { walk } from 'css-tree';

  const walker: typeof walk;
  export default walker;
}

declare module 'css-tree/utils' {
  export { ident } from 'css-tree';
}
