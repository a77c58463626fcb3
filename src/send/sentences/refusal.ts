import type { Refusal } from '../question.ts';
import { labelOf, type Server } from '../server.ts';
import { passwordAdvice } from './password-advice.ts';
import { count, list, quoted, shown, unreachable } from './words.ts';

/** Why this side would not send, and what to do. */
export function refusalSentence(refusal: Refusal, server: Server): string {
  switch (refusal.code) {
    case 'document-has-errors':
      return refusal.errors === 0
        ? 'There is no message to send. Mend the document first.'
        : `The document has ${count(refusal.errors, 'error')}, so nothing was sent. Mend ${refusal.errors === 1 ? 'it' : 'them'}, then send again.`;
    case 'guard-forbids':
      return refusal.allow.length === 0
        ? 'The guard lets nobody be written to ("allow" is empty), so nothing was sent. Add the recipients to "allow" in mailbench.guard, or set "redirectTo".'
        : `The guard keeps mail from ${list(refusal.recipients.map(shown))}: it allows only ${list(refusal.allow)}. Nothing was sent. Take them out, add them to "allow" in mailbench.guard, or set "redirectTo".`;
    case 'untrusted-password':
      return refusal.setting === undefined
        ? `This workspace is not trusted, so the password is not read from ${refusal.variable}. Nothing was sent. Trust the workspace, or take "passwordEnv" out and set the password yourself.`
        : `This workspace is not trusted, so the password of the proxy is not read from ${refusal.variable}. Nothing was sent. Trust the workspace, or take "${refusal.setting}" out.`;
    case 'no-proxy-password':
      return `The password of the proxy of ${labelOf(server)} is to be in the environment variable ${refusal.variable}, which is not set. Nothing was sent. Set it where this program is started from.`;
    case 'no-password': {
      const where = refusal.variable === undefined ? '' : `, and ${refusal.variable} is not set`;
      const host = 'endpoint' in server && server.endpoint.kind === 'tcp' ? server.endpoint.host : '';
      return `No password is known for ${quoted(refusal.user)} on ${labelOf(server)}${where}. Nothing was sent. Set it first. ${passwordAdvice(host, refusal.user)}`;
    }
    case 'settings-file-unreadable':
      return `The file ${quoted(refusal.path)}, which "${refusal.setting}" of ${labelOf(server)} names, can’t be read (${refusal.error}). Nothing was sent. Correct the path.`;
    case 'settings-file-useless':
      return `The file ${quoted(refusal.path)}, which "${refusal.setting}" of ${labelOf(server)} names, holds no certificate in PEM form. Nothing was sent. Correct the path.`;
    case 'no-workspace':
      return `"${refusal.setting}" of ${labelOf(server)} is the relative path ${quoted(refusal.path)}, and no folder is open that it could be relative to. Nothing was sent. Open the folder, or write the whole path.`;
    case 'folder-unwritable':
      return `The message can’t be written into ${refusal.path} (${refusal.error}). Check "path" of ${labelOf(server)}, and the permissions of the folder.`;
    case 'inbox-unavailable':
      return `The Local Inbox can’t be started: ${refusal.error}. Nothing was sent. Set mailbench.inbox.port to a free port.`;
    default:
      return unreachable(refusal, 'Nothing was sent.');
  }
}
