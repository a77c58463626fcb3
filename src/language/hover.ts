import { mailboxesOf } from '../base/address.ts';
import { asciiDomain } from '../base/domain.ts';
import type { Range } from '../base/problem.ts';
import { trimEndOf } from '../base/trim.ts';
import { parseMailDate } from '../document/date.ts';
import { attributeFacts, DIRECTIVES } from '../document/directives.ts';
import { encodedWords } from '../document/encoded-word.ts';
import { fieldFacts, fieldKind } from '../document/fields.ts';
import { documentOffset, documentRange } from '../document/mapped.ts';
import type { FieldLike } from '../document/nodes.ts';
import { settingFacts } from '../document/settings.ts';
import { charsetRule } from '../mime/charset-names.ts';
import { relativePathOf } from '../mime/html-references.ts';
import { addressesAround } from './address-window.ts';
import { type Analysis, attributeOf, type DirectiveNode } from './analysis.ts';
import { attributeMarkdown, code, escapeMarkdown, fieldMarkdown, paragraphs, settingMarkdown } from './explain.ts';
import { hoverBase64 } from './hover-base64.ts';
import { hoverBoundary, hoverQuotedPrintable, partField } from './hover-finished.ts';
import { hoverTemplate } from './hover-template.ts';
import { placeAt } from './place.ts';
import { NO_SURROUNDINGS, type Surroundings } from './suggestion.ts';

export interface Hover {
  readonly range: Range;
  readonly markdown: string;
  /** A file that the document names, relative to it: whoever can read it adds its size, type and picture. */
  readonly file?: string;
}

/** What there is to be told of what stands at the offset. */
export function hover(
  analysis: Analysis,
  offset: number,
  surroundings: Surroundings = NO_SURROUNDINGS,
): Hover | undefined {
  const { document } = analysis;
  const header = document.header.find(({ range }) => offset >= range.start && offset < range.end);
  if (header?.type === 'field' || header?.type === 'setting') {
    const { start, end } = header.value.range;
    const template =
      analysis.finished || offset < start || offset >= end
        ? undefined
        : hoverTemplate(analysis, offset, placeAt(analysis, offset), surroundings);
    return template ?? hoverField(analysis, header.type, header, offset);
  }
  if (offset < document.bodyStart) return undefined;
  if (analysis.finished) {
    const field = partField(analysis, offset);
    if (field) return hoverField(analysis, 'field', field, offset);
    return (
      hoverBoundary(analysis, offset) ??
      hoverBase64(analysis, offset) ??
      hoverQuotedPrintable(analysis, offset) ??
      hoverHtml(analysis, offset)
    );
  }
  const template = hoverTemplate(analysis, offset, placeAt(analysis, offset), surroundings);
  if (template) return template;
  const node = analysis.directiveAt(offset);
  return node ? hoverDirective(node, offset) : hoverHtml(analysis, offset);
}

function hoverField(analysis: Analysis, type: 'field' | 'setting', node: FieldLike, offset: number): Hover | undefined {
  const { value } = node;
  if (offset < node.nameRange.end) return hoverName(analysis, type, node);
  if (offset < value.range.start || offset >= value.range.end) return undefined;
  const found = type === 'field' ? hoverValue(node, offset) : hoverSetting(node);
  const start = analysis.lineStart(offset);
  if (found || start <= node.range.start) return found;
  // The name may be lines above, or out of sight.
  const line = trimEndOf(analysis.text.slice(start, analysis.lineEnd(offset)), ' \t');
  const indent = line.length - line.trimStart().length;
  const range = { start: start + indent, end: start + line.length };
  const name = offset >= range.start && offset < range.end ? hoverName(analysis, type, node) : undefined;
  return name && { range, markdown: paragraphs('A folded line of:', name.markdown) };
}

function hoverName(
  { finished }: Analysis,
  type: 'field' | 'setting',
  { name, nameRange: range }: FieldLike,
): Hover | undefined {
  if (type === 'setting') {
    const facts = settingFacts(name);
    return facts && { range, markdown: paragraphs(`**@${facts.name}**`, settingMarkdown(facts)) };
  }
  const facts = fieldFacts(name);
  if (facts) {
    const { purpose, finishedPurpose = purpose } = facts;
    const markdown = fieldMarkdown(finished ? { ...facts, purpose: finishedPurpose } : facts);
    return { range, markdown: paragraphs(`**${facts.name}**`, markdown) };
  }
  // Of a message that came from somewhere nobody can tell whose own it is.
  const own = finished ? 'A field that Mailbench does not know.' : 'A field of your own: it is sent as text.';
  return { range, markdown: paragraphs(`**${escapeMarkdown(name)}**`, own) };
}

function hoverSetting({ name, value }: FieldLike): Hover | undefined {
  if (name.toLowerCase() !== 'data' || value.text === '') return undefined;
  return { range: value.range, markdown: '', file: value.text };
}

