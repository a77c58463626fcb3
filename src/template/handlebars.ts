import { ownText } from '../base/own-text.ts';
import type { Range } from '../base/problem.ts';
import type { Steps } from '../base/steps.ts';
import { suggestionFor } from '../base/suggestion.ts';
import type { DataRecord } from './data.ts';
import { type BlockTag, type Engine, type EngineInput, type EngineOutput, printable } from './engine.ts';
import { detailOf, lineStarts, syntaxProblem } from './handlebars-errors.ts';
import { handlebarsPieces } from './handlebars-pieces.ts';
import { splitPath, suggestPath } from './lookup.ts';
import type { RenderProblem } from './problems.ts';

const BLOCK_HELPERS = ['if', 'unless', 'each', 'with'];
const INLINE_HELPERS = ['lookup'];
const EMIT = '__emit';
const KNOWN = '__known';
/** The tags of blocks; comments and escaped braces are matched so as to be passed by. */
const TAG =
  /\\\{\{|\{\{~?!--[\s\S]*?(?:--~?\}\}|$)|\{\{~?!(?!--)[\s\S]*?(?:\}\}|$)|\{\{~?([#/^])>?\s*(?:\*\s*)?(?!\s)([^\s{}~|]*)(?![^\s{}~|])([^{}]*?)~?\}\}/g;

type Node = hbs.AST.Node;

/** A stretch of a template, ready to be rendered again and again. Problems count from its start. */
type Piece = { readonly problems: readonly RenderProblem[] } | { readonly template: (record: DataRecord) => string };

/** A piece, and when it was rendered. */
interface Kept {
  readonly piece: Piece;
  readonly first: number;
  last: number;
}

/** What the piece under way prints to. Rendering one is a single call, with nothing in between. */
interface Printing extends Pick<EngineInput, 'record' | 'placeholders' | 'rawAllowed'> {
  readonly problems: RenderProblem[];
  /** Where the piece stands in the text. */
  readonly offset: number;
}

/** Characters of pieces that are kept compiled: some large documents, or hundreds of typical ones. */
const KEPT = 2_000_000;

/** Renders after which a piece is dropped that only one of them had: it was on its way to what stands there now. */
const PASSING = 32;

/** Characters of a piece that take longer than a frame to be compiled. */
const LONG = 24 * 1024;

/**
 * V8 keeps what `new Function` compiled, by its text, until memory is about to run out: an hour of typing would take a gigabyte.
 * It keeps nothing that holds a tagged template, whose strings have to be others each time.
 */
const NOT_CACHED = 'if(0)String.raw``;';

let shared: Promise<Engine> | undefined;

/**
 * Handlebars, held short: every expression that prints goes through a helper of ours, which puts a stand-in; there are
 * no helpers but `if`, `unless`, `each`, `with` and `lookup`, no partials, no decorators, no prototypes. It compiles to
 * JavaScript by `new Function`, which Node's extension host allows; what it compiles is a tree that was looked through.
 * Compiling takes far longer than rendering, so that pieces are kept from one keystroke to the next.
 */
export async function handlebarsEngine(): Promise<Engine> {
  shared ??= import('handlebars').then(({ default: Handlebars }) => {
    const engine = new HandlebarsEngine(Handlebars);
    return {
      name: 'handlebars' as const,
      isLong: (text) => text.length > LONG && [...handlebarsPieces(text)].some(({ start, end }) => end - start > LONG),
      backslashes: true,
      literals: () => [],
      blocks: blockTags,
      render: (input) => engine.render(input),
    };
  });
  return shared;
}

class HandlebarsEngine {
  readonly #library: typeof import('handlebars');
  readonly #environment: typeof import('handlebars');
  /** By their text, the one that was used last at the end. */
  readonly #kept = new Map<string, Kept>();
  #keptLength = 0;
  /** Counts the texts that are rendered. */
  #turn = 0;
  #printing: Printing | undefined;

  constructor(library: typeof import('handlebars')) {
    this.#library = library;
    this.#environment = library.create();
    for (const name of Object.keys(this.#environment.helpers)) {
      if (
        !BLOCK_HELPERS.includes(name) &&
        !INLINE_HELPERS.includes(name) &&
        !/^(?:blockHelperMissing|helperMissing)$/.test(name)
      ) {
        this.#environment.unregisterHelper(name);
      }
    }
    this.#environment.registerHelper(EMIT, (value, path: string, start: number, end: number, raw: boolean) => {
      const { offset, problems, placeholders, rawAllowed } = this.#printing!;
      const range = { start: start + offset, end: end + offset };
      this.#known(value, path, range);
      const printed = printable(value, path, range, problems);
      return printed === undefined ? '' : placeholders.add(printed, range, raw && rawAllowed);
    });
    this.#environment.registerHelper(KNOWN, (value, path: string, start: number, end: number) => {
      const { offset } = this.#printing!;
      this.#known(value, path, { start: start + offset, end: end + offset });
      return value;
    });
  }

  *render(input: EngineInput): Steps<EngineOutput> {
    const { text, record } = input;
    this.#turn++;
    const pieces: { readonly offset: number; readonly piece: Piece }[] = [];
    for (const { start, end } of handlebarsPieces(text)) {
      let piece = this.#piece(text.slice(start, end));
      // What is no template by itself may be one together with what follows; if not, its problem is that of the whole.
      const parted = 'problems' in piece && piece.problems[0]?.code === 'template-syntax' && end < text.length;
      if (parted) piece = this.#piece(text.slice(start));
      pieces.push({ offset: start, piece });
      if (parted) break;
      yield;
    }
    this.#dropOld();
    const refused = pieces.flatMap(({ offset, piece }) => ('problems' in piece ? moved(piece.problems, offset) : []));
    if (refused.length > 0) {
      const syntax = refused.filter(({ code }) => code === 'template-syntax');
      return { problems: syntax.length > 0 ? syntax : refused };
    }
    const problems: RenderProblem[] = [];
    let rendered = '';
    try {
      for (const { offset, piece } of pieces) {
        if (!('template' in piece)) continue;
        this.#printing = { ...input, problems, offset };
        rendered += piece.template(record);
        yield;
      }
      return { text: rendered, problems: distinct(problems) };
    } catch (error) {
      const range = { start: 0, end: text.length };
      return {
        problems: [...problems, { code: 'template-failed', severity: 'error', range, detail: detailOf(error) }],
      };
    }
  }

  #piece(text: string): Piece {
    const kept = this.#kept.get(text);
    if (kept) {
      kept.last = this.#turn;
      this.#kept.delete(text);
      this.#kept.set(text, kept);
      return kept.piece;
    }
    const own = ownText(text);
    const piece = this.#compiled(own);
    // What is wrong is about to be put right.
    if ('problems' in piece) return piece;
    this.#kept.set(own, { piece, first: this.#turn, last: this.#turn });
    this.#keptLength += own.length;
    return piece;
  }

  /** Of what was typed in between nothing comes back; of the rest, what was rendered last is kept. */
  #dropOld(): void {
    for (const [text, { first, last }] of this.#kept) {
      if (last === this.#turn) break;
      const isPassing = first === last && last < this.#turn - PASSING;
      if (!isPassing && this.#keptLength <= KEPT) continue;
      this.#kept.delete(text);
      this.#keptLength -= text.length;
    }
  }

  #compiled(text: string): Piece {
    if (!text.includes('{{')) return { template: () => text };
    const deep = tooDeep(text);
    if (deep) return { problems: [deep] };
    const lines = lineStarts(text);
    let program: hbs.AST.Program;
    try {
      program = this.#library.parse(text);
    } catch (error) {
      return { problems: [syntaxProblem(text, lines, error)] };
    }
    const guard = new Guard(({ loc }) => ({
      start: (lines[loc.start.line - 1] ?? 0) + loc.start.column,
      end: (lines[loc.end.line - 1] ?? 0) + loc.end.column,
    }));
    guard.program(program);
    if (guard.problems.length > 0) return { problems: guard.problems };
    const source = this.#environment.precompile(program, { noEscape: true }) as string;
    return { template: this.#environment.template(new Function(`${NOT_CACHED}return ${source}`)()) };
  }

  #known(value: unknown, path: unknown, range: Range): void {
    if (value !== undefined || typeof path !== 'string' || path === '') return;
    const { record, problems } = this.#printing!;
    const suggestion = /^[@.]/.test(path) ? undefined : suggestPath(record, splitPath(path));
    const problem = { code: 'template-unknown-variable' as const, severity: 'warning' as const, range, path };
    problems.push(suggestion === undefined ? problem : { ...problem, suggestion });
  }
}

function moved(problems: readonly RenderProblem[], offset: number): readonly RenderProblem[] {
  return offset === 0
    ? problems
    : problems.map((problem) => ({
        ...problem,
        range: { start: problem.range.start + offset, end: problem.range.end + offset },
      }));
}

/** In a loop the same place says the same thing again and again. */
function distinct(problems: readonly RenderProblem[]): readonly RenderProblem[] {
  const seen = new Set<string>();
  return problems.filter((problem) => {
    const key = `${problem.code} ${problem.range.start}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** Looks through a tree, refuses what is not allowed, and leads every printing expression through our helper. */
class Guard {
  readonly problems: RenderProblem[] = [];
  readonly #rangeOf: (node: Node) => Range;

  constructor(rangeOf: (node: Node) => Range) {
    this.#rangeOf = rangeOf;
  }

  program(program: hbs.AST.Program | undefined): void {
    if (!program) return;
    program.body = program.body.map((statement) => this.#statement(statement));
  }

  #statement(statement: hbs.AST.Statement): hbs.AST.Statement {
    switch (statement.type) {
      case 'ContentStatement':
      case 'CommentStatement':
        return statement;
      case 'MustacheStatement':
        return this.#mustache(statement as hbs.AST.MustacheStatement);
      case 'BlockStatement':
        return this.#block(statement as hbs.AST.BlockStatement);
      case 'PartialStatement':
      case 'PartialBlockStatement': {
        const { name } = statement as hbs.AST.PartialStatement;
        this.problems.push({
          code: 'template-no-files',
          severity: 'error',
          range: this.#rangeOf(statement),
          name: 'original' in name ? String(name.original) : '',
        });
        return statement;
      }
      default:
        this.#unknownHelper('*', statement);
        return statement;
    }
  }

  #mustache(node: hbs.AST.MustacheStatement): hbs.AST.MustacheStatement {
    const range = this.#rangeOf(node);
    const call = node.params.length > 0 || (node.hash?.pairs.length ?? 0) > 0;
    const path = node.path as hbs.AST.PathExpression & { value?: unknown };
    let expression: hbs.AST.Expression;
    if (call) {
      expression = {
        type: 'SubExpression',
        path: node.path,
        params: node.params,
        hash: node.hash,
        loc: node.loc,
      } as hbs.AST.SubExpression;
      this.#expression(expression);
    } else if (path.type === 'PathExpression') expression = path;
    else expression = pathExpression(String(path.original ?? path.value), node);
    const original = !call && 'original' in expression ? String(expression.original) : '';
    // `{{{x}}}` and `{{&x}}` print as they are.
    const raw = !node.escaped;
    return {
      ...node,
      path: pathExpression(EMIT, node),
      params: [
        expression,
        literal('StringLiteral', original, node),
        literal('NumberLiteral', range.start, node),
        literal('NumberLiteral', range.end, node),
        literal('BooleanLiteral', raw, node),
      ],
      hash: undefined as unknown as hbs.AST.Hash,
    };
  }

  #block(node: hbs.AST.BlockStatement): hbs.AST.BlockStatement {
    const name = String(node.path.original);
    if (node.params.length > 0 && !BLOCK_HELPERS.includes(name)) this.#unknownHelper(name, node.path, BLOCK_HELPERS);
    for (const parameter of node.params) this.#expression(parameter);
    for (const pair of node.hash?.pairs ?? []) this.#expression(pair.value);
    const [first] = node.params;
    if ((name === 'each' || name === 'with') && first?.type === 'PathExpression') {
      const { start, end } = this.#rangeOf(first);
      const original = String((first as hbs.AST.PathExpression).original);
      node.params[0] = {
        type: 'SubExpression',
        path: pathExpression(KNOWN, first),
        params: [
          first,
          literal('StringLiteral', original, first),
          literal('NumberLiteral', start, first),
          literal('NumberLiteral', end, first),
        ],
        hash: undefined,
        loc: first.loc,
      } as unknown as hbs.AST.SubExpression;
    }
    this.program(node.program);
    this.program(node.inverse);
    return node;
  }

  #expression(node: hbs.AST.Expression): void {
    if (node.type !== 'SubExpression') return;
    const { path, params, hash } = node as hbs.AST.SubExpression;
    const name = String((path as hbs.AST.PathExpression).original);
    if (!INLINE_HELPERS.includes(name)) this.#unknownHelper(name, path, INLINE_HELPERS);
    for (const parameter of params) this.#expression(parameter);
    for (const pair of hash?.pairs ?? []) this.#expression(pair.value);
  }

  #unknownHelper(name: string, node: Node, candidates: readonly string[] = []): void {
    const suggestion = suggestionFor(name, candidates);
    const problem = {
      code: 'template-unknown-helper' as const,
      severity: 'error' as const,
      range: this.#rangeOf(node),
      name,
    };
    this.problems.push(suggestion === undefined ? problem : { ...problem, suggestion });
  }
}

function pathExpression(name: string, { loc }: Node): hbs.AST.PathExpression {
  return {
    type: 'PathExpression',
    data: false,
    depth: 0,
    parts: [name],
    original: name,
    loc,
  } as unknown as hbs.AST.PathExpression;
}

function literal(type: string, value: string | number | boolean, { loc }: Node): hbs.AST.Expression {
  return { type, value, original: value, loc } as unknown as hbs.AST.Expression;
}

/** Blocks in blocks beyond which nothing is read: the parser's time grows with their square, and then its stack ends. */
const DEEPEST = 200;

function tooDeep(text: string): RenderProblem | undefined {
  if (text.length < DEEPEST * '{{#a}}'.length) return undefined;
  let depth = 0;
  for (const { end, range } of blockTags(text)) {
    depth = end === 'open' ? depth + 1 : Math.max(0, depth - 1);
    if (depth > DEEPEST)
      return { code: 'template-syntax', severity: 'error', range, detail: `${DEEPEST} blocks stand around this one.` };
  }
  return undefined;
}

function blockTags(text: string): readonly BlockTag[] {
  const tags: BlockTag[] = [];
  if (!text.includes('{{')) return tags;
  for (const match of text.matchAll(TAG)) {
    const [whole, sign, name, argument] = match;
    if (!sign || !name) continue;
    const end = sign === '/' ? 'close' : 'open';
    // `{{^}}` and `{{^if}}` inside a block are its else; only one with a name of data opens one.
    tags.push({
      name,
      end,
      argument: argument!.trim(),
      range: { start: match.index, end: match.index + whole.length },
    });
  }
  return tags;
}
