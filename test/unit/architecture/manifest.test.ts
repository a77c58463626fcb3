import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import * as names from '../../../src/vscode/names.ts';
import { root } from './source-tree.ts';

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const { contributes } = manifest;
const texts: Record<string, string> = JSON.parse(readFileSync(join(root, 'package.nls.json'), 'utf8'));

/** Every string below a value, with the name of the property that holds it. */
function* strings(value: Json, property = ''): Generator<{ property: string; text: string }> {
  if (typeof value === 'string') yield { property, text: value };
  else if (Array.isArray(value)) for (const entry of value) yield* strings(entry, property);
  else if (value && typeof value === 'object') {
    for (const [key, entry] of Object.entries(value)) yield* strings(entry, key);
  }
}

function sorted(values: Iterable<string>): string[] {
  return [...new Set(values)].sort();
}

const all = [...strings(contributes)];
const conditions = all
  .filter(({ property }) => property === 'when' || property === 'enablement')
  .map(({ text }) => text);
const commandIds: string[] = contributes.commands.map((entry: { command: string }) => entry.command);

describe('package.json', () => {
  it('contributes the commands of the table, and no other', () => {
    assert.deepEqual(sorted(commandIds), sorted(Object.values(names.commands)));
    assert.equal(new Set(commandIds).size, commandIds.length);
  });

  it('contributes the settings of the table, and no other', () => {
    const properties = [contributes.configuration].flat().flatMap((section) => Object.keys(section.properties));
    const expected = Object.values(names.settings).map((key) => `mailbench.${key}`);
    assert.deepEqual(sorted(properties), sorted(expected));
    assert.equal(new Set(properties).size, properties.length);
  });

  it('contributes the colours of the table, and no other', () => {
    const ids = (contributes.colors as { id: string }[]).map(({ id }) => id);
    assert.deepEqual(sorted(ids), sorted(Object.values(names.colors)));
  });

  it('minds the context keys of the table, and no other', () => {
    const views: string[] = Object.values(names.views);
    const used = conditions
      .map((condition) => condition.replaceAll(/\b(?:viewItem|view|activeWebviewPanelId)\s*(?:==|!=|=~)\s*\S+/g, ''))
      .flatMap((condition) => condition.match(/\bmailbench\.[A-Za-z.]+/g) ?? [])
      .filter((key) => !views.includes(key));
    assert.deepEqual(sorted(used), sorted(Object.values(names.contextKeys)));
  });

  it('contributes the views of the table, and no other', () => {
    const views = Object.values(contributes.views as Record<string, { id: string }[]>).flat();
    assert.deepEqual(sorted(views.map(({ id }) => id)), sorted(Object.values(names.views)));
    assert.deepEqual(Object.keys(contributes.views), [names.viewContainer]);
    const asked = conditions.flatMap((text) =>
      [...text.matchAll(/\bview == ([\w.]+)/g)].map((match) => match[1] ?? ''),
    );
    assert.deepEqual(
      sorted(asked).filter((id) => !(Object.values(names.views) as string[]).includes(id)),
      [],
    );
  });

  it('minds and comes back for the webviews of the table, and no other', () => {
    const asked = conditions.flatMap((text) =>
      [...text.matchAll(/\bactiveWebviewPanelId == ([\w.]+)/g)].map((match) => match[1] ?? ''),
    );
    const woken = (manifest.activationEvents as string[]).flatMap(
      (event) => /^onWebviewPanel:(.+)$/.exec(event)?.[1] ?? [],
    );
    assert.deepEqual(sorted(asked), sorted(Object.values(names.webviews)));
    assert.deepEqual(sorted(woken), sorted(Object.values(names.webviews)));
  });

  it('knows the languages and the schemes by the same names', () => {
    const languages = contributes.languages.map(({ id }: { id: string }) => id);
    assert.deepEqual(sorted(languages), sorted([names.language, names.transcriptLanguage]));
    const asked = conditions.flatMap((text) =>
      [...text.matchAll(/\bresourceScheme [=!]= ([\w-]+)/g)].map((match) => match[1] ?? ''),
    );
    const schemes: string[] = Object.values(names.schemes);
    assert.deepEqual(
      sorted(asked).filter((scheme) => !schemes.includes(scheme)),
      [],
    );
  });

  it('names only commands that exist, in menus, keybindings, walkthroughs and links', () => {
    const used = all.flatMap(({ property, text }) =>
      property === 'command' ? [text] : [...text.matchAll(/onCommand:([\w.]+)/g)].map((match) => match[1] ?? ''),
    );
    const links = Object.values(texts).flatMap((text) =>
      [...text.matchAll(/\(command:([\w.]+)/g)].map((match) => match[1] ?? ''),
    );
    const wrong = [...used, ...links].filter((id) => id.startsWith('mailbench.') && !commandIds.includes(id));
    assert.deepEqual(sorted(wrong), []);
  });

  it('has its texts in package.nls.json, each used', () => {
    const used = [...strings(manifest)].flatMap(({ text }) => /^%(.+)%$/.exec(text)?.[1] ?? []);
    assert.deepEqual(sorted(used), sorted(Object.keys(texts)));
  });

  it('links to settings that exist', () => {
    const properties = [contributes.configuration].flat().flatMap((section) => Object.keys(section.properties));
    const links = Object.values(texts).flatMap((text) =>
      [...text.matchAll(/`#(mailbench[\w.]*)#`/g)].map((match) => match[1] ?? ''),
    );
    assert.deepEqual(
      sorted(links).filter((key) => !properties.includes(key)),
      [],
    );
  });

  it('restricts settings that exist', () => {
    const restricted: string[] = manifest.capabilities?.untrustedWorkspaces?.restrictedConfigurations ?? [];
    const properties = [contributes.configuration].flat().flatMap((section) => Object.keys(section.properties));
    assert.deepEqual(
      restricted.filter((key) => !properties.includes(key)),
      [],
    );
  });

  it('names files that exist', () => {
    const paths = [...all.map(({ text }) => text), manifest.icon].filter((text) => /^(?:\.\/)?media\/\S+$/.test(text));
    assert.ok(paths.length > 0);
    assert.deepEqual(
      paths.filter((path) => !existsSync(join(root, path))),
      [],
    );
  });

  it('is typed against the VS Code that it says it needs', () => {
    const engine = /^\^(\d+\.\d+)\.0$/.exec(manifest.engines.vscode)?.[1];
    const types = JSON.parse(readFileSync(join(root, 'node_modules/@types/vscode/package.json'), 'utf8'));
    assert.equal(types.version.split('.').slice(0, 2).join('.'), engine);
  });
});
