import type { Range } from '../base/problem.ts';
import { suggestionFor } from '../base/suggestion.ts';
import { type BlockTag, type Engine, type EngineInput, type EngineOutput, printable } from './engine.ts';
import { splitPath, suggestPath } from './lookup.ts';
import type { RenderProblem } from './problems.ts';

const BLOCK_HELPERS = ['if', 'unless', 'each', 'with'];
const INLINE_HELPERS = ['lookup'];
const EMIT = '__emit';
const KNOWN = '__known';
/** The tags of blocks; comments and escaped braces are matched so as to be passed by. */
const TAG =
  /\\\{\{|\{\{~?!--[\s\S]*?--~?\}\}|\{\{~?!(?!--)[^}]*\}\}|\{\{~?([#/^])>?\s*\*?\s*([^\s{}~|]*)([^{}]*?)~?\}\}/g;

type Node = hbs.AST.Node;

/**
 * Handlebars, held short: every expression that prints goes through a helper of ours, which puts a stand-in; there are
 * no helpers but `if`, `unless`, `each`, `with` and `lookup`, no partials, no decorators, no prototypes. It compiles to
 * JavaScript by `new Function`, which Node's extension host allows; what it compiles is a tree that was looked through.
 */
export async function handlebarsEngine(): Promise<Engine> {
  const { default: Handlebars } = await import('handlebars');
  return {
    backslashes: true,
    literals: () => [],
    blocks: blockTags,
    render: (input) => renderWith(Handlebars, input),
  };
}

function renderWith(Handlebars: typeof import('handlebars'), input: EngineInput): EngineOutput {
  const { text, record, placeholders, rawAllowed } = input;
  const problems: RenderProblem[] = [];
  const lines = lineStarts(text);
  const rangeOf = ({ loc }: Node): Range => ({
    start: (lines[loc.start.line - 1] ?? 0) + loc.start.column,
    end: (lines[loc.end.line - 1] ?? 0) + loc.end.column,
  });
  let program: hbs.AST.Program;
  try {
    program = Handlebars.parse(text);
  } catch (error) {
    return { problems: [syntaxProblem(text, lines, error)] };
  }
  const guard = new Guard(rangeOf);
  guard.program(program);
  if (guard.problems.length > 0) return { problems: guard.problems };
  const environment = Handlebars.create();
  for (const name of Object.keys(environment.helpers)) {
    if (
      !BLOCK_HELPERS.includes(name) &&
      !INLINE_HELPERS.includes(name) &&
      !/^(?:blockHelperMissing|helperMissing)$/.test(name)
    ) {
      environment.unregisterHelper(name);
    }
  }
  const known = (value: unknown, path: unknown, start: number, end: number): void => {
    if (value !== undefined || typeof path !== 'string' || path === '') return;
    const suggestion = /^[@.]/.test(path) ? undefined : suggestPath(record, splitPath(path));
    const problem = {
      code: 'template-unknown-variable' as const,
      severity: 'warning' as const,
      range: { start, end },
      path,
    };
    problems.push(suggestion === undefined ? problem : { ...problem, suggestion });
  };
  environment.registerHelper(EMIT, (value: unknown, path: string, start: number, end: number, raw: boolean) => {
    known(value, path, start, end);
    const printed = printable(value, path, { start, end }, problems);
    return printed === undefined ? '' : placeholders.add(printed, { start, end }, raw && rawAllowed);
  });
  environment.registerHelper(KNOWN, (value: unknown, path: string, start: number, end: number) => {
    known(value, path, start, end);
    return value;
  });
  try {
    const template = environment.compile(program, { noEscape: true });
    return { text: template(record), problems: distinct(problems) };
  } catch (error) {
    const range = { start: 0, end: text.length };
    return { problems: [...problems, { code: 'template-failed', severity: 'error', range, detail: detailOf(error) }] };
  }
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

/** Handlebars counts CR LF, LF and CR as one line end each. */
function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (const match of text.matchAll(/\r\n?|\n/g)) starts.push(match.index + match[0].length);
  return starts;
}

function syntaxProblem(text: string, lines: readonly number[], error: unknown): RenderProblem {
  const message = error instanceof Error ? error.message : String(error);
  const hash = (
    error as { hash?: { loc?: { first_line: number; first_column: number; last_line: number; last_column: number } } }
  ).hash;
  const line = Number(/(?:on|at) line (\d+)/.exec(message)?.[1] ?? Number.NaN);
  let range = { start: 0, end: text.length };
  if (hash?.loc) {
    const start = (lines[hash.loc.first_line - 1] ?? 0) + hash.loc.first_column;
    const end = (lines[hash.loc.last_line - 1] ?? 0) + hash.loc.last_column;
    range = { start, end: Math.max(start, end) };
  } else if (lines[line - 1] !== undefined) range = { start: lines[line - 1]!, end: lines[line] ?? text.length };
  return { code: 'template-syntax', severity: 'error', range, detail: detailOf(error) };
}

/** What the grammar of Handlebars calls what a person has typed. */
const tokens: Readonly<Record<string, string>> = {
  CLOSE: '}}',
  CLOSE_RAW_BLOCK: '}}}}',
  CLOSE_SEXPR: ')',
  CLOSE_UNESCAPED: '}}}',
  EQUALS: '=',
  INVERSE: '{{else}}',
  OPEN: '{{',
  OPEN_BLOCK: '{{#',
  OPEN_ENDBLOCK: '{{/',
  OPEN_INVERSE: '{{^',
  OPEN_INVERSE_CHAIN: '{{else',
  OPEN_SEXPR: '(',
  OPEN_UNESCAPED: '{{{',
  SEP: '.',
};

/** A list of every token that might have stood there tells a person nothing; what does stand there does. */
function unexpected(token: string): string {
  if (token === 'EOF') return 'it ends before an expression or a block does';
  const typed = tokens[token];
  return typed ? `"${typed}" can’t stand here` : 'what stands here is no expression';
}

/** The engine's own word: its last line, without positions. */
function detailOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const lines = message
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^[-.]*\^/.test(line) && !/^\.{3}/.test(line));
  const got = lines.map((line) => /^Expecting .*, got '(\w+)'/.exec(line)?.[1]).find(Boolean);
  if (got) return unexpected(got);
  const said = lines[0] ?? message;
  return said
    .replace(/ - \d+:\d+$/, '')
    .replace(/^(?:Parse|Lexical) error on line \d+[:.]?\s*/, '')
    .slice(0, 300);
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
