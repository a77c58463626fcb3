import type { Steps } from './steps.ts';

/**
 * The words and signs of an address list (RFC 5322 section 3.2, UTF-8 by RFC 6532 section 3.2), comments and white
 * space out. Every token knows where it stands.
 */
export interface Token {
  /** `sign`: one of `<>@,;:.`; `stray`: a character that belongs nowhere. */
  readonly type: 'atom' | 'quoted' | 'literal' | 'sign' | 'stray';
  readonly start: number;
  readonly end: number;
  /** What is meant: quotes and escapes undone in a quoted string; a literal with its brackets. */
  readonly text: string;
}

/** Whether the token is that sign. */
export function isSign(token: Token | undefined, sign: string): boolean {
  return token?.type === 'sign' && token.text === sign;
}

export interface TokenFault {
  readonly fault: 'quote' | 'comment' | 'literal' | 'control';
  readonly start: number;
  readonly end: number;
}

/** `specials` (RFC 5322 section 3.2.3), controls and white space end an atom. */
const ENDS_ATOM = new Uint8Array(0xa0);
for (let code = 0; code <= 0x20; code++) ENDS_ATOM[code] = 1;
for (let code = 0x7f; code < 0xa0; code++) ENDS_ATOM[code] = 1;
for (const sign of '()<>[]:;@\\,."') ENDS_ATOM[sign.charCodeAt(0)] = 1;

/** Whether it is a control character that no header may hold: C0 but tab, DEL, C1. */
function isControl(code: number): boolean {
  return code < 0x20 ? code !== 0x09 : code >= 0x7f && code < 0xa0;
}

export interface Tokens {
  readonly tokens: readonly Token[];
  readonly faults: readonly TokenFault[];
}

/** Splits the text into tokens, in linear time whatever it holds. */
export function* addressTokens(text: string): Steps<Tokens> {
  const tokens: Token[] = [];
  const faults: TokenFault[] = [];
  // Once one of these has found no end, none that follows has to look for it again.
  let quotesOpen = false;
  let commentsOpen = false;
  let literalsOpen = false;
  let at = 0;
  while (at < text.length) {
    if (tokens.length % 64 === 63) yield;
    const code = text.charCodeAt(at);
    switch (code) {
      case 0x20:
      case 0x09:
      case 0x0d:
      case 0x0a:
        at++;
        break;
      case 0x28: {
        const end = commentsOpen ? -1 : commentEnd(text, at);
        if (end > 0) {
          at = end;
          break;
        }
        if (!commentsOpen) faults.push({ fault: 'comment', start: at, end: text.length });
        commentsOpen = true;
        tokens.push({ type: 'stray', start: at, end: at + 1, text: '(' });
        at++;
        break;
      }
      case 0x22: {
        const quoted = quotesOpen ? undefined : quotedString(text, at);
        if (quoted) {
          if (quoted.control >= 0) faults.push({ fault: 'control', start: quoted.control, end: quoted.control + 1 });
          tokens.push(quoted.token);
          at = quoted.token.end;
          break;
        }
        if (!quotesOpen) faults.push({ fault: 'quote', start: at, end: text.length });
        quotesOpen = true;
        tokens.push({ type: 'stray', start: at, end: at + 1, text: '"' });
        at++;
        break;
      }
      case 0x5b: {
        const close = literalsOpen ? -1 : text.indexOf(']', at);
        if (close > 0) {
          tokens.push({ type: 'literal', start: at, end: close + 1, text: text.slice(at, close + 1) });
          at = close + 1;
          break;
        }
        if (!literalsOpen) faults.push({ fault: 'literal', start: at, end: text.length });
        literalsOpen = true;
        tokens.push({ type: 'stray', start: at, end: at + 1, text: '[' });
        at++;
        break;
      }
      case 0x3c:
      case 0x3e:
      case 0x40:
      case 0x2c:
      case 0x3b:
      case 0x3a:
      case 0x2e:
        tokens.push({ type: 'sign', start: at, end: at + 1, text: text[at]! });
        at++;
        break;
      default: {
        if (code < 0xa0 && ENDS_ATOM[code]) {
          if (isControl(code)) faults.push({ fault: 'control', start: at, end: at + 1 });
          tokens.push({ type: 'stray', start: at, end: at + 1, text: text[at]! });
          at++;
          break;
        }
        let end = at + 1;
        while (end < text.length) {
          const next = text.charCodeAt(end);
          if (next < 0xa0 && ENDS_ATOM[next]) break;
          end++;
        }
        tokens.push({ type: 'atom', start: at, end, text: text.slice(at, end) });
        at = end;
      }
    }
  }
  return { tokens, faults };
}

/** Past the `)` of the comment that opens at `at`, nested ones and quoted pairs minded; -1 where it has none. */
function commentEnd(text: string, at: number): number {
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x5c) i++;
    else if (code === 0x28) depth++;
    else if (code === 0x29 && --depth === 0) return i + 1;
  }
  return -1;
}

function quotedString(text: string, at: number): { token: Token; control: number } | undefined {
  let meant = '';
  let from = at + 1;
  let control = -1;
  for (let i = from; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x22) {
      return { token: { type: 'quoted', start: at, end: i + 1, text: meant + text.slice(from, i) }, control };
    }
    if (code === 0x5c) {
      meant += text.slice(from, i);
      from = ++i;
      if (i < text.length && isControl(text.charCodeAt(i)) && control < 0) control = i;
    } else if (isControl(code) && control < 0) control = i;
  }
  return undefined;
}
