import type { HeaderNode, SettingNode } from './nodes.ts';

/** A build setting: a header line whose name begins with `@`. */
export interface SettingFacts {
  /** Lower case, without `@`. */
  readonly name: string;
  readonly purpose: string;
  /** The closed list of values, where there is one. */
  readonly values?: readonly string[];
  /** What any other value looks like, as one example would show it. */
  readonly example: string;
  readonly repeatable?: true;
  /** Whether template expressions in it are evaluated. */
  readonly rendered?: true;
  /** The field that means the same and outranks it. */
  readonly field?: string;
  /** Whether it means anything in a finished message. */
  readonly finished?: true;
}

/** DOCUMENT.md, "Grammar": every setting that there is. */
export const SETTINGS: readonly SettingFacts[] = [
  { name: 'server', purpose: 'The server to send to, by its name in the settings.', example: 'inbox', finished: true },
  {
    name: 'envelope-from',
    purpose: 'The envelope sender, where bounces go; <> for none.',
    example: 'bounces@a.example',
    rendered: true,
    finished: true,
  },
  { name: 'data', purpose: 'A JSON, YAML or CSV file with the data of the template.', example: './data.json' },
  { name: 'record', purpose: 'Which record of the data: its number from 1, or name=value.', example: '1' },
  { name: 'var', purpose: 'One value for the template: name=value.', example: 'name=value', repeatable: true },
  { name: 'template', purpose: 'The template engine.', values: ['handlebars', 'liquid', 'off'], example: 'handlebars' },
  { name: 'text', purpose: 'auto makes a text alternative from the HTML.', values: ['auto', 'off'], example: 'auto' },
  { name: 'css', purpose: 'inline writes the styles into the elements.', values: ['inline', 'off'], example: 'inline' },
  {
    name: 'inline-images',
    purpose: 'off leaves pictures with a relative path in the HTML alone.',
    values: ['on', 'off'],
    example: 'off',
  },
  {
    name: 'encoding',
    purpose: 'Lets parts go out as 8bit or binary, where the server takes that.',
    values: ['7bit', '8bit', 'binary'],
    example: '8bit',
  },
  { name: 'flowed', purpose: 'on writes plain text as format=flowed.', values: ['on', 'off'], example: 'on' },
  {
    name: 'raw',
    purpose: 'on: the document is a finished message. off: it is composed, MIME-Version or not.',
    values: ['on', 'off'],
    example: 'on',
    finished: true,
  },
  { name: 'dkim', purpose: 'Signs the message: selector@domain.', example: 'mail@a.example' },
  {
    name: 'date',
    purpose: 'The date of the message.',
    example: 'Tue, 1 Jul 2025 10:00:00 +0200',
    rendered: true,
    field: 'Date',
  },
  {
    name: 'message-id',
    purpose: 'The identifier of the message.',
    example: '<1@a.example>',
    rendered: true,
    field: 'Message-ID',
  },
  { name: 'boundary', purpose: 'What the boundaries between parts begin with.', example: 'part' },
];

const BY_NAME = new Map(SETTINGS.map((setting) => [setting.name, setting]));

/** What is known of a setting, by its name without `@`, in any case. */
export function settingFacts(name: string): SettingFacts | undefined {
  return BY_NAME.get(name.toLowerCase());
}

/** The settings of a header that count: of those that stand twice, and may not, the first. */
export function countingSettings(header: readonly HeaderNode[]): readonly SettingNode[] {
  const seen = new Set<string>();
  return header.filter((node): node is SettingNode => {
    if (node.type !== 'setting') return false;
    const name = node.name.toLowerCase();
    if (seen.has(name) && !settingFacts(name)?.repeatable) return false;
    seen.add(name);
    return true;
  });
}
