import { parseAddressList } from '../base/address.ts';
import { formatPhrase } from '../base/address-write.ts';
import type { Range, TextEdit } from '../base/problem.ts';
import { encodedWords } from '../document/encoded-word.ts';
import { fieldFacts, fieldKind } from '../document/fields.ts';
import { lineEndOf } from '../document/lines.ts';
import { documentRange } from '../document/mapped.ts';
import type { FieldNode } from '../document/nodes.ts';
import { addressField } from '../mime/address-field.ts';
import { foldAt } from '../mime/fold.ts';
import { unstructuredField } from '../mime/unstructured.ts';
import type { Analysis } from './analysis.ts';
import { separators } from './separators.ts';

/** A change that can be made to one field. */
export interface FieldAction {
  readonly title: string;
  readonly edits: readonly TextEdit[];
}

/**
 * The header in order: names in their customary spelling, one space behind the colon, no spaces at the ends of lines, lines
 * folded where they are longer than 78 characters (RFC 5322 section 2.1.1). Values keep every word. A finished message is
 * left alone: its bytes may be signed.
 */
export function formatHeader(analysis: Analysis, within?: Range): readonly TextEdit[] {
  if (analysis.finished) return [];
  const edits: TextEdit[] = [];
  for (const node of analysis.document.header) {
    if (within && (node.range.end < within.start || node.range.start > within.end)) continue;
    const { text } = analysis;
    if (node.type === 'comment') {
      const trimmed = text.slice(node.range.start, node.range.end).trimEnd();
      change(edits, text, node.range, trimmed);
      continue;
    }
    if (text[node.nameRange.end] !== ':') continue;
    const name = node.type === 'field' ? (fieldFacts(node.name)?.name ?? node.name) : `@${node.name.toLowerCase()}`;
    const pieces = text.slice(node.nameRange.end + 1, node.range.end).split(/\r\n|\r|\n/);
    const lines = pieces.map((piece) => piece.trim()).filter((piece) => piece !== '');
    const eol = lineEndOf(text);
    const written = lines.length === 0 ? `${name}:` : `${name}: ${lines.join(`${eol} `)}`;
    const long = node.type === 'field' && written.split(eol).some((line) => line.length > foldAt);
    change(edits, text, node.range, long ? folded(name, node, eol) : written);
  }
  return edits;
}

/** Fold, unfold, encode and decode, as far as they change the field at the offset. */
export function fieldActions(analysis: Analysis, offset: number): readonly FieldAction[] {
  const field = analysis.fields.find(({ range }) => offset >= range.start && offset <= range.end);
  if (!field || field.value.text === '') return [];
  const { text } = analysis;
  const eol = lineEndOf(text);
  const actions: FieldAction[] = [];
  const add = (title: string, written: string): void => {
    const edits: TextEdit[] = [];
    change(edits, text, field.range, written);
    if (edits.length > 0) actions.push({ title, edits });
  };
  add('Fold this field', folded(field.name, field, eol));
  const whole = text.slice(field.range.start, field.range.end);
  if (/[\r\n]/.test(whole)) add('Unfold this field', `${field.name}: ${field.value.text}`);
  const decoded = decodings(field);
  if (decoded.length > 0) actions.push({ title: 'Decode the encoded-words', edits: decoded });
  // In a composed document an encoded-word is text that the reader sees as it is typed.
  if (analysis.finished && /[^\x00-\x7f]/.test(field.value.text)) {
    const encoded = encodedField(field);
    if (encoded !== undefined) add('Encode as encoded-words', encoded.replace(/\r\n$/, '').replace(/\r\n/g, eol));
  }
  return actions;
}

function change(edits: TextEdit[], text: string, range: Range, written: string): void {
  if (text.slice(range.start, range.end) !== written) edits.push({ range, text: written });
}

/** The field in lines of at most 78 characters, broken where white space stands: behind commas in lists, between words elsewhere. */
function folded(name: string, { value }: FieldNode, eol: string): string {
  const list = fieldKind(name) === 'address-list' || fieldKind(name) === 'mailbox-list';
  const tokens = list ? elements(value.text) : value.text.split(/(?<=[^ \t])[ \t]+(?=[^ \t])/);
  let out = `${name}:`;
  let column = out.length;
  let empty = true;
  for (const token of tokens) {
    // Nothing but the name on the first line reads badly, and some readers stumble over it.
    if (!empty && column + 1 + token.length > foldAt) {
      out += `${eol} ${token}`;
      column = 1 + token.length;
    } else {
      out += ` ${token}`;
      column += 1 + token.length;
    }
    empty = false;
  }
  return out;
}

/** The addresses of a list with their commas; groups are taken apart at their members. */
function elements(text: string): readonly string[] {
  const found: string[] = [];
  let start = 0;
  for (const at of separators(text)) {
    if (text[at] === ':' || !/\s/.test(text[at + 1] ?? ' ')) continue;
    found.push(text.slice(start, at + 1).trim());
    start = at + 1;
  }
  found.push(text.slice(start).trim());
  return found.filter((element) => element !== '');
}

function decodings(field: FieldNode): readonly TextEdit[] {
  const kind = fieldKind(field.name);
  return encodedWords(field.value.text)
    .filter(({ decoded }) => !/[\x00-\x1f\x7f]/.test(decoded))
    .map(({ range, decoded }) => ({
      range: documentRange(field.value, range),
      text: kind === 'unstructured' ? decoded : formatPhrase(decoded),
    }));
}

function encodedField(field: FieldNode): string | undefined {
  const kind = fieldKind(field.name);
  if (kind === 'unstructured') return unstructuredField(field.name, field.value.text);
  if (kind !== 'address-list' && kind !== 'mailbox-list' && kind !== 'mailbox') return undefined;
  const { addresses, problems } = parseAddressList(field.value.text);
  return problems.some(({ severity }) => severity === 'error') ? undefined : addressField(field.name, addresses);
}
