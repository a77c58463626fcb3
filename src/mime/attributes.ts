import type { ProblemBase, Range } from '../base/problem.ts';
import { suggestionFor } from '../base/suggestion.ts';
import type { DraftAttribute } from '../document/draft.ts';
import type { MappedText } from '../document/nodes.ts';
import { charsetNames, charsetRule } from './charset-names.ts';
import { mediaTypeOf } from './media-type.ts';
import { isToken } from './params.ts';
import type { Parameter, PartField, TransferEncoding } from './part.ts';
import type { MimeProblem } from './problems.ts';

const transferEncodings: readonly TransferEncoding[] = ['7bit', '8bit', 'binary', 'quoted-printable', 'base64'];

/** What the attributes of one directive say, checked; what is wrong is left out. */
export interface PartAttributes {
  type?: string;
  charset?: string;
  charsetRange?: Range;
  name?: string;
  nameRange?: Range;
  disposition?: string;
  encoding?: TransferEncoding;
  encodingRange?: Range;
  id?: string;
  idRange?: Range;
  description?: MappedText;
  language?: string;
  source?: MappedText;
  method?: string;
  methodRange?: Range;
  parameters: Parameter[];
  fields: PartField[];
}

/** Fields of a part that attributes of their own, or the builder, write; and those that are never written. */
const reservedFields = new Set([
  'content-type',
  'content-transfer-encoding',
  'content-disposition',
  'content-id',
  'content-description',
  'content-language',
  'mime-version',
  'bcc',
  'resent-bcc',
]);
const reservedParameters = new Set(['charset', 'boundary', 'name', 'method']);

/** `family`: what stands before the slash of a `type` that is written without one (`type=mixed` of a multipart). */
export function readAttributes(
  attributes: readonly DraftAttribute[],
  problems: MimeProblem[],
  family?: 'multipart',
): PartAttributes {
  const read: PartAttributes = { parameters: [], fields: [] };
  for (const attribute of attributes) {
    const { name, value } = attribute;
    if (name === 'template' || name === 'when' || name === 'verbatim') continue;
    if (value === undefined) {
      problems.push({ code: 'attribute-value-missing', severity: 'error', range: attribute.range, name });
      continue;
    }
    if (name.startsWith('param.')) readParameter(attribute, value, read, problems);
    else if (name.startsWith('header.')) readField(attribute, value, read, problems);
    else if (refuseUnsafe(name, value, problems)) readKnown(name, value, read, problems, family);
  }
  return read;
}

/** CR, LF and NUL make no header line (and so no attribute); told where they stand. True where there are none. */
export function refuseUnsafe(where: string, value: MappedText, problems: MimeProblem[]): boolean {
  const at = value.text.search(/[\r\n\0]/);
  if (at < 0) return true;
  const found = value.text[at];
  const character = found === '\r' ? 'CR' : found === '\n' ? 'LF' : 'NUL';
  problems.push({ code: 'unsafe-value', severity: 'error', range: value.range, where, character });
  return false;
}

function invalid(name: string, value: MappedText, expected: readonly string[], suggestion?: string): MimeProblem {
  const problem: ProblemBase<'attribute-value-invalid'> & { name: string; value: string; expected: readonly string[] } =
    {
      code: 'attribute-value-invalid',
      severity: 'error',
      range: value.range,
      name,
      value: value.text,
      expected,
    };
  return suggestion === undefined || value.rendered
    ? problem
    : {
        ...problem,
        fixes: [
          { title: `Change to ${suggestion}`, edits: [{ range: value.range, text: suggestion }], preferred: true },
        ],
      };
}

/** `param.` or `header.` before something that is no name. */
function badName({ name, nameRange }: DraftAttribute): MimeProblem {
  return { code: 'attribute-name-invalid', severity: 'error', range: nameRange, name };
}

