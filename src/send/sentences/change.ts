import type { FinishedChange } from '../../document/finished.ts';
import { count, list, unreachable } from './words.ts';

/** What was done to a finished message on its way out. */
export function changeSentence(change: FinishedChange): string {
  switch (change.change) {
    case 'bom':
      return 'The byte order mark at its start was taken off.';
    case 'settings':
      return `The settings ${list(change.names.map((name) => `@${name}`))} were taken off.`;
    case 'mbox-line':
      return 'The "From " line of an mbox file was taken off.';
    case 'bcc':
      return change.counts
        ? `${change.name} was taken out: its recipients get the message, and nobody sees them.`
        : `${change.name} was taken out. The newest Resent- fields say who gets the message, so its recipients do not.`;
    case 'line-ends':
      return `${count(change.count, 'line end')} became CRLF.`;
    case 'last-line-end':
      return 'The last line got its line end.';
    default:
      return unreachable(change, 'The message was changed.');
  }
}
