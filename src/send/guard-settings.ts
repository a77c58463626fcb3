import { checkMailbox, parseEndpoint } from './endpoint.ts';
import type { GuardRules } from './server.ts';
import type { ServerProblem } from './server-problems.ts';
import { SettingsReader } from './settings-reader.ts';

const CONFIRM_CHOICES = ['once', 'always'] as const;

/**
 * `mailbench.guard`, or the `guard` of one server: `allow`, `redirectTo`, `confirm`. A rule that can't be read is an
 * error and never dropped: a guard with a hole is no guard.
 */
export function parseGuard(value: unknown, path: string, problems: ServerProblem[]): GuardRules {
  const reader = SettingsReader.of(value, path, problems);
  if (!reader) return {};
  const allow = reader.texts('allow')?.map(({ text, path: at }) => {
    const rule = normalRule(text);
    if (rule === undefined) problems.push({ code: 'server-bad-rule', severity: 'error', path: at, value: text });
    return rule ?? text;
  });
  const redirectTo = reader.texts('redirectTo')?.map(({ text, path: at }) => {
    const address = checkMailbox(text.trim());
    if (address === undefined) problems.push({ code: 'server-bad-address', severity: 'error', path: at, value: text });
    return address ?? text;
  });
  const confirm = reader.choice('confirm', CONFIRM_CHOICES);
  reader.finish();
  return {
    ...(allow === undefined ? {} : { allow }),
    // An empty list is the settings editor's way of saying nothing.
    ...(redirectTo === undefined || redirectTo.length === 0 ? {} : { redirectTo }),
    ...(confirm === undefined ? {} : { confirm }),
  };
}

/** `qa@example.com`, `example.com`, `@example.com` (the same), `*.example.com`: lower case, A-labels. */
function normalRule(text: string): string | undefined {
  const rule = text.trim();
  const address = checkMailbox(rule);
  if (address !== undefined) return address.toLowerCase();
  const below = rule.startsWith('*.');
  const domain = parseEndpoint(rule.replace(/^(@|\*\.)/, ''));
  if (!domain || domain.literal || domain.port !== undefined) return undefined;
  return below ? `*.${domain.host}` : domain.host;
}

/** Whether a recipient is among those that the rules let through. Case counts in neither half of it. */
export function isAllowed(recipient: string, allow: readonly string[]): boolean {
  const address = recipient.toLowerCase();
  const domain = address.slice(address.lastIndexOf('@') + 1);
  return allow.some((rule) => {
    if (rule.includes('@')) return rule === address;
    return rule.startsWith('*.') ? domain === rule.slice(2) || domain.endsWith(rule.slice(1)) : rule === domain;
  });
}
