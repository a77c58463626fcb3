import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, it } from 'mocha';
import { type Finding, formatFindings } from '../../../src/inspect/formats.ts';

/** https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json */
const schemaFile = new URL('../../fixtures/sarif-schema-2.1.0.json', import.meta.url);
const tool = { name: 'Mailbench', version: '0.1.0' };
const findings: readonly Finding[] = [
  {
    file: 'mails/übersicht 1.eml',
    line: 3,
    column: 5,
    endLine: 3,
    endColumn: 9,
    severity: 'warning',
    code: 'client-support',
    message: 'border-radius does not work in Outlook (Windows).',
    url: 'https://www.caniemail.com/features/css-border-radius/',
  },
  { file: '/tmp/a.eml', line: 1, column: 1, severity: 'error', code: 'no-recipients', message: 'Two\nlines.' },
  {
    file: 'C:\\mail\\b.eml',
    line: 2,
    column: 1,
    severity: 'hint',
    code: 'title-missing',
    message: 'x',
    url: 'https://t.example/',
  },
];

describe('inspect/formats', () => {
  it('writes a line a finding', () => {
    assert.equal(
      formatFindings(findings, 'text', tool),
      'mails/übersicht 1.eml:3:5: warning client-support: border-radius does not work in Outlook (Windows).\n' +
        '/tmp/a.eml:1:1: error no-recipients: Two lines.\n' +
        'C:\\mail\\b.eml:2:1: hint title-missing: x\n',
    );
    assert.equal(formatFindings([], 'text', tool), '');
  });

  it('writes JSON with the six members, and no more', () => {
    const read = JSON.parse(formatFindings(findings, 'json', tool));
    assert.deepEqual(
      read,
      findings.map(({ file, line, column, severity, code, message }) => ({
        file,
        line,
        column,
        severity,
        code,
        message,
      })),
    );
    assert.equal(formatFindings([], 'json', tool), '[]\n');
  });

  it('writes JSON that no terminal obeys', () => {
    const [first] = findings;
    const odd = [{ ...first!, message: 'a\x1b[2Jb\x9b2Jc\x7fd\x85é🎉' }];
    for (const format of ['json', 'sarif'] as const) {
      const written = formatFindings(odd, format, tool);
      assert.doesNotMatch(written, /[^\n\x20-\x7e\xa0-\uffff]/);
      assert.ok(JSON.stringify(JSON.parse(written)).includes(JSON.stringify(odd[0]?.message)));
    }
  });

  it('writes SARIF that names files, rules and places', () => {
    const log = JSON.parse(formatFindings(findings, 'sarif', tool));
    const [run] = log.runs;
    assert.deepEqual(run.tool.driver.rules, [
      { id: 'client-support', helpUri: 'https://www.caniemail.com/features/css-border-radius/' },
      { id: 'no-recipients' },
      { id: 'title-missing', helpUri: 'https://t.example/' },
    ]);
    assert.deepEqual(
      run.results.map((result: Record<string, unknown>) => [result.ruleId, result.ruleIndex, result.level]),
      [
        ['client-support', 0, 'warning'],
        ['no-recipients', 1, 'error'],
        ['title-missing', 2, 'note'],
      ],
    );
    assert.deepEqual(run.results[0].locations[0].physicalLocation, {
      artifactLocation: { uri: 'mails/%C3%BCbersicht%201.eml' },
      region: { startLine: 3, startColumn: 5, endLine: 3, endColumn: 9 },
    });
    assert.equal(run.results[1].locations[0].physicalLocation.artifactLocation.uri, 'file:///tmp/a.eml');
    assert.equal(run.results[2].locations[0].physicalLocation.artifactLocation.uri, 'file:///C:/mail/b.eml');
  });

  it('writes SARIF that the schema of OASIS accepts', () => {
    // The schema is draft 4; what it uses of it means the same in draft 7, names apart.
    const { $schema: _, id, ...schema } = JSON.parse(readFileSync(schemaFile, 'utf8'));
    const validate = new Ajv({ strict: false, validateFormats: false }).compile({ ...schema, $id: id });
    for (const some of [[], findings]) {
      assert.ok(validate(JSON.parse(formatFindings(some, 'sarif', tool))), JSON.stringify(validate.errors));
    }
    const wrong = JSON.parse(formatFindings(findings, 'sarif', tool));
    wrong.runs[0].results[0].level = 'hint';
    assert.equal(validate(wrong), false);
  });
});