function hoverValue({ name, value }: FieldLike, offset: number): Hover | undefined {
  for (const { range, decoded } of encodedWords(value.text)) {
    const place = documentRange(value, range);
    if (offset < place.start || offset >= place.end) continue;
    return { range: place, markdown: paragraphs('An encoded-word (RFC 2047). It stands for:', code(decoded, 1000)) };
  }
  switch (fieldKind(name)) {
    case 'address-list':
    case 'mailbox-list':
    case 'mailbox':
      return hoverAddress(value, offset);
    case 'date': {
      const date = parseMailDate(value.text);
      if (!date) return undefined;
      const local = new Date(date.time + date.offset * 60_000).toUTCString().replace(/ GMT$/, '');
      const utc = new Date(date.time).toISOString().replace(/\.000Z$/, 'Z');
      return {
        range: value.range,
        markdown: paragraphs(`${local}, at UTC${offsetText(date.offset)}`, `In UTC: ${code(utc)}`),
      };
    }
    case 'params': {
      const charset = /charset\s*=\s*"?([^\s";]+)/i.exec(value.text);
      if (!charset) return undefined;
      const end = charset.index + charset[0].length;
      const range = documentRange(value, { start: end - charset[1]!.length, end });
      return offset >= range.start && offset < range.end ? hoverCharset(charset[1]!, range) : undefined;
    }
    default:
      return undefined;
  }
}

function offsetText(minutes: number): string {
  const away = Math.abs(minutes);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${minutes < 0 ? '−' : '+'}${two(Math.floor(away / 60))}:${two(away % 60)}`;
}

function hoverAddress(whole: FieldLike['value'], offset: number): Hover | undefined {
  const { addresses, value } = addressesAround(whole, offset);
  const inside = (range: Range): boolean =>
    offset >= documentOffset(value, range.start) && offset < documentRange(value, range).end;
  const group = addresses.find((address) => address.type === 'group' && inside(address.range));
  const mailbox = mailboxesOf(addresses).find(({ range }) => inside(range));
  if (!mailbox) {
    if (group?.type !== 'group') return undefined;
    const count = group.members.length;
    return {
      range: documentRange(value, group.range),
      markdown: `A group, ${code(group.name.text)}, of ${count === 1 ? 'one address' : `${count} addresses`}. Each gets the message.`,
    };
  }
  const { ascii } = asciiDomain(mailbox.domain);
  const rows = [
    mailbox.name ? `Name: ${code(mailbox.name.text)}` : '',
    `Mailbox: ${code(mailbox.local)}`,
    `Domain: ${code(mailbox.domain)}${ascii !== undefined && ascii !== mailbox.domain ? `, on the wire ${code(ascii)}` : ''}`,
    group?.type === 'group' ? `In the group ${code(group.name.text)}` : '',
    /[^\x00-\x7f]/.test(mailbox.local) ? 'Only servers with SMTPUTF8 (RFC 6531) take it.' : '',
  ];
  return { range: documentRange(value, mailbox.range), markdown: paragraphs(...rows) };
}

function hoverCharset(name: string, range: Range): Hover | undefined {
  const rule = charsetRule(name);
  if (!rule) return undefined;
  const aliases =
    rule.aliases.length > 0
      ? `Also called ${rule.aliases
          .slice(0, 6)
          .map((each) => code(each))
          .join(', ')}.`
      : '';
  const text =
    rule.name === 'utf-8' ? 'It has every character.' : 'A character that it lacks is an error at its place.';
  return { range, markdown: paragraphs(`**${rule.name}**`, text, aliases) };
}

function hoverDirective(node: DirectiveNode, offset: number): Hover | undefined {
  if (offset < node.keywordRange.end) {
    const facts = DIRECTIVES.find(({ name }) => name === node.type)!;
    return {
      range: { start: node.headRange.start, end: node.keywordRange.end },
      markdown: paragraphs(`**<#${facts.name}>**`.replace('<', '\\<'), facts.purpose),
    };
  }
  const path = 'path' in node ? node.path : undefined;
  if (path && touches(path.range, offset)) return { range: path.range, markdown: '', file: path.text };
  const attribute = node.attributes.find(({ range }) => touches(range, offset));
  if (!attribute) return undefined;
  const name = attribute.name.toLowerCase();
  if (attribute.value && offset >= attribute.value.range.start) {
    if (name === 'src') return { range: attribute.value.range, markdown: '', file: attribute.value.text };
    if (name === 'charset') return hoverCharset(attribute.value.text, attribute.value.range);
  }
  const facts = attributeFacts(name);
  if (facts) return { range: attribute.nameRange, markdown: paragraphs(`**${facts.name}**`, attributeMarkdown(facts)) };
  const field = name.startsWith('header.') ? fieldFacts(name.slice('header.'.length)) : undefined;
  if (field)
    return { range: attribute.nameRange, markdown: paragraphs(`**${field.name}** of this part`, fieldMarkdown(field)) };
  if (!name.startsWith('param.')) return undefined;
  return { range: attribute.nameRange, markdown: 'A parameter of the Content-Type of this part.' };
}

/** A picture in the HTML: the file that its cid or its path stands for. */
function hoverHtml(analysis: Analysis, offset: number): Hover | undefined {
  const { reference, url } = analysis.cids.at(offset);
  if (reference && offset >= reference.range.start) {
    const [definition] = analysis.cids.of(reference).definitions;
    const node = definition?.node;
    const path = node && 'path' in node ? node.path : valueNamed(node, 'src');
    if (!definition) return { range: reference.range, markdown: `No part has the id ${code(reference.id)}.` };
    return {
      range: reference.range,
      markdown: `The part with the id ${code(reference.id)}.`,
      ...(path && { file: path.text }),
    };
  }
  const path = url && relativePathOf(url.url);
  return url && path !== undefined ? { range: url.range, markdown: '', file: path } : undefined;
}

function valueNamed(node: DirectiveNode | undefined, name: string) {
  return node && attributeOf(node, name)?.value;
}

function touches(range: Range, offset: number): boolean {
  return offset >= range.start && offset < range.end;
}
