import type { Question } from '../question.ts';
import { addressOf, isNamed, type Server } from '../server.ts';
import { count, list, quoted, shown, unreachable } from './words.ts';

/** One question as a person reads it. `title` asks, or states; `lines` list what it is about. */
export interface AskedQuestion {
  readonly title: string;
  readonly lines: readonly string[];
}

export function questionSentence(question: Question): AskedQuestion {
  switch (question.code) {
    case 'off-loopback':
      return {
        title: `Send to ${count(question.recipients.length, 'recipient')} over ${serverName(question.server)}?`,
        lines: [`From: ${shown(question.sender) || '<>'}`, ...recipientLines(question.recipients)],
      };
    case 'redirected':
      return {
        title: `The guard sends it to ${list(question.to.map(shown))} in place of ${list(question.from.map(shown))}.`,
        lines: [],
      };
    case 'no-subject':
      return { title: 'The message has no subject.', lines: [] };
    case 'no-text':
      return { title: 'The message has no text.', lines: [] };
    case 'production':
      return {
        title: `${serverName(question.server)} is a production server: real people get this. Send to ${list(question.recipients.map(shown), 5)}?`,
        lines: [],
      };
    case 'template-without-data':
      return {
        title: `${quoted(question.expression)} stands in the document, and there is no data for it: it would be sent as it is written. Send all the same?`,
        lines: [],
      };
    case 'directive-in-finished':
      return {
        title: `This is a finished message, so ${question.count === 1 ? `the line "<#${question.keyword}" in it is` : `${question.count} lines like "<#${question.keyword}" in it are`} sent as text. Send all the same?`,
        lines: [],
      };
    default:
      return { title: unreachable(question, 'Send?'), lines: [] };
  }
}

/** All of them as one text: the first asks, the others are told below it. */
export function askedTogether(questions: readonly Question[]): AskedQuestion {
  const [first, ...others] = questions.map(questionSentence);
  if (!first) return { title: 'Send?', lines: [] };
  return { title: first.title, lines: [...first.lines, ...others.flatMap((other) => [other.title, ...other.lines])] };
}

/** More would not fit on a screen, in a window that has to be answered before anything else. */
const MOST_LINES = 40;

function recipientLines(recipients: readonly string[]): string[] {
  const listed = recipients.length > MOST_LINES ? recipients.slice(0, MOST_LINES - 1) : recipients;
  const more = recipients.length - listed.length;
  return [
    ...listed.map((recipient) => `To: ${shown(recipient)}`),
    ...(more > 0 ? [`and ${count(more, 'other')}`] : []),
  ];
}

function serverName(server: Server): string {
  const address = addressOf(server);
  return !isNamed(server) || server.transport === 'inbox' ? address : `"${server.name}" (${address})`;
}
