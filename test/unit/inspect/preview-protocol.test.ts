import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { pageHtml } from '../../../src/vscode/preview/page-html.ts';
import { fromPage } from '../../../src/vscode/preview/protocol.ts';

describe('vscode/preview/protocol', () => {
  const good: readonly unknown[] = [
    { type: 'ready' },
    { type: 'source' },
    { type: 'source', spot: { where: 'subject' } },
    { type: 'source', spot: { where: 'html', element: 3, offset: 0 } },
    { type: 'source', spot: { where: 'text', line: 1, column: 12 } },
    { type: 'reach' },
    { type: 'report' },
    { type: 'options', scheme: 'dark', images: false, path: [0, 3] },
    { type: 'remote', allow: true },
    { type: 'checking', on: false },
    { type: 'link', index: 0 },
    { type: 'problem', index: 7 },
    { type: 'finding', index: 7 },
    { type: 'attachment', index: 1, action: 'save' },
    { type: 'probed', id: 1, findings: [] },
  ];
  for (const message of good)
    it(`takes ${JSON.stringify(message)}`, () => assert.deepEqual(fromPage(message), message));

  const bad: readonly unknown[] = [
    undefined,
    null,
    'ready',
    {},
    { type: 'exec', command: 'x' },
    { type: 'options', scheme: 'sepia', images: true, path: [] },
    { type: 'options', scheme: 'dark', images: 1, path: [] },
    { type: 'options', scheme: 'dark', images: true, path: ['0'] },
    { type: 'options', scheme: 'dark', images: true, path: Array(30).fill(0) },
    { type: 'remote', allow: 'yes' },
    { type: 'link', index: -1 },
    { type: 'source', spot: null },
    { type: 'source', spot: { where: 'file:///etc/passwd' } },
    { type: 'source', spot: { where: 'html', element: '3', offset: 0 } },
    { type: 'source', spot: { where: 'text', line: -1, column: 0 } },
    { type: 'link', index: 1.5 },
    { type: 'link', index: '0' },
    { type: 'attachment', index: 1, action: 'run' },
    { type: 'probed', id: 1, findings: {} },
  ];
  for (const message of bad) it(`leaves ${JSON.stringify(message)}`, () => assert.equal(fromPage(message), undefined));

  it('passes on nothing that it does not know', () => {
    assert.deepEqual(fromPage({ type: 'link', index: 1, url: 'file:///etc/passwd' }), { type: 'link', index: 1 });
  });
});

describe('vscode/preview/page-html', () => {
  const assets = { cspSource: 'https://assets.example', nonce: 'N', probeNonce: 'P', script: 's.js', style: 's.css' };
  const policy = (remote: boolean): string => /content="([^"]*)"/.exec(pageHtml({ ...assets, remote }))?.[1] ?? '';

  it('admits its own script, and no host', () => {
    assert.equal(
      policy(false),
      "default-src 'none'; script-src 'nonce-N' 'nonce-P'; style-src https://assets.example 'unsafe-inline'; img-src https://assets.example data: blob:; media-src data: blob:; font-src https://assets.example data:; frame-src 'none'; connect-src 'none'; base-uri 'none'; form-action 'none'",
    );
  });

  it('admits pictures, films, fonts and styles of other hosts where they are allowed, never their scripts', () => {
    assert.equal(
      policy(true),
      "default-src 'none'; script-src 'nonce-N' 'nonce-P'; style-src https://assets.example 'unsafe-inline' https: http:; img-src https://assets.example data: blob: https: http:; media-src data: blob: https: http:; font-src https://assets.example data: https: http:; frame-src 'none'; connect-src 'none'; base-uri 'none'; form-action 'none'",
    );
  });
});
