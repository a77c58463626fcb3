import type { Address, AddressList, AddressProblem, DisplayName, Group, Mailbox } from './address.ts';
import {
  type AddrSpec,
  addressProblem,
  fullWidthProblem,
  likelyLocalPart,
  localPartProblem,
  phraseOf,
} from './address-faults.ts';
import { isSign, type Token, type Tokens } from './address-tokens.ts';
import { quoteString } from './address-write.ts';
import type { Fix, Range } from './problem.ts';
import type { Steps } from './steps.ts';

/** More than anybody reads: what comes after is not reported. */
const MAX_PROBLEMS = 1000;

/** Tokens that are looked at to tell what follows an address. */
const LOOK_AHEAD = 16;

const END: Token = { type: 'sign', start: 0, end: 0, text: '' };

/** A recursive descent over the tokens that goes back nowhere; use {@link file://./address.ts parseAddressList}. */
export class AddressParser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #problems: AddressProblem[] = [];
  #at = 0;
  #hasError = false;
  /** How many groups in the current group are open. */
  #nested = 0;
  /** The element before, where it was a bare name: half of `Doe, Jo <jo@a.example>`, maybe. */
  #bareName: { readonly range: Range; readonly problem: number } | undefined;

  constructor(text: string, { tokens, faults }: Tokens) {
    this.#text = text;
    this.#tokens = tokens;
    for (const { fault, start, end } of faults) {
      const range = { start, end };
      if (fault === 'control') {
        const character = text.charCodeAt(start);
        this.#report({ code: 'address-control-character', severity: 'error', range, character });
      } else this.#report({ code: 'address-unclosed', severity: 'error', range, what: fault });
    }
  }

  *list(): Steps<AddressList> {
    if (!this.#text.isWellFormed()) this.#loneSurrogate();
    const addresses: Address[] = [];
    let expectComma = false;
    while (this.#at < this.#tokens.length) {
      if (this.#isSign(',')) {
        if (!expectComma) this.#empty();
        expectComma = false;
        this.#at++;
        continue;
      }
      if (this.#isSign(';')) {
        this.#semicolon();
        expectComma = false;
        this.#at++;
        continue;
      }
      if (expectComma && !this.#missingComma()) continue;
      const address = this.#element(false);
      if (address) addresses.push(address);
      expectComma = true;
      yield;
    }
    this.#problems.sort((a, b) => a.range.start - b.range.start);
    return { addresses, problems: this.#problems };
  }

  /** Half a surrogate pair is no character, and has no octets to be sent as. */
  #loneSurrogate(): void {
    const start = this.#text.search(/\p{Surrogate}/u);
    const character = this.#text.charCodeAt(start);
    this.#report({ code: 'address-control-character', severity: 'error', range: { start, end: start + 1 }, character });
  }

  #report(problem: AddressProblem): void {
    // The first error always counts: it decides whether the list can be sent to.
    const firstError = problem.severity === 'error' && !this.#hasError;
    if (this.#problems.length < MAX_PROBLEMS || firstError) this.#problems.push(problem);
    if (problem.severity === 'error') this.#hasError = true;
  }

  get #token(): Token {
    return this.#tokens[this.#at] ?? END;
  }

  get #lastEnd(): number {
    return this.#tokens[this.#at - 1]?.end ?? 0;
  }

  #isSign(sign: string, token = this.#token): boolean {
    return isSign(token, sign);
  }

  #empty(): void {
    const { start, end } = this.#token;
    const fixes = [{ title: 'Remove the comma', edits: [{ range: { start, end }, text: '' }] }];
    this.#report({ code: 'address-empty', severity: 'hint', range: { start, end }, fixes });
  }

  #semicolon(): void {
    const { start, end } = this.#token;
    const last = this.#at === this.#tokens.length - 1;
    const title = last ? 'Remove the semicolon' : 'Separate the addresses by a comma';
    const fixes = [{ title, edits: [{ range: { start, end }, text: last ? '' : ',' }], preferred: true }];
    this.#report({ code: 'address-semicolon', severity: 'error', range: { start, end }, fixes });
  }

  /** Something follows an address without a comma: another one, or what has to be skipped. */
  #missingComma(): boolean {
    const before = this.#lastEnd;
    const from = this.#at;
    let ahead = from;
    let another = false;
    while (ahead < this.#tokens.length && ahead < from + LOOK_AHEAD && !',;'.includes(this.#tokens[ahead]!.text)) {
      if (ahead > from && this.#isSign('@', this.#tokens[ahead])) another = true;
      ahead++;
    }
    if (this.#isSign('<')) another = true;
    const fixes: Fix[] = [];
    if (another) {
      fixes.push({
        title: 'Insert a comma',
        edits: [{ range: { start: before, end: before }, text: ',' }],
        preferred: true,
      });
    } else {
      while (this.#at < this.#tokens.length && !this.#isSign(',') && !this.#isSign(';')) this.#at++;
      ahead = this.#at;
    }
    const range = { start: this.#tokens[from]!.start, end: this.#tokens[ahead - 1]!.end };
    const value = this.#text.slice(range.start, Math.min(range.end, range.start + 200));
    this.#report({ code: 'address-unexpected', severity: 'error', range, value, fixes });
    return another;
  }

  /** `address` or, in a group, `mailbox` (RFC 5322 section 3.4). Takes at least one token. */
  #element(inGroup: boolean): Address | undefined {
    const first = this.#at;
    const start = this.#token.start;
    while (
      this.#at < this.#tokens.length &&
      (this.#token.type === 'atom' || this.#token.type === 'quoted' || this.#isSign('.'))
    ) {
      this.#at++;
    }
    const words = this.#tokens.slice(first, this.#at);
    if (this.#isSign('<')) return this.#angle(start, phraseOf(words));
    if (this.#isSign('@')) return this.#bareAddress(start, words);
    if (this.#isSign(':') && words.length > 0) return inGroup ? this.#nestedGroup(start) : this.#group(start, words);
    if (this.#at === this.#tokens.length || this.#isSign(',') || this.#isSign(';')) {
      this.#withoutDomain({ start, end: this.#lastEnd });
      return undefined;
    }
    return this.#junk(start);
  }

  /** Something that fits nowhere: part of a name that lacks its quotes, or to be skipped. */
  #junk(start: number): Mailbox | undefined {
    const first = this.#at;
    while (this.#at < this.#tokens.length && !this.#isSign(',') && !this.#isSign(';') && !this.#isSign('<')) this.#at++;
    const range = { start, end: this.#at > first ? this.#lastEnd : this.#token.end };
    if (this.#isSign('<')) return this.#angle(start, this.#unquotedName(range));
    const value = this.#text.slice(range.start, range.end);
    this.#report({ code: 'address-unexpected', severity: 'error', range, value });
    return undefined;
  }

  #unquotedName(range: Range): DisplayName {
    const text = this.#text.slice(range.start, range.end);
    const fixes = [{ title: 'Put the name in quotes', edits: [{ range, text: quoteString(text) }], preferred: true }];
    this.#report({ code: 'address-name-unquoted', severity: 'error', range, value: text, fixes });
    return { text, range };
  }

  #bareAddress(start: number, words: readonly Token[]): Mailbox | undefined {
    const address = this.#addrSpec(words, start);
    if (this.#at === this.#tokens.length || this.#isSign(',') || this.#isSign(';')) {
      return this.#mailbox(start, undefined, address, false);
    }
    // `ann@a.example <ann@a.example>`: what looked like the address is the name.
    let ahead = this.#at;
    while (ahead < this.#tokens.length && !',;:'.includes(this.#tokens[ahead]!.text)) {
      if (this.#isSign('<', this.#tokens[ahead])) {
        this.#at = ahead;
        this.#problems.length = address.problemsBefore;
        this.#hasError = this.#problems.some((problem) => problem.severity === 'error');
        return this.#angle(start, this.#unquotedName({ start, end: this.#lastEnd }));
      }
      if (this.#isSign('@', this.#tokens[ahead])) break;
      ahead++;
    }
    return this.#mailbox(start, undefined, address, false);
  }

  /** From the `@` on; `words` is what stands before it. */
  #addrSpec(words: readonly Token[], start: number): AddrSpec {
    const problemsBefore = this.#problems.length;
    const at = this.#token;
    const localRange = { start: words[0]?.start ?? at.start, end: words[words.length - 1]?.end ?? at.start };
    if (words.length === 0) {
      this.#report({ code: 'address-without-local-part', severity: 'error', range: { start, end: at.end } });
    } else {
      const problem = localPartProblem(this.#text, words, localRange, () => this.#addressEndAhead());
      if (problem) this.#report(problem);
    }
    const local = likelyLocalPart(words);
    this.#at++;
    const domainStart = this.#token === END ? at.end : Math.max(at.end, this.#token.start);
    let domain = '';
    if (this.#token.type === 'literal') {
      domain = this.#token.text.replace(/[ \t]/g, '');
      this.#at++;
    } else {
      // Dots may stand apart (RFC 5322 section 4.4); words without a dot between them may not.
      let dotted = true;
      while (this.#isSign('.') || (this.#token.type === 'atom' && dotted)) {
        dotted = this.#isSign('.');
        domain += this.#token.text;
        this.#at++;
      }
    }
    const domainRange = domain === '' ? { start: at.end, end: at.end } : { start: domainStart, end: this.#lastEnd };
    return { local, localRange, domain, domainRange, problemsBefore, lawfulLocal: words.length > 0 };
  }

  /** The end of the domain after the `@` that is the current token. */
  #addressEndAhead(): number | undefined {
    let at = this.#at + 1;
    let dotted = true;
    while (at < this.#tokens.length) {
      const dot = this.#isSign('.', this.#tokens[at]);
      if (!dot && !(dotted && this.#tokens[at]!.type === 'atom')) break;
      dotted = dot;
      at++;
    }
    return at > this.#at + 1 ? this.#tokens[at - 1]!.end : undefined;
  }

  #angle(start: number, name: DisplayName | undefined): Mailbox | undefined {
    const open = this.#token;
    this.#at++;
    this.#route();
    const first = this.#at;
    while (this.#token.type === 'atom' || this.#token.type === 'quoted' || (this.#token !== END && this.#isSign('.')))
      this.#at++;
    const words = this.#tokens.slice(first, this.#at);
    if (!this.#isSign('@')) {
      this.#skipAngle();
      const range = { start: open.start, end: this.#lastEnd };
      const value = words.map((word) => word.text).join(' ');
      this.#report({ code: 'address-without-domain', severity: 'error', range, value });
      return undefined;
    }
    const address = this.#addrSpec(words, this.#token.start);
    if (this.#isSign('>')) this.#at++;
    else {
      const junk = this.#token;
      const end = this.#lastEnd;
      const closed = this.#skipAngle();
      if (closed) {
        const range = { start: junk.start, end: this.#lastEnd - 1 };
        const value = this.#text.slice(range.start, range.end).trimEnd();
        this.#report({ code: 'address-unexpected', severity: 'error', range, value });
        return undefined;
      }
      const fixes = [
        { title: 'Close the angle bracket', edits: [{ range: { start: end, end }, text: '>' }], preferred: true },
      ];
      this.#report({
        code: 'address-unclosed',
        severity: 'error',
        range: { start: open.start, end },
        what: 'angle',
        fixes,
      });
    }
    return this.#mailbox(start, name, address, true);
  }

  /** Goes past the next `>`; stops before a `,`, `;` or another `<`. */
  #skipAngle(): boolean {
    while (this.#at < this.#tokens.length && !this.#isSign(',') && !this.#isSign(';') && !this.#isSign('<')) {
      this.#at++;
      if (this.#isSign('>', this.#tokens[this.#at - 1])) return true;
    }
    return false;
  }

  /** `@a,@b:` before the address (RFC 5322 section 4.4, obs-route): to be taken and left out. */
  #route(): void {
    if (!this.#isSign('@') && !this.#isSign(',')) return;
    let at = this.#at;
    while (at < this.#tokens.length) {
      const token = this.#tokens[at]!;
      if (this.#isSign(':', token)) {
        const range = { start: this.#token.start, end: token.end };
        const fixes = [{ title: 'Remove the source route', edits: [{ range, text: '' }] }];
        this.#report({ code: 'address-route', severity: 'warning', range, fixes });
        this.#at = at + 1;
        return;
      }
      if (token.type !== 'atom' && token.type !== 'literal' && !'@,.'.includes(token.text)) return;
      at++;
    }
  }

  #group(start: number, words: readonly Token[]): Group {
    const name = phraseOf(words)!;
    const members: Mailbox[] = [];
    let expectComma = false;
    this.#at++;
    while (this.#at < this.#tokens.length && !this.#isSign(';')) {
      if (this.#isSign(',')) {
        if (!expectComma) this.#empty();
        expectComma = false;
        this.#at++;
        continue;
      }
      if (expectComma && !this.#missingComma()) continue;
      const before = this.#nested;
      const member = this.#element(true);
      if (member?.type === 'mailbox') members.push(member);
      expectComma = this.#nested === before;
      while (this.#nested > 0 && this.#isSign(';')) {
        this.#nested--;
        this.#at++;
      }
    }
    this.#nested = 0;
    if (this.#isSign(';')) this.#at++;
    else {
      const end = this.#lastEnd;
      const fixes = [{ title: 'End the group', edits: [{ range: { start: end, end }, text: ';' }], preferred: true }];
      this.#report({
        code: 'address-unclosed',
        severity: 'error',
        range: { start, end: name.range.end + 1 },
        what: 'group',
        fixes,
      });
    }
    return { type: 'group', range: { start, end: this.#lastEnd }, name, members };
  }

  /** RFC 5322 section 3.4 has no groups in groups. Its members are read as the outer group's. */
  #nestedGroup(start: number): undefined {
    this.#report({ code: 'address-nested-group', severity: 'error', range: { start, end: this.#token.end } });
    this.#nested++;
    this.#at++;
  }

  #withoutDomain(range: Range): void {
    this.#bareName = { range, problem: this.#problems.length };
    const value = this.#text.slice(range.start, range.end);
    this.#report(
      fullWidthProblem(this.#text, range) ?? { code: 'address-without-domain', severity: 'error', range, value },
    );
  }

  #mailbox(start: number, name: DisplayName | undefined, address: AddrSpec, angle: boolean): Mailbox | undefined {
    const range = { start, end: this.#lastEnd };
    const { local, localRange, domain, domainRange } = address;
    this.#joinBareName(name, range);
    const problem = addressProblem(this.#text, address);
    if (problem) this.#report(problem);
    if (!address.lawfulLocal || domain === '') return undefined;
    const addressRange = { start: localRange.start, end: domainRange.end };
    const mailbox = { type: 'mailbox' as const, range, local, domain, addressRange, localRange, domainRange, angle };
    return name ? { ...mailbox, name } : mailbox;
  }

  /** `Doe, Jo <jo@a.example>`: the comma belongs to the name, which then needs quotes. */
  #joinBareName(name: DisplayName | undefined, range: Range): void {
    const bare = this.#bareName;
    this.#bareName = undefined;
    if (!bare || !name || !/^\s*,\s*$/.test(this.#text.slice(bare.range.end, range.start))) return;
    const problem = this.#problems[bare.problem];
    if (problem?.code !== 'address-without-domain') return;
    const whole = { start: bare.range.start, end: name.range.end };
    const text = quoteString(this.#text.slice(whole.start, whole.end).replaceAll('"', ''));
    const fixes = [{ title: `Put the name in quotes: ${text}`, edits: [{ range: whole, text }], preferred: true }];
    this.#problems[bare.problem] = { ...problem, fixes };
  }
}
