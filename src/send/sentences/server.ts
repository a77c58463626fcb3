import type { ServerProblem } from '../server-problems.ts';
import { count, list, meant, quoted, unreachable } from './words.ts';

/** What is wrong with a server's description, which setting it stands in, and what is allowed there. */
export function serverProblemSentence(problem: ServerProblem): string {
  const { path } = problem;
  switch (problem.code) {
    case 'server-wrong-type':
      return `${path} has to be ${problem.expected}.`;
    case 'server-unknown-property':
      return `${path} is no setting${meant(problem.suggestion)}. There are: ${list(problem.allowed, 30)}.`;
    case 'server-not-one-of':
      return `${path} can’t be ${quoted(problem.value)}${meant(problem.suggestion)}. It is one of: ${list(problem.allowed, 30, 'or')}.`;
    case 'server-missing-property':
      return `${path} is missing: ${MISSING[problem.transport]}`;
    case 'server-out-of-range':
      return `${path} is ${problem.value}; it has to be from ${problem.minimum} to ${problem.maximum}.`;
    case 'server-unsafe-text':
      return problem.what === 'nothing in it'
        ? `${path} is empty: write something, or take it out.`
        : `${path} holds a line break or another control character: take it out.`;
    case 'server-password-in-settings':
      return path === 'server'
        ? 'A password does not belong into a URL, where the shell keeps it: take it out, and give it in the environment variable MAILBENCH_PASSWORD.'
        : `${path} holds a password, which does not belong into settings: they are shared and synchronized. Take it out: it is asked for when it is needed, and can come from the environment variable that "passwordEnv" names.`;
    case 'server-bad-host':
      return problem.only === 'address'
        ? `${path} can’t be ${quoted(problem.value)}: write an IP address, as 192.0.2.7 or 2001:db8::7.`
        : `${path} can’t be ${quoted(problem.value)}: write a host name or an IP address, as smtp.example.com, smtp.example.com:587 or [::1]:25.`;
    case 'server-bad-address':
      return `${path} can’t be ${quoted(problem.value)}: write one address, as bounces@example.com, without name and angle brackets.`;
    case 'server-bad-variable-name':
      return `${path} has to be the name of an environment variable (letters, digits and _), not what is in it.`;
    case 'server-bad-proxy':
      return `${path} can’t be ${quoted(problem.value)}: write socks5://host:port or http://host:port.`;
    case 'server-bad-rule':
      return `${path} can’t be ${quoted(problem.value)}: write an address (qa@example.com), a domain (example.com) or a domain with all below it (*.example.com).`;
    case 'server-two-ports':
      return `${path} is ${problem.port}, and "host" says ${problem.inHost}: take one of them out.`;
    case 'server-does-not-apply':
      return `${path} has no meaning for the transport "${problem.transport}": it is not used.`;
    case 'server-needs-user':
      return `${path} has no meaning without "user": add the user, or take it out.`;
    case 'server-needs-proxy-user':
      return `${path} has no meaning without a user in "proxy": write socks5://user@host:port, or take it out.`;
    case 'server-key-without-certificate':
      return `${path} is missing: a client certificate is "certificate" and "key" together.`;
    case 'server-bad-url':
      return `${quoted(problem.value)} is no server: write smtp://user@host:port?security=none, smtps://user@host, lmtp://host:port, lmtp:///path/of/socket, folder:./out or inbox:.`;
    case 'server-unknown-scheme':
      return `${quoted(`${problem.value}:`)} is no kind of server: use one of ${list(
        problem.allowed.map((scheme) => `${scheme}:`),
        10,
        'or',
      )}.`;
    case 'server-name-reserved':
      return `${path} can’t be another server: "inbox" is the Local Inbox. Give this one another name.`;
    case 'server-unknown-name':
      return problem.known.length === 0
        ? `There is no server ${quoted(problem.value)}: none is configured. Give a URL, as smtp://host:port.`
        : `There is no server ${quoted(problem.value)} among the ${count(problem.known.length, 'configured one')}: ${list(problem.known)}. Give one of those, or a URL, as smtp://host:port.`;
    default:
      return unreachable(problem, `${path} can’t be used.`);
  }
}

const MISSING: Readonly<Record<string, string>> = {
  smtp: 'write the host of the mail server.',
  lmtp: 'write the host of the LMTP server, or "path" for a Unix socket.',
  mx: '"mx" needs it.',
  inbox: 'the inbox needs it.',
  folder: 'write the folder that messages are put into.',
};
