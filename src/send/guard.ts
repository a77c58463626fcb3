import type { Envelope } from '../base/envelope.ts';
import type { Composed } from './composed.ts';
import { isAllowed } from './guard-settings.ts';
import type { Question, Refusal } from './question.ts';
import { addressOf, type GuardRules, identityOf, isLocal, type Server } from './server.ts';

export type GuardVerdict =
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | {
      readonly kind: 'pass';
      /** Who the message goes to by the rules: not always whom the document names. */
      readonly envelope: Envelope;
      /** To be asked, all of them at once; empty where nothing stands in the way. */
      readonly questions: readonly Question[];
    };

/**
 * What people have said yes to: which recipients, of which document, over which server. It lives as long as the
 * window, and is not kept on disk.
 */
export class Confirmations {
  readonly #recipients = new Map<string, Set<string>>();

  /** Whether a yes already covers all of them. A recipient who was not on the list then is asked about now. */
  cover(document: string, server: Server, recipients: readonly string[]): boolean {
    const known = this.#recipients.get(keyOf(document, server));
    return known !== undefined && recipients.every((recipient) => known.has(recipient.toLowerCase()));
  }

  add(document: string, server: Server, recipients: readonly string[]): void {
    const key = keyOf(document, server);
    const known = this.#recipients.get(key) ?? new Set<string>();
    for (const recipient of recipients) known.add(recipient.toLowerCase());
    this.#recipients.set(key, known);
  }

  clear(): void {
    this.#recipients.clear();
  }
}

function keyOf(document: string, server: Server): string {
  return `${identityOf(server)}\n${addressOf(server)}\n${document}`;
}

/**
 * What stands between a composed document and a server. Every edge goes through here: what is asked, refused and
 * rewritten is the same in the editor, in a terminal and for other extensions.
 *
 * `general` is `mailbench.guard`: each of its rules holds for every server off loopback that has no such rule of its
 * own. A server's own rules hold wherever it is.
 */
export function guard(
  composed: Composed,
  server: Server,
  general: GuardRules,
  confirmations: Confirmations,
): GuardVerdict {
  const errors = composed.problems.filter((problem) => problem.severity === 'error').length;
  const { envelope } = composed;
  if (errors > 0 || !composed.message || !envelope) {
    return { kind: 'refused', refusal: { code: 'document-has-errors', errors } };
  }
  const local = isLocal(server);
  const rules = local ? server.guard : { ...general, ...server.guard };
  const redirected = redirect(envelope, rules);
  if ('code' in redirected) return { kind: 'refused', refusal: redirected };
  const { recipients } = redirected;
  const { templateWithoutData, directiveInFinished, noSubject, noText } = composed.facts;

  const questions: Question[] = [];
  const remembered = rules.confirm !== 'always' && confirmations.cover(composed.key, server, recipients);
  if (!local && !remembered) {
    questions.push({ code: 'off-loopback', server, sender: envelope.sender, recipients });
    const from = envelope.recipients.filter((recipient) => !recipients.includes(recipient));
    if (from.length > 0) questions.push({ code: 'redirected', from, to: rules.redirectTo ?? [] });
    // A test to oneself needs no subject; mail to somebody else is most likely sent too early without.
    if (noSubject) questions.push({ code: 'no-subject' });
    if (noText) questions.push({ code: 'no-text' });
  }
  if (server.production) questions.push({ code: 'production', server, recipients });
  if (templateWithoutData) questions.push({ code: 'template-without-data', ...templateWithoutData });
  if (directiveInFinished) questions.push({ code: 'directive-in-finished', ...directiveInFinished });
  return { kind: 'pass', envelope: { sender: envelope.sender, recipients }, questions };
}

/** The recipients that the rules leave: each once, in order; or why there are none. */
function redirect(envelope: Envelope, rules: GuardRules): { readonly recipients: readonly string[] } | Refusal {
  const { allow, redirectTo } = rules;
  if (allow === undefined && redirectTo === undefined) return envelope;
  const outside = envelope.recipients.filter((recipient) => !isAllowed(recipient, allow ?? []));
  if (outside.length === 0) return envelope;
  if (redirectTo === undefined) return { code: 'guard-forbids', recipients: outside, allow: allow ?? [] };
  const inside = envelope.recipients.filter((recipient) => !outside.includes(recipient));
  return { recipients: [...new Set([...inside, ...redirectTo])] };
}
