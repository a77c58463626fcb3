import type { AdviceProblem } from '../../language/advice.ts';
import type { SentencesFor } from './table.ts';
import { octets, quoted } from './words.ts';

export const adviceSentences: SentencesFor<AdviceProblem> = {
  'attachment-forgotten': (p) =>
    `The text says ${quoted(p.word)}, and nothing is attached: add <#attach ./file>, or silence this for the line.`,
  'unsubscribe-missing': (p) =>
    `${quoted(p.sign)} makes this a mail to many, and it has no List-Unsubscribe: Gmail and Yahoo ask for one (RFC 8058). Add the field.`,
  'message-large': (p) =>
    `The message comes to ${octets(p.size)}, more than the ${octets(p.limit)} that many servers take: link to large files instead.`,
  'line-long': (p) =>
    `This line has ${p.length.toLocaleString('en-US')} characters, over ${p.limit.toLocaleString('en-US')}: some readers cut or wrap it badly. Break it.`,
  'text-alternative-missing': () =>
    'The HTML has no plain text beside it, which some readers and filters want: write one before it, or @text: auto.',
};
