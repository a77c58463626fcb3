import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { parseJsonc } from '../../../src/terminal/jsonc.ts';
import { safe } from '../../../src/terminal/streams.ts';
import { run, start } from './support/run.ts';

describe('cli usage', () => {
  const table: [readonly string[], number, string, RegExp | string][] = [
    [['--version'], 0, '1.2.3\n', ''],
    [['-V'], 0, '1.2.3\n', ''],
    [[], 2, '', /^Usage: mailbench COMMAND \[options\]\n/],
    [['sned'], 2, '', 'mailbench: there is no command sned; did you mean send?\nTry "mailbench --help".\n'],
    [['toString'], 2, '', 'mailbench: there is no command toString\nTry "mailbench --help".\n'],
    [['--what'], 2, '', 'mailbench: there is no option --what\nTry "mailbench --help".\n'],
    [['build'], 2, '', 'mailbench build: which document?\nTry "mailbench build --help".\n'],
    [['build', 'a', 'b'], 2, '', 'mailbench build: one document at a time\nTry "mailbench build --help".\n'],
    [
      ['build', '--sede=x', 'a'],
      2,
      '',
      'mailbench build: there is no option --sede; did you mean --seed?\nTry "mailbench build --help".\n',
    ],
    [['build', 'a', '--seed'], 2, '', 'mailbench build: --seed needs a value\nTry "mailbench build --help".\n'],
    [
      ['send', 'a', '--server', '--yes'],
      2,
      '',
      'mailbench send: --server needs a value (for one that begins with "-", write --server=--yes)\nTry "mailbench send --help".\n',
    ],
    [['send', '--yes=1', 'a'], 2, '', 'mailbench send: --yes takes no value\nTry "mailbench send --help".\n'],
    [
      ['build', 'a', '--var', 'x'],
      2,
      '',
      'mailbench build: --var has to be name=value, not "x"\nTry "mailbench build --help".\n',
    ],
    [
      ['build', 'a', '--date', 'soon'],
      2,
      '',
      'mailbench build: --date has to be a time as 2026-11-20T14:02:11+01:00, not "soon"\nTry "mailbench build --help".\n',
    ],
    [['build', 'none.eml'], 2, '', 'mailbench: none.eml can’t be read: there is no such file.\n'],
    [['build', '.'], 2, '', 'mailbench: . can’t be read: it is a folder.\n'],
    [['check'], 2, '', 'mailbench check: which document?\nTry "mailbench check --help".\n'],
    [
      ['check', 'a', '--format', 'xml'],
      2,
      '',
      'mailbench check: --format is text, json or sarif, not "xml"\nTry "mailbench check --help".\n',
    ],
    [
      ['serve', '--port', '70000'],
      2,
      '',
      'mailbench serve: --port has to be a whole number from 0 to 65535, not "70000"\nTry "mailbench serve --help".\n',
    ],
    [['serve', 'x'], 2, '', 'mailbench serve: it takes options only, not "x"\nTry "mailbench serve --help".\n'],
  ];
  for (const [args, code, stdout, stderr] of table) {
    it(`mailbench ${args.join(' ')}`, async () => {
      const ran = await run(args);
      assert.equal(ran.stdout.toString(), stdout);
      if (typeof stderr === 'string') assert.equal(ran.stderr, stderr);
      else assert.match(ran.stderr, stderr);
      assert.equal(ran.code, code);
    });
  }

  it('has help for everything, within 80 columns', async () => {
    const commands = ['build', 'check', 'send', 'serve', 'smtp'];
    for (const args of [
      ['--help'],
      ['help'],
      ...commands.map((name) => [name, 'x', '--help']),
      ...commands.map((name) => ['help', name]),
    ]) {
      const ran = await run(args);
      assert.equal(ran.code, 0);
      assert.equal(ran.stderr, '');
      const text = ran.stdout.toString();
      assert.match(text, /^Usage: mailbench .*\n\n/);
      for (const each of text.split('\n')) assert.ok(each.length <= 80, each);
    }
    assert.equal((await run(['build', '--', '--help'])).code, 2);
  });

  it('is a program', async () => {
    const ran = await start(['--version']).ended;
    assert.match(ran.stdout.toString(), /^\d+\.\d+\.\d+\n$/);
    assert.deepEqual([ran.code, ran.stderr], [0, '']);
  });

  it('lets nothing from a file or a server steer the terminal', () => {
    assert.equal(safe('a\u001b[31mb\u0007\r\u009bc\td\n'), 'a\\x1B[31mb\\x07\\x0D\\x9Bc\td\n');
  });

  it('reads settings with comments and trailing commas', () => {
    const text = '\ufeff{ // a\n "u": "http://x /* y */ ,]", /* b, */ "l": [1, 2,],\n}';
    assert.deepEqual(parseJsonc(text), { u: 'http://x /* y */ ,]', l: [1, 2] });
    assert.equal(parseJsonc('{'), undefined);
  });
});
