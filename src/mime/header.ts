import { parseAddressList } from '../base/address.ts';
import { atOnce, type Steps } from '../base/steps.ts';
import type { DraftField } from '../document/draft.ts';
import { addressField, addressFieldSteps } from './address-field.ts';
import { refuseUnsafe } from './attributes.ts';
import { type Charset, loneSurrogateAt } from './charset.ts';
import { formatDate, parseDate } from './date.ts';
import { fieldKind } from './field-kind.ts';
import { longestLine, maxLine } from './fold.ts';
import { rangeIn } from './mapped.ts';
import type { MimeProblem } from './problems.ts';
import { listField, tokenField } from './token-field.ts';
import { unstructuredField } from './unstructured.ts';

/**
 * One field of a header as it is sent, with its CRLF; the empty string where there is nothing to be sent. Whatever could break out of the
 * field is refused here once more, whoever let it through before.
 */
export function writeField(
  field: Pick<DraftField, 'name' | 'value' | 'range'>,
  charset: Charset,
  problems: MimeProblem[],
): string {
  return atOnce(fieldSteps(field, charset, problems));
}

/** The same in parts: a field may hold thousands of addresses. */
export function* fieldSteps(
  field: Pick<DraftField, 'name' | 'value' | 'range'>,
  charset: Charset,
  problems: MimeProblem[],
): Steps<string> {
  const { name, value } = field;
  // RFC 5322 section 2.2: printable ASCII but the colon.
  if (!/^[!-9;-~]+$/.test(name)) {
    problems.push({ code: 'attribute-name-invalid', severity: 'error', range: field.range, name });
    return '';
  }
  if (!refuseUnsafe(name, value, problems)) return '';
  const lone = loneSurrogateAt(value.text);
  if (lone >= 0) {
    const codeUnit = value.text.charCodeAt(lone);
    problems.push({ code: 'lone-surrogate', severity: 'error', range: rangeIn(value, lone, 1), codeUnit });
    return '';
  }
  const written = yield* writeByKind(field, charset, problems);
  yield;
  if (written.length > maxLine) {
    const length = longestLine(written);
    if (length > maxLine) {
      problems.push({ code: 'field-too-long', severity: 'error', range: value.range, name, length });
      return '';
    }
  }
  return written;
}

function* writeByKind(
  field: Pick<DraftField, 'name' | 'value' | 'range'>,
  charset: Charset,
  problems: MimeProblem[],
): Steps<string> {
  const { name, value } = field;
  const text = value.text.trim();
  switch (fieldKind(name)) {
    case 'unstructured':
      return unstructuredField(name, text, charset);
    case 'address': {
      const { addresses } = parseAddressList(value.text);
      // The document tells of what is none; an empty field of addresses may not stand (RFC 5322 section 3.6.3).
      return addresses.length === 0 ? '' : yield* addressFieldSteps(name, addresses, charset);
    }
    case 'date': {
      const date = parseDate(text);
      if (!date || date.standard) return asciiField(field, problems, (ascii) => tokenField(name, ascii));
      return `${name}: ${formatDate(date.epochMs, date.offset ?? 0)}\r\n`;
    }
    case 'tokens':
      return asciiField(field, problems, (ascii) => tokenField(name, ascii));
    case 'list':
      return asciiField(field, problems, (ascii) => listField(name, ascii));
    case 'list-id': {
      const open = text.lastIndexOf('<');
      if (open < 0) return asciiField(field, problems, (ascii) => tokenField(name, ascii));
      const phrase = text.slice(0, open).trim();
      return asciiField({ ...field, value: { ...value, text: text.slice(open) } }, problems, (ascii) =>
        phraseField(name, phrase, ascii, charset),
      );
    }
  }
}

/** What can hold ASCII only: an identifier or a URL is never encoded (RFC 2047 section 5). */
function asciiField(
  field: Pick<DraftField, 'name' | 'value' | 'range'>,
  problems: MimeProblem[],
  write: (text: string) => string,
): string {
  const { name, value } = field;
  const at = value.text.search(/[^\t\x20-\x7e]/);
  if (at < 0) return write(value.text.trim());
  const character = String.fromCodePoint(value.text.codePointAt(at)!);
  const range = rangeIn(value, at, character.length);
  problems.push({ code: 'field-not-ascii', severity: 'error', range, name, character });
  return '';
}

function phraseField(name: string, phrase: string, identifier: string, charset: Charset): string {
  if (phrase === '') return tokenField(name, identifier);
  const quoted = /^"(.*)"$/.exec(phrase)?.[1]?.replace(/\\(.)/g, '$1') ?? phrase;
  // A mailbox without a domain's rules: the same phrase, the same fold, then the identifier.
  const withName = addressField(
    name,
    [
      {
        type: 'group',
        name: { text: quoted, range: { start: 0, end: 0 } },
        members: [],
        range: { start: 0, end: 0 },
      },
    ],
    charset,
  ).replace(/:;\r\n$/, '');
  const column = withName.length - (withName.lastIndexOf('\r\n') + 2);
  return `${withName}${column + 1 + identifier.length > 76 ? '\r\n ' : ' '}${identifier}\r\n`;
}
