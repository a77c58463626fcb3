import { printable } from './printable.ts';

/** What stands in place of a secret. Its length says nothing. */
const mask = '••••••••';

/** Shorter ones would be found in every other word; the protocol's own state hides them where they are sent. */
const shortest = 4;

/**
 * The secrets of one session, so that none gets out by another door than the one they were sent through: a server
 * that repeats a password in its refusal, say. Knows each as it is, in base64 at any alignment, and in base64url.
 */
export class Secrets {
  /** Patterns of what is to be hidden. */
  #forms = new Set<string>();
  #pattern: RegExp | undefined;

  add(value: string | Uint8Array): void {
    const octets = typeof value === 'string' ? Buffer.from(value, 'utf8') : Buffer.from(value);
    if (octets.length < shortest) return;
    for (const form of [octets.toString('utf8'), printable(octets), octets.toString('latin1')]) {
      this.#forms.add(literally(form));
      this.#forms.add(literally(encodeURIComponent(form)));
    }
    for (let shift = 0; shift < 3; shift++) {
      // Whole sextets only: those at the ends depend on the octets beside the secret, and are hidden along with it.
      const coded = Buffer.concat([Buffer.alloc(shift), octets])
        .toString('base64')
        .replace(/=+$/, '');
      const core = coded.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + octets.length) * 8) / 6));
      const before = shift === 0 ? '' : '[\\w+/-]?';
      for (const form of [core, core.replaceAll('+', '-').replaceAll('/', '_')])
        this.#forms.add(`${before}${literally(form)}[\\w+/-]?={0,2}`);
    }
    this.#pattern = undefined;
  }

  get empty(): boolean {
    return this.#forms.size === 0;
  }

  /** The text with every occurrence of a secret masked. */
  hide(text: string): string {
    if (this.#forms.size === 0) return text;
    // The longest first, so that a secret within another does not leave the rest of it.
    this.#pattern ??= new RegExp([...this.#forms].sort((a, b) => b.length - a.length).join('|'), 'g');
    return text.replace(this.#pattern, mask);
  }
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

/**
 * Follows the client's and the server's lines and says what of a client line is secret by its place in the protocol,
 * whatever its value. One for each session.
 */
export interface SecretDetector {
  /** A line the client sends, as it may be shown. */
  client(line: string): string;
  /** A line the server sent. */
  server(line: string): void;
}

/** SMTP and LMTP: what follows `AUTH mechanism`, then every line until the server ends the exchange (RFC 4954 section 4). */
export function smtpDetector(): SecretDetector {
  let inExchange = false;
  return {
    client(line) {
      const command = /^(\s*AUTH(?:\s+\S+)?)(\s+)?(.*)$/is.exec(line);
      if (command !== null && /^\s*AUTH(?:\s|$)/i.test(line)) {
        inExchange = true;
        const initial = command[3] ?? '';
        return initial === '' || initial === '=' ? line : `${command[1]}${command[2]}${mask}`;
      }
      // "*" cancels, "=" and nothing are empty responses: none of them is a secret, and each is worth seeing.
      return inExchange && !/^[*=]?$/.test(line) ? mask : line;
    },
    server(line) {
      if (inExchange && /^\d{3}(?: |$)/.test(line) && !line.startsWith('334')) inExchange = false;
    },
  };
}

/** POP3: PASS, APOP's digest, AUTH and its exchange (RFC 1939 section 7, RFC 5034 section 4). */
export function pop3Detector(): SecretDetector {
  let inExchange = false;
  return {
    client(line) {
      const pass = /^(\s*PASS\s)(.*)$/is.exec(line) ?? /^(\s*APOP\s+\S+\s+)(.*)$/is.exec(line);
      if (pass !== null) return `${pass[1]}${mask}`;
      if (/^\s*AUTH(?:\s|$)/i.test(line)) {
        inExchange = true;
        const initial = /^(\s*AUTH\s+\S+\s+)(.+)$/is.exec(line);
        return initial === null || initial[2] === '=' ? line : `${initial[1]}${mask}`;
      }
      return inExchange && !/^[*=]?$/.test(line) ? mask : line;
    },
    server(line) {
      if (inExchange && !line.startsWith('+ ') && line !== '+') inExchange = false;
    },
  };
}
