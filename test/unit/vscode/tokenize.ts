import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import oniguruma from 'vscode-oniguruma';
import textmate from 'vscode-textmate';

const media = new URL('../../../media/', import.meta.url);
const require = createRequire(import.meta.url);

/** Grammars of other extensions, as far as a test wants to see that they are called. */
const foreign: Readonly<Record<string, object>> = {
  'text.html.basic': {
    scopeName: 'text.html.basic',
    patterns: [
      { name: 'style.html', begin: '<style>', end: '</style>' },
      { name: 'tag.html', begin: '</?[a-z]+', end: '>' },
    ],
  },
  // Like it, but that it knows no element as wrong.
  'text.html.derivative': {
    scopeName: 'text.html.derivative',
    patterns: [{ name: 'tag.derivative', begin: '</?[a-z-]+', end: '>' }],
  },
  'text.html.markdown': { scopeName: 'text.html.markdown', patterns: [{ name: 'heading.markdown', match: '^#+ .*$' }] },
};

const own: Readonly<Record<string, string>> = {
  'text.eml': 'syntaxes/eml.tmLanguage.json',
  'text.smtp-transcript': 'syntaxes/smtp-transcript.tmLanguage.json',
};

let registry: Promise<textmate.Registry> | undefined;

async function makeRegistry(): Promise<textmate.Registry> {
  await oniguruma.loadWASM(readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm')));
  return new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (sources) => new oniguruma.OnigScanner(sources),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: async (scope) => {
      const path = own[scope];
      if (path) return textmate.parseRawGrammar(readFileSync(new URL(path, media), 'utf8'), path);
      const grammar = foreign[scope];
      return grammar ? textmate.parseRawGrammar(JSON.stringify(grammar), `${scope}.json`) : null;
    },
  });
}

/**
 * Each line as its tokens, `text{scope}`: the innermost scope, without the ending that all of the grammar have; tokens
 * of one scope are joined. What has no scope stands bare.
 */
export async function tokenize(scope: string, text: string): Promise<string[]> {
  registry ??= makeRegistry();
  const grammar = await (await registry).loadGrammar(scope);
  if (!grammar) throw new Error(`no grammar for ${scope}`);
  let state = textmate.INITIAL;
  return text.split('\n').map((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    const joined: { text: string; full: string; scope: string }[] = [];
    for (const { startIndex, endIndex, scopes } of tokens) {
      const inner = scopes.slice(1).findLast((each) => !/^(?:meta|punctuation)\./.test(each)) ?? '';
      const piece = line.slice(startIndex, endIndex);
      const last = joined.at(-1);
      if (last?.full === inner) last.text += piece;
      else if (piece !== '')
        joined.push({ text: piece, full: inner, scope: inner.replace(/\.(?:eml|smtp-transcript)$/, '') });
    }
    return joined.map((each) => (each.scope ? `${each.text}{${each.scope}}` : each.text)).join('');
  });
}
