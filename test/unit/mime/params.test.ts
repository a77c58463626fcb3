import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { outline } from '../../../src/inspect/outline.ts';
import {
  fileNameParameter,
  legacyNameParameter,
  parameter,
  parameterField,
  parseParameters,
} from '../../../src/mime/params.ts';

const disposition = (name: string): string =>
  parameterField('Content-Disposition', 'attachment', [fileNameParameter(name)]);
const type = (name: string): string => parameterField('Content-Type', 'application/pdf', [legacyNameParameter(name)]);

describe('parameters', () => {
  const names: readonly (readonly [string, string, string])[] = [
    [
      'report.pdf',
      'Content-Disposition: attachment; filename="report.pdf"\r\n',
      'Content-Type: application/pdf; name="report.pdf"\r\n',
    ],
    [
      'q3 v2.csv',
      'Content-Disposition: attachment; filename="q3 v2.csv"\r\n',
      'Content-Type: application/pdf; name="q3 v2.csv"\r\n',
    ],
    [
      'Übersicht.csv',
      "Content-Disposition: attachment; filename*=utf-8''%C3%9Cbersicht.csv\r\n",
      'Content-Type: application/pdf; name="=?utf-8?Q?=C3=9Cbersicht=2Ecsv?="\r\n',
    ],
    [
      'a"b.txt',
      "Content-Disposition: attachment; filename*=utf-8''a%22b.txt\r\n",
      'Content-Type: application/pdf; name="=?utf-8?Q?a=22b=2Etxt?="\r\n',
    ],
    [
      ' x ',
      "Content-Disposition: attachment; filename*=utf-8''%20x%20\r\n",
      'Content-Type: application/pdf; name="=?utf-8?Q?_x_?="\r\n',
    ],
    [
      '🎉'.repeat(10),
      `Content-Disposition: attachment;\r\n filename*0*=utf-8''${'%F0%9F%8E%89'.repeat(4)};\r\n filename*1*=${'%F0%9F%8E%89'.repeat(5)};\r\n filename*2*=%F0%9F%8E%89\r\n`,
      'Content-Type: application/pdf;\r\n name="=?utf-8?B?8J+OifCfjonwn46J8J+OifCfjonwn46J8J+OifCfjonwn46J8J+OiQ==?="\r\n',
    ],
  ];
  for (const [name, field, legacy] of names)
    it(`the name ${name}`, () => {
      assert.equal(disposition(name), field);
      assert.equal(type(name), legacy);
    });

  it('of other kinds', () => {
    assert.deepEqual(parameter('charset', 'utf-8'), ['charset=utf-8']);
    assert.deepEqual(parameter('x', 'a b'), ['x="a b"']);
    assert.deepEqual(parameter('x', ''), ['x=""']);
    assert.deepEqual(parameter('x', 'é"'), ["x*=utf-8''%C3%A9%22"]);
  });

  it('say any name, in lines that are short enough', () => {
    const name = fc
      .string({
        unit: fc.oneof(
          fc.constantFrom('"', '\\', '/', ';', '=', '?', '%', "'", '*', ' ', '漢', '😀'),
          fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
        ),
        minLength: 1,
        maxLength: 300,
      })
      .map((text) => text.replace(/[\r\n\0]/g, ''))
      .filter((text) => text !== '' && text.isWellFormed());
    fc.assert(
      fc.property(name, (text) => {
        const field = disposition(text);
        const legacy = type(text);
        for (const line of [...field.split('\r\n'), ...legacy.split('\r\n')]) {
          assert.ok(line.length <= 78, line);
          if (line.includes('=?utf-8?')) assert.ok(line.length <= 76, line);
          assert.match(line, /^[\x20-\x7e]*$/);
        }
        for (const segment of field.match(/filename\*\d+\S*?=/g) ?? []) assert.match(segment, /^filename\*\d+\*=$/);
        assert.equal(outline(Buffer.from(`${field}\r\n`)).name, text);
        assert.equal(outline(Buffer.from(`${legacy}\r\n`)).name, text);
      }),
      { numRuns: 300 },
    );
  });

  it('are parsed as people write them', () => {
    const read = (text: string) => {
      const { value, parameters, fault } = parseParameters(text);
      return [
        value,
        ...parameters.map(({ name, value: said }) => `${name}=${said}`),
        ...(fault ? [`fault ${fault.start}-${fault.end}`] : []),
      ];
    };
    assert.deepEqual(read('text/html; charset=gb2312'), ['text/html', 'charset=gb2312']);
    assert.deepEqual(read('text/html;charset="utf-8";; x = "a;\\"b" ;'), ['text/html', 'charset=utf-8', 'x=a;"b']);
    assert.deepEqual(read("text/html; name*=utf-8''%C3%A9"), ['text/html', 'name=é']);
    assert.deepEqual(read('text/html; charset'), ['text/html', 'fault 11-18']);
    assert.deepEqual(read('text/html; a="b'), ['text/html', 'a=b', 'fault 11-15']);
    assert.deepEqual(read('text/html; a="b" c; d=e'), ['text/html', 'a=b', 'd=e', 'fault 16-18']);
    assert.deepEqual(read(''), ['']);
  });
});
