import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { hasErrors } from '../../../src/send/composed.ts';
import { composed, octetsOf } from '../../support/composed.ts';

const start = 'From: a@a.example\nTo: b@b.example\nSubject: s\n@data: ./d.json\n';
/** Every place of a header line that data can come to: the document's, and those of its parts. */
const places: Readonly<Record<string, string>> = {
  'an unstructured field': 'X-Note: {{v}}\n\nHi\n',
  'a field that takes markup as it is': 'X-Note: {{{v}}}\n\nHi\n',
  'a display name': 'Cc: "{{v}}" <c@c.example>\n\nHi\n',
  'an address': 'Cc: {{v}}\n\nHi\n',
  'a Bcc, which is never written': 'Bcc: {{v}}\n\nHi\n',
  'a parameter of a type': 'Content-Type: text/plain; x="{{v}}"\n\nHi\n',
  'the reverse-path': '@envelope-from: {{v}}\n\nHi\n',
  'the name of a file': '\nHi\n<#attach ./d.json name="{{v}}">\n',
  'a field of a part': '\nHi\n<#attach ./d.json header.X-Note="{{v}}">\n',
  'a parameter of a part': '\nHi\n<#attach ./d.json param.x="{{v}}">\n',
  'a description': '\nHi\n<#attach ./d.json description="{{v}}">\n',
  'an id': '\nHi\n<#attach ./d.json id="{{v}}">\n',
};
const values: Readonly<Record<string, string>> = {
  CRLF: 'x\r\nBcc: evil@evil.example',
  CR: 'x\rBcc: evil@evil.example',
  LF: 'x\nBcc: evil@evil.example',
  'LF and a blank line': 'x\n\nevil',
  NUL: 'x\0y',
};

describe('header injection through data', () => {
  for (const [place, text] of Object.entries(places))
    it(`is an error at its place, and comes into no message: ${place}`, async () => {
      const document = start + text;
      const at = document.search(/\{\{\{?v/);
      for (const [name, v] of Object.entries(values)) {
        const made = await composed(document, { 'd.json': JSON.stringify({ v }) });
        const { problems, envelope } = made;
        const told = problems.filter(({ code }) => code === 'template-line-break' || code === 'unsafe-value');
        assert.ok(
          told.some(({ severity, range }) => severity === 'error' && range.start <= at && at < range.end),
          `${name}: ${JSON.stringify(problems.map(({ code, range }) => [code, document.slice(range.start, range.end)]))}`,
        );
        // The preview shows what it can, without the value.
        assert.doesNotMatch((await octetsOf(made)).toString('latin1'), /evil|\0/, name);
        assert.ok(hasErrors(made), 'nothing is sent');
        assert.doesNotMatch(JSON.stringify(envelope ?? ''), /evil/, name);
      }
      const harmless = await composed(document, { 'd.json': JSON.stringify({ v: 'c@c.example' }) });
      assert.deepEqual(
        harmless.problems.filter(({ severity }) => severity === 'error'),
        [],
      );
    });
});
