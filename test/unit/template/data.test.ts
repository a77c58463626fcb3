import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { type DataFormat, dataFormat, parseDataSet, pickRecord, withVariables } from '../../../src/template/data.ts';

const read = async (text: string, format: DataFormat): Promise<string> => {
  const { data, problems } = await parseDataSet(text, format);
  const codes = problems.map((problem) => ('offset' in problem ? `${problem.code}@${problem.offset}` : problem.code));
  return [...(data ? [JSON.stringify(data.records)] : []), ...codes].join(' ');
};

describe('parseDataSet', () => {
  const table: readonly (readonly [DataFormat, string, string])[] = [
    ['json', '{"a":1,"b":[true,null]}', '[{"a":1,"b":[true,null]}]'],
    ['json', '\ufeff[{"a":1},{"a":2}]', '[{"a":1},{"a":2}]'],
    ['json', '{"__proto__":{"x":1}}', '[{"__proto__":{"x":1}}]'],
    ['json', '[]', '[] data-empty'],
    ['json', '"x"', 'data-shape'],
    ['json', '[1]', 'data-shape'],
    ['json', '{"a":}', 'data-syntax'],
    ['json', `{"a":${'['.repeat(200)}${']'.repeat(200)}}`, 'data-too-deep'],
    [
      'yaml',
      'a: 1\nb: [x, 2025-07-01]\nc: &c {d: 1}\ne: *c',
      '[{"a":1,"b":["x","2025-07-01"],"c":{"d":1},"e":{"d":1}}]',
    ],
    ['yaml', '- a: 1\n- a: 2', '[{"a":1},{"a":2}]'],
    ['yaml', 'a: [', 'data-syntax@4'],
    ['yaml', 'x', 'data-shape'],
    [
      'csv',
      'name,email\n"Doe, Jo",jo@a\nAnn,ann@a\n',
      '[{"name":"Doe, Jo","email":"jo@a"},{"name":"Ann","email":"ann@a"}]',
    ],
    ['csv', 'name;email\r\n"x\ny";jo@a\r\n', '[{"name":"x\\ny","email":"jo@a"}]'],
    ['csv', '\ufeffa\tb\n1\t2\n', '[{"a":"1","b":"2"}]'],
    ['csv', 'a,b\n', '[] data-empty'],
  ];
  for (const [format, text, expected] of table) {
    it(`${format}: ${JSON.stringify(text.slice(0, 40))}`, async () => assert.equal(await read(text, format), expected));
  }

  it('says what is wrong with rows of another length', async () =>
    assert.match(await read('a,b\n1\n', 'csv'), /^data-syntax/));

  it('takes no bomb of aliases', async () => {
    const lines = ['a: &a [x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 9; i++) {
      const before = String.fromCharCode(96 + i);
      const name = String.fromCharCode(97 + i);
      lines.push(`${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(', ')}]`);
    }
    assert.match(await read(lines.join('\n'), 'yaml'), /^data-syntax/);
  });

  it('gives records without a prototype', async () => {
    const { data } = await parseDataSet('{"a":{"b":1}}', 'json');
    const [record] = data!.records;
    assert.equal(Object.getPrototypeOf(record), null);
    assert.equal(Object.getPrototypeOf(record!.a), null);
  });

  it('goes by the ending of the name', () => {
    assert.deepEqual(['a.json', 'A.YML', 'b.yaml', 'c.csv', 'd.txt', 'json'].map(dataFormat), [
      'json',
      'yaml',
      'yaml',
      'csv',
      undefined,
      undefined,
    ]);
  });
});

describe('pickRecord', () => {
  const data = {
    list: true,
    records: [
      { id: 'a', n: 1 },
      { id: 'b', n: 2 },
      { id: 'c', n: 2 },
    ],
  };
  const table: readonly (readonly [string | undefined, number | undefined, string?])[] = [
    [undefined, 0],
    ['', 0],
    ['1', 0],
    ['3', 2],
    ['id=b', 1],
    ['n = 1', 0],
    ['0', undefined, 'record-missing'],
    ['4', undefined, 'record-missing'],
    ['id=z', undefined, 'record-missing'],
    ['z=b', undefined, 'record-missing'],
    ['b', undefined, 'record-missing'],
    ['n=2', undefined, 'record-ambiguous'],
  ];
  for (const [wanted, index, code] of table) {
    it(String(wanted), () => {
      const picked = pickRecord(data, wanted);
      assert.equal(picked.index, index);
      assert.deepEqual(
        picked.problems.map((problem) => problem.code),
        code ? [code] : [],
      );
    });
  }
});

describe('withVariables', () => {
  it('puts values over a copy of the record', () => {
    const record = { a: { b: '1', c: '2' }, d: '3' };
    const merged = withVariables(record, [
      ['a.b', 'x'],
      ['e.f', 'y'],
      ['d.g', 'z'],
    ]);
    assert.deepEqual(JSON.parse(JSON.stringify(merged)), { a: { b: 'x', c: '2' }, d: { g: 'z' }, e: { f: 'y' } });
    assert.deepEqual(record, { a: { b: '1', c: '2' }, d: '3' });
  });
});
