import type { DraftField } from '../document/draft.ts';
import type { MappedText } from '../document/nodes.ts';
import { checkedCharset, contentIdOf, languageOf, type PartAttributes, refuseUnsafe } from './attributes.ts';
import { rangeIn } from './mapped.ts';
import { mediaTypeOf } from './media-type.ts';
import { isToken, parseParameters } from './params.ts';
import type { MimeProblem } from './problems.ts';

/** What the header's Content-* fields say of the leading text. */
export interface LeadingAttributes extends PartAttributes {
  /** The fields that say something, as written. */
  readonly written: readonly DraftField[];
}

/** Whether a field of the header belongs to the leading text and not to the message. */
export function isContentField(name: string): boolean {
  return /^content-/i.test(name);
}

/**
 * Reads them, in the terms of a directive's attributes. `multipart/*` and Content-Transfer-Encoding, which are errors of the
 * document, are left out; a Content-* field that has no meaning here goes along as a field of the part.
 */
export function leadingAttributes(fields: readonly DraftField[], problems: MimeProblem[]): LeadingAttributes {
  const written: DraftField[] = [];
  const read: LeadingAttributes = { written, parameters: [], fields: [] };
  for (const field of fields) {
    if (!isContentField(field.name) || !refuseUnsafe(field.name, field.value, problems)) continue;
    written.push(field);
    const text = field.value.text;
    switch (field.name.toLowerCase()) {
      case 'content-type':
        readType(field, read, problems);
        break;
      case 'content-disposition': {
        const parsed = parseParameters(text);
        if (!isToken(parsed.value)) problems.push(invalid(field, field.value, ['inline', 'attachment']));
        else read.disposition = parsed.value.toLowerCase();
        const name = parsed.parameters.find((parameter) => parameter.name.toLowerCase() === 'filename');
        if (name && name.value !== '') read.name = name.value;
        break;
      }
      case 'content-id': {
        const id = contentIdOf(text.trim());
        if (id === undefined) problems.push(invalid(field, field.value, ['<name@domain>']));
        else {
          read.id = id;
          read.idRange = field.value.range;
        }
        break;
      }
      case 'content-language': {
        const language = languageOf(text.trim());
        if (language === undefined) problems.push(invalid(field, field.value, ['en', 'de-CH']));
        else read.language = language;
        break;
      }
      case 'content-description':
        read.description = field.value;
        break;
      case 'content-transfer-encoding':
        break;
      default:
        read.fields.push({ name: field.name, value: field.value, range: field.range });
    }
  }
  return read;
}

function readType(field: DraftField, read: PartAttributes, problems: MimeProblem[]): void {
  const parsed = parseParameters(field.value.text);
  const type = mediaTypeOf(parsed.value);
  if (type === undefined) problems.push(invalid(field, field.value, ['type/subtype; charset=utf-8']));
  else if (!type.startsWith('multipart/')) read.type = type;
  if (parsed.fault)
    problems.push(invalid(field, slice(field.value, parsed.fault.start, parsed.fault.end), ['name=value']));
  for (const { name, value, start, end, valueStart, valueEnd } of parsed.parameters) {
    const where = slice(field.value, start, end);
    const valueRange = slice(field.value, valueStart, valueEnd).range;
    switch (name.toLowerCase()) {
      case 'charset': {
        const charset = checkedCharset({ ...where, range: valueRange, text: value }, problems);
        if (charset !== undefined) {
          read.charset = charset;
          read.charsetRange = valueRange;
        }
        break;
      }
      case 'name':
        if (value !== '') {
          read.name = value;
          read.nameRange = where.range;
        }
        break;
      case 'method':
        read.method = value.toUpperCase();
        read.methodRange = valueRange;
        break;
      case 'boundary':
        break;
      default:
        // A segment of RFC 2231 would be written as a name of its own.
        if (name.includes('*')) problems.push(invalid(field, where, ['name=value']));
        else read.parameters.push({ name, value, range: where.range });
    }
  }
}

function slice(value: MappedText, start: number, end: number): MappedText {
  return { text: value.text.slice(start, end), segments: [], range: rangeIn(value, start, end - start) };
}

function invalid(field: DraftField, value: MappedText, expected: readonly string[]): MimeProblem {
  return {
    code: 'field-value-invalid',
    severity: 'error',
    range: value.range,
    name: field.name,
    value: value.text,
    expected,
  };
}
