import type { Severity } from '../base/problem.ts';
import type { CheckName, HtmlProblem } from './checks/problems.ts';
import { gmailLimit } from './checks/weight.ts';
import type { InboxLine } from './inbox-line.ts';
import type { Inspection } from './inspect-message.ts';
import type { MessageView } from './message.ts';

/** A problem of the document, in words. */
export interface DocumentFinding {
  readonly severity: Severity;
  /** `12:5`. */
  readonly place: string;
  readonly sentence: string;
}

export interface ReportInput {
  /** What the message is called: the name of its file. */
  readonly title: string;
  readonly message: Pick<MessageView, 'size' | 'from' | 'to' | 'cc' | 'attachments' | 'text' | 'html'>;
  readonly inbox: InboxLine;
  readonly inspection: Inspection;
  /** What is wrong with the document that the message is built from; nothing for a message that was read. */
  readonly document?: readonly DocumentFinding[];
  /** Writes the sentence of a problem. */
  readonly sentence: (problem: HtmlProblem) => string;
  /** `12:5` in the source; empty where the place has none. */
  readonly place: (problem: HtmlProblem) => string;
}

const headings: Readonly<Record<CheckName, string>> = {
  support: 'Client support',
  links: 'Links',
  images: 'Pictures',
  accessibility: 'Accessibility',
  spam: 'What filters may mind',
  text: 'Plain text against HTML',
  placeholders: 'Placeholders',
  weight: 'Weight',
};

const marks: Readonly<Record<Severity, string>> = { error: '⛔', warning: '⚠️', information: 'ℹ️', hint: '💡' };

/** What the checks found, as a Markdown document (CommonMark with tables). Text of the mail stands escaped in it. */
export function reportMarkdown(input: ReportInput): string {
  const { title, message, inbox, inspection, sentence, place, document = [] } = input;
  const { problems } = inspection;
  const lines = [
    `# Check of ${escapeMarkdown(title)}`,
    '',
    summary([...document, ...problems]),
    '',
    // Lists, and no tables: it is read as it stands as often as rendered, and a preheader is wider than any column.
    ...facts([
      ['From', inbox.sender || '—'],
      ['Subject', inbox.subject || '—'],
      ['Preheader', inbox.preheader || '—'],
      ['Message', `${kilobytes(message.size)}, ${message.attachments.length} attached or inline`],
      [
        'HTML',
        message.html === undefined ? 'none' : `${kilobytes(inspection.htmlSize)} of Gmail’s ${kilobytes(gmailLimit)}`,
      ],
      ['Plain text', message.text === undefined ? 'none' : count(message.text.length, 'character')],
    ]),
    '',
    '## In the inbox',
    '',
    'Subject and preheader as each client cuts them, approximately.',
    '',
    ...facts(
      inbox.clients.map(({ client, subject, preheader }) => [client.name, `${subject || '—'} – ${preheader || '—'}`]),
    ),
    '',
  ];
  if (document.length > 0) {
    lines.push('## The document', '', ...document.map((each) => item(each.severity, each.place, each.sentence)), '');
  }
  for (const check of Object.keys(headings) as CheckName[]) {
    const own = problems.filter((problem) => problem.check === check);
    if (own.length === 0) continue;
    lines.push(`## ${headings[check]}`, '');
    for (const problem of own) {
      const link = problem.code === 'client-support' ? ` ([${escapeMarkdown(problem.title)}](${problem.url}))` : '';
      lines.push(`${item(problem.severity, place(problem), sentence(problem))}${link}`);
    }
    lines.push('');
  }
  if (inspection.dataDate !== undefined) {
    const names = inspection.clients.map((client) => client.name).join(', ');
    lines.push(
      '---',
      '',
      `Client support by caniemail’s data of ${inspection.dataDate}, for ${names || 'no client'}.`,
      '',
    );
  }
  return lines.join('\n');
}

function item(severity: Severity, where: string, sentence: string): string {
  return `- ${marks[severity]} ${where ? `\`${where}\` ` : ''}${escapeMarkdown(sentence)}`;
}

function summary(problems: readonly { readonly severity: Severity }[]): string {
  if (problems.length === 0) return 'Nothing was found.';
  const number = (severity: Severity): number => problems.filter((problem) => problem.severity === severity).length;
  const parts = [
    [number('error'), 'error'],
    [number('warning'), 'warning'],
    [number('information') + number('hint'), 'remark'],
  ] as const;
  return `${parts.map(([found, word]) => count(found, word)).join(', ')}.`;
}

/** Names and values, the values one under the other. */
function facts(rows: readonly (readonly [name: string, value: string])[]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length)) + 1;
  return rows.map(([name, value]) => `- ${`${name}:`.padEnd(width)} ${escapeMarkdown(value)}`);
}

function count(number: number, one: string): string {
  return `${number.toLocaleString('en-US')} ${one}${number === 1 ? '' : 's'}`;
}

function kilobytes(octets: number): string {
  return octets < 1024 ? `${octets} bytes` : `${(octets / 1024).toFixed(octets < 10240 ? 1 : 0)} KB`;
}

/** Text that stays text in Markdown: a mail may not put a picture, a link or a heading into its report. */
function escapeMarkdown(text: string): string {
  return (
    text
      .replace(/[\r\n]+/g, ' ')
      // The other marks mean something only at the start of a line, or next to one of these.
      .replace(/[\\`*_[\]|<>~$&^]/g, '\\$&')
      // A bare address would be made a link.
      .replace(/(https?|ftp):\/\//gi, '$1:\u200b//')
      .replace(/\bwww\./gi, 'www\u200b.')
  );
}
