import { suggestionFor } from '../../base/suggestion.ts';
import { AUTH_CHOICES, type AuthChoice } from '../server.ts';

/** What a line of the console asks for. */
export type ConsoleAction =
  | { readonly do: 'nothing' }
  | { readonly do: 'help' }
  | { readonly do: 'status' }
  /** The line goes to the server as it stands. */
  | { readonly do: 'raw'; readonly line: string }
  | { readonly do: 'hello'; readonly verb: 'ehlo' | 'helo' }
  | { readonly do: 'starttls' }
  | { readonly do: 'login'; readonly user?: string; readonly mechanism?: AuthChoice }
  | { readonly do: 'open'; readonly bare: boolean }
  | { readonly do: 'quit' }
  | { readonly do: 'misuse'; readonly sentence: string };

/** The words that Tab completes. */
const CONSOLE_WORDS = [
  'auth',
  'data',
  'ehlo',
  'expn',
  'helo',
  'help',
  'login',
  'mail from:<',
  'noop',
  'open',
  'quit',
  'rcpt to:<',
  'rset',
  'starttls',
  'status',
  'vrfy',
] as const;

export const CONSOLE_HELP: readonly string[] = [
  'What is typed goes to the server as it stands: VRFY ann, EXPN staff, NOOP,',
  'RSET, MAIL FROM:<…>, RCPT TO:<…>, DATA, HELP. After DATA and its 354 come the',
  'lines of the message; a dot on a line of its own ends it. Words that do more:',
  '',
  '  ehlo, helo       says hello with this end’s own name',
  '  starttls         STARTTLS, the handshake, and EHLO again',
  '  login [USER [MECHANISM]]',
  '                   logs in as the server’s user, or another; the password comes',
  '                   from where a send takes it, or is asked for',
  '  status           what is known of the session: TLS, certificate, extensions',
  '  open [bare]      another session; "bare" stops after the greeting, so that',
  '                   EHLO, STARTTLS and AUTH can be typed one by one. Enter does',
  '                   the same once the server has ended an idle session',
  '  help, ?          this; the server’s own help is HELP in capitals',
  '  !LINE            sends LINE even where it is one of these words',
  '  quit             QUIT, and the end; so does Ctrl+D, which in a message drops',
  '                   it with the connection. Ctrl+C breaks off what takes too long',
];

/** Reads one line. Total: whatever is no word of the console is the server’s. */
export function readConsoleLine(text: string): ConsoleAction {
  const line = text.trimEnd();
  if (line.startsWith('!')) return { do: 'raw', line: line.slice(1) };
  const [word = '', ...rest] = line.trim().split(/\s+/);
  const verb = word.toLowerCase();
  switch (verb) {
    case '':
      return { do: 'nothing' };
    case '?':
      return { do: 'help' };
    case 'help':
      // smtplib's help() and telnet users mean the server's by HELP; a person who is lost types "help".
      return word === 'help' && rest.length === 0 ? { do: 'help' } : { do: 'raw', line };
    case 'status':
      return rest.length === 0 ? { do: 'status' } : { do: 'raw', line };
    case 'ehlo':
    case 'lhlo':
    case 'helo':
      return rest.length === 0 ? { do: 'hello', verb: verb === 'helo' ? 'helo' : 'ehlo' } : { do: 'raw', line };
    case 'starttls':
      return rest.length === 0
        ? { do: 'starttls' }
        : { do: 'misuse', sentence: 'STARTTLS takes no parameter (RFC 3207 section 4).' };
    case 'login':
      return login(rest);
    case 'auth':
      return rest.length === 0 ? login([]) : { do: 'raw', line };
    case 'open':
      if (rest.length === 0) return { do: 'open', bare: false };
      return rest.length === 1 && rest[0]?.toLowerCase() === 'bare'
        ? { do: 'open', bare: true }
        : { do: 'misuse', sentence: 'It is "open" or "open bare".' };
    case 'quit':
    case 'exit':
      return { do: 'quit' };
    case 'bdat':
      return { do: 'misuse', sentence: 'BDAT is followed by octets, which a line can’t carry: use DATA.' };
    default:
      return { do: 'raw', line };
  }
}

function login(words: readonly string[]): ConsoleAction {
  const [user, mechanism, ...others] = words;
  if (others.length > 0) {
    return {
      do: 'misuse',
      sentence: 'It is "login USER MECHANISM"; the password is asked for and not written here.',
    };
  }
  if (mechanism === undefined) return { do: 'login', ...(user === undefined ? {} : { user }) };
  const known = AUTH_CHOICES.find((each) => each === mechanism.toLowerCase());
  if (user !== undefined && known !== undefined) return { do: 'login', user, mechanism: known };
  // It may be the password, in the wrong place: it is not repeated.
  const near = suggestionFor(mechanism.toLowerCase(), AUTH_CHOICES);
  const meant = near === undefined ? '' : ` Did you mean ${near}?`;
  return {
    do: 'misuse',
    sentence: `What follows the user is a mechanism: ${AUTH_CHOICES.join(', ')}.${meant} The password is asked for.`,
  };
}

/** From where on a line that is being typed is a secret: the initial response of AUTH, as the transcript hides it. */
export function secretFrom(text: string): number {
  return /^!?\s*AUTH\s+\S+\s+/i.exec(text)?.[0].length ?? text.length;
}

/** The words that what was typed can become: at the start of a line only. */
export function completions(before: string): readonly string[] {
  if (!/^\s*\S+$/.test(before)) return [];
  const begun = before.trim();
  const words = CONSOLE_WORDS.filter((word) => word.startsWith(begun.toLowerCase()));
  // Typed in capitals, it goes on in capitals.
  return /^[A-Z]+$/.test(begun) ? words.map((word) => word.toUpperCase()) : words;
}