function readKnown(
  name: string,
  value: MappedText,
  read: PartAttributes,
  problems: MimeProblem[],
  family: string | undefined,
): void {
  const text = value.text.trim();
  switch (name) {
    case 'type': {
      const type = mediaTypeOf(family === undefined || text.includes('/') ? text : `${family}/${text}`);
      if (type === undefined) problems.push(invalid(name, value, ['type/subtype']));
      else read.type = type;
      return;
    }
    case 'charset': {
      const charset = checkedCharset(value, problems);
      if (charset !== undefined) {
        read.charset = charset;
        read.charsetRange = value.range;
      }
      return;
    }
    case 'name':
      // White space at its ends is part of a name.
      if (value.text !== '') read.name = value.text;
      read.nameRange = value.range;
      return;
    case 'disposition':
      if (isToken(text)) read.disposition = text.toLowerCase();
      else problems.push(invalid(name, value, ['inline', 'attachment']));
      return;
    case 'encoding': {
      const encoding = transferEncodings.find((candidate) => candidate === text.toLowerCase());
      if (encoding === undefined)
        problems.push(invalid(name, value, transferEncodings, suggestionFor(text, transferEncodings)));
      else {
        read.encoding = encoding;
        read.encodingRange = value.range;
      }
      return;
    }
    case 'id': {
      const id = contentIdOf(text);
      if (id === undefined) problems.push(invalid(name, value, ['an identifier without spaces']));
      else {
        read.id = id;
        read.idRange = value.range;
      }
      return;
    }
    case 'description':
      read.description = value;
      return;
    case 'language': {
      const language = languageOf(text);
      if (language === undefined) problems.push(invalid(name, value, ['en', 'de-CH']));
      else read.language = language;
      return;
    }
    case 'src':
      read.source = value;
      return;
    case 'method':
      if (isToken(text)) {
        read.method = text.toUpperCase();
        read.methodRange = value.range;
      } else problems.push(invalid(name, value, ['REQUEST', 'REPLY', 'CANCEL', 'PUBLISH']));
      return;
  }
}

function readParameter(
  attribute: DraftAttribute,
  value: MappedText,
  read: PartAttributes,
  problems: MimeProblem[],
): void {
  const name = attribute.name.slice('param.'.length);
  if (!isToken(name) || /[*'%]/.test(name)) {
    problems.push(badName(attribute));
    return;
  }
  if (reservedParameters.has(name.toLowerCase())) {
    problems.push({ code: 'reserved-attribute', severity: 'error', range: attribute.nameRange, name: attribute.name });
    return;
  }
  if (refuseUnsafe(attribute.name, value, problems))
    read.parameters.push({ name, value: value.text, range: attribute.range });
}

function readField(attribute: DraftAttribute, value: MappedText, read: PartAttributes, problems: MimeProblem[]): void {
  const name = attribute.name.slice('header.'.length);
  // RFC 5322 section 2.2: printable ASCII but the colon.
  if (!/^[!-9;-~]{1,76}$/.test(name)) {
    problems.push(badName(attribute));
    return;
  }
  if (reservedFields.has(name.toLowerCase())) {
    problems.push({ code: 'reserved-attribute', severity: 'error', range: attribute.nameRange, name: attribute.name });
    return;
  }
  if (refuseUnsafe(attribute.name, value, problems)) read.fields.push({ name, value, range: attribute.range });
}

/** The preferred name of a charset; undefined, with a problem, for an unknown one. */
export function checkedCharset(value: MappedText, problems: MimeProblem[]): string | undefined {
  const text = value.text.trim();
  const rule = charsetRule(text);
  if (rule) return rule.name;
  const suggestion = suggestionFor(text, charsetNames);
  problems.push({
    code: 'unknown-charset',
    severity: 'error',
    range: value.range,
    charset: text,
    ...(suggestion === undefined
      ? {}
      : {
          suggestion,
          fixes: value.rendered
            ? []
            : [
                {
                  title: `Change to ${suggestion}`,
                  edits: [{ range: value.range, text: suggestion }],
                  preferred: true,
                },
              ],
        }),
  });
  return undefined;
}

/** A Content-ID without its angle brackets: printable ASCII, no space, no angle bracket. RFC 2392 wants an `@` in it; nobody else does. */
export function contentIdOf(text: string): string | undefined {
  const id = text.startsWith('<') && text.endsWith('>') ? text.slice(1, -1) : text;
  return /^[!-;=?-~]{1,200}$/.test(id) ? id : undefined;
}

/** Language tags, comma-separated (RFC 3282, RFC 5646 in shape). */
export function languageOf(text: string): string | undefined {
  const tags = text.split(',').map((tag) => tag.trim());
  return tags.every((tag) => /^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*$/.test(tag)) ? tags.join(', ') : undefined;
}
