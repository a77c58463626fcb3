import type { Range, TextEdit } from '../base/problem.ts';
import { formatValue } from '../document/escape.ts';
import type { OutlinePart } from '../inspect/outline.ts';
import { contentIdOf } from '../mime/attributes.ts';
import { cidUrl } from '../mime/html-references.ts';
import { quotedPrintableEdit } from '../mime/quoted-printable-text.ts';
import { type Analysis, attributeOf } from './analysis.ts';
import { isSameCid } from './cid-index.ts';

/** The id at an offset, be it where it is given or where the HTML names it; with all of its places. */
export interface CidPlaces {
  readonly id: string;
  /** In a finished message, which of the messages in it. */
  readonly message?: number;
  /** The one at the offset. */
  readonly range: Range;
  readonly definitions: readonly Range[];
  readonly references: readonly Range[];
}

export function cidAt(analysis: Analysis, offset: number): CidPlaces | undefined {
  const { definition, reference } = analysis.cids.at(offset);
  const found = definition ?? reference;
  if (!found) return undefined;
  const { definitions, references } = analysis.cids.of(found);
  return {
    id: found.id,
    ...(found.message !== undefined && { message: found.message }),
    range: found.range,
    definitions: definitions.map(({ range }) => range),
    references: references.map(({ range }) => range),
  };
}

export type Refusal =
  | 'invalid'
  | 'taken'
  /** HTML of the message is base64, or in a charset that hides it: links in it would be left behind. */
  | 'base64'
  | 'charset'
  /** The message is signed as it stands. */
  | 'signed'
  /** The id does not fit into a line of quoted-printable. */
  | 'long';

export type Renaming = { readonly edits: readonly TextEdit[] } | { readonly refused: Refusal };

/**
 * Another id, wherever the old one stands: quoted where a directive needs it, escaped where a URL does, and encoded where the
 * part is.
 */
export function renameCid(analysis: Analysis, offset: number, name: string): Renaming | undefined {
  const places = cidAt(analysis, offset);
  if (!places) return undefined;
  const id = contentIdOf(name.trim());
  if (id === undefined) return { refused: 'invalid' };
  const { definitions, references, unreadable } = analysis.cids;
  const { message } = places;
  const same = isSameCid(places);
  if (id !== places.id && definitions.some(isSameCid({ id, ...(message !== undefined && { message }) })))
    return { refused: 'taken' };
  if (analysis.finished && isSigned(analysis)) return { refused: 'signed' };
  const closed = unreadable.find((each) => each.message === message);
  if (closed) return { refused: closed.why };
  const edits = definitions.filter(same).map(({ node, range }): TextEdit => {
    const value = node && attributeOf(node, 'id')?.value;
    return value ? { range: value.range, text: formatValue(id) } : { range, text: id };
  });
  const url = cidUrl(id).slice('cid:'.length).replace(/'/g, '%27');
  for (const { range, encoded } of references.filter(same)) {
    // The `start` of a multipart/related is no URL.
    const plain = analysis.finished && analysis.text[range.start - 1] === '<' ? id : url;
    const text = encoded ? quotedPrintableEdit(analysis.text, range.start, range.end, plain) : plain;
    if (text === undefined) return { refused: 'long' };
    edits.push({ range, text });
  }
  return { edits };
}

/** Whether a signature counts in what stands in the message: a change of anything would break it. */
function isSigned(analysis: Analysis): boolean {
  const signed = (part: OutlinePart): boolean =>
    part.mediaType === 'multipart/signed' ||
    part.fields.some(({ name }) => /^dkim-signature$/i.test(name)) ||
    part.children.some(signed);
  return analysis.outline !== undefined && signed(analysis.outline);
}
