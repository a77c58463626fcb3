import type { AttributeFacts } from '../document/directives.ts';
import type { FieldFacts } from '../document/fields.ts';
import type { SettingFacts } from '../document/settings.ts';

const KINDS: Readonly<Record<FieldFacts['kind'], string>> = {
  unstructured: 'Text. What needs it is encoded by itself.',
  'address-list': 'Addresses, separated by commas; groups are written as `Name: a@x.example, b@x.example;`.',
  'mailbox-list': 'Addresses, separated by commas.',
  mailbox: 'One address.',
  'message-id': 'One identifier in angle brackets.',
  'message-ids': 'Identifiers in angle brackets.',
  date: 'A date, such as `Tue, 1 Jul 2025 10:00:00 +0200`.',
  params: 'A value with parameters, separated by semicolons.',
  phrases: 'Words, separated by commas.',
  opaque: '',
};

/** What a field is for and where it is defined. */
export function fieldMarkdown(facts: FieldFacts): string {
  const values = facts.values ? `Values: ${facts.values.map((value) => code(value)).join(', ')}.` : '';
  const once = facts.once ? 'It may stand once.' : '';
  return paragraphs(
    facts.purpose,
    [KINDS[facts.kind], values, once].filter(Boolean).join(' '),
    sourceLink(facts.source),
  );
}

export function settingMarkdown(facts: SettingFacts): string {
  const values = facts.values
    ? `Values: ${facts.values.map((value) => code(value)).join(', ')}.`
    : `For example ${code(`@${facts.name}: ${facts.example}`)}.`;
  const more = [
    facts.repeatable ? 'It may stand more than once.' : '',
    facts.field ? `The field ${code(facts.field)} says the same and counts more.` : '',
  ];
  return paragraphs(
    facts.purpose,
    [values, ...more].filter(Boolean).join(' '),
    'A setting of Mailbench: it is not sent.',
  );
}

export function attributeMarkdown(facts: AttributeFacts): string {
  return paragraphs(
    facts.purpose,
    facts.values ? `Values: ${facts.values.map((value) => code(value)).join(', ')}.` : '',
  );
}

/** `RFC 5322 section 3.6.2` as a link to it; anything else as it is. */
function sourceLink(source: string): string {
  const match = /^RFC (\d+)(?: section ([\d.]+))?$/.exec(source);
  if (!match) return escapeMarkdown(source);
  const section = match[2] ? `#section-${match[2]}` : '';
  return `[${source}](https://www.rfc-editor.org/rfc/rfc${match[1]}.html${section})`;
}

export function paragraphs(...texts: readonly string[]): string {
  return texts.filter((text) => text !== '').join('\n\n');
}

/** Text from a document, as Markdown that shows it and does nothing else. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-.!~|<>&$:@]/g, '\\$&').replace(/[\r\n]+/g, ' ');
}

/** Text as a code span, whatever it holds, cut after `limit` characters. */
export function code(text: string, limit = 200): string {
  const line = shortened(text.replace(/\s+/g, ' '), limit);
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest > 0 || line.trim() === '' ? `${fence} ${line} ${fence}` : `${fence}${line}${fence}`;
}

/** Lines of text as a code block. */
export function codeBlock(text: string, language = ''): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

export function shortened(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** How much a part holds, and how much of the message that takes where it is encoded. */
export function sizesText(part: { readonly size: number; readonly decodedSize: number; readonly encoding: string }) {
  const content = octetsText(part.decodedSize);
  const encoded = part.encoding === 'base64' || part.encoding === 'quoted-printable';
  return encoded ? `${content}, ${octetsText(part.size)} as ${part.encoding}` : content;
}

/** `4,312 bytes`, `2.5 KB`. */
export function octetsText(size: number): string {
  if (size < 10_000) return `${size.toLocaleString('en-US')} ${size === 1 ? 'byte' : 'bytes'}`;
  let value = size;
  for (const unit of ['KB', 'MB']) {
    value /= 1024;
    if (value < 1000) return `${value >= 100 ? Math.round(value) : Number(value.toFixed(1))} ${unit}`;
  }
  return `${Number((value / 1024).toFixed(1))} GB`;
}
