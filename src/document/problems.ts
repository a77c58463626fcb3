import type { AddressProblem } from '../base/address.ts';
import type { ProblemBase } from '../base/problem.ts';
import { atOnce, type Steps } from '../base/steps.ts';

type P<Code extends string, Values = unknown> = ProblemBase<Code> & Readonly<Values>;

/** What the header block's syntax can get wrong. */
export type HeaderProblem =
  /** Carriage returns without a line feed, taken as line ends; reported once, at the first. */
  | P<'lone-cr', { count: number }>
  /** A line of spaces or tabs, taken as the blank line that ends the header. */
  | P<'spaces-only-line'>
  /** The line starts the body, though no blank line stands before it. */
  | P<'header-not-a-field', { line: 'text' | 'fold' | 'directive' | 'space-before-colon' }>
  /** A `From ` line of an mbox at the head of a composed document. */
  | P<'mbox-line'>
  /** Anything below U+0020 but tab, or U+007F, in a header value; reported once a field. */
  | P<'control-character', { character: number; name: string }>
  | P<'comment-in-finished'>
  | P<'setting-in-finished', { name: string }>
  | P<'setting-unknown', { name: string; suggestion?: string }>
  | P<'setting-colon-missing', { name: string }>
  | P<'setting-repeated', { name: string }>
  | P<'setting-value-missing', { name: string }>
  | P<'setting-value-invalid', { name: string; value: string; expected: readonly string[] }>
  /** The field of the same meaning counts. */
  | P<'setting-outranked', { name: string; field: string }>
  /** A setting that says how to build, in a finished message. */
  | P<'setting-without-effect', { name: string }>
  /** `@encoding: 8bit` or `binary` together with `@dkim`. */
  | P<'encoding-excludes-dkim'>;

/** What the body's syntax can get wrong. */
export type BodyProblem =
  | P<'directive-unknown', { word: string; suggestion?: string; freemarker: boolean }>
  /** No `>` on the directive's line. */
  | P<'directive-unclosed', { directive: string }>
  /** A known directive that does not begin at column 0: it is text. */
  | P<'directive-indented', { directive: string }>
  /** `<#` has no meaning in a finished message: asked about before it is sent. Reported once, at the first. */
  | P<'directive-in-finished', { directive: string; count: number }>
  | P<'path-missing', { directive: 'attach' | 'inline' }>
  | P<'path-backslash', { path: string }>
  | P<'text-after-directive', { directive: string }>
  | P<'note-unclosed'>
  | P<'text-after-note'>
  | P<'attribute-unknown', { directive: string; name: string; suggestion?: string }>
  /** A known attribute on a directive that has no use for it. */
  | P<'attribute-misplaced', { directive: string; name: string }>
  | P<'attribute-repeated', { name: string }>
  | P<'attribute-value-missing', { name: string }>
  | P<'attribute-value-unexpected', { name: string }>
  | P<'attribute-value-invalid', { name: string; value: string; expected: readonly string[] }>
  | P<'when-invalid', { value: string }>
  /** Something among the attributes that is none. */
  | P<'attribute-syntax', { text: string }>
  /** `param.` or `header.` with nothing, or nothing lawful, behind the dot. */
  | P<'attribute-name-invalid', { name: string }>
  | P<'value-unclosed'>
  /** A `\` in a quoted value before anything but `"` and `\`. */
  | P<'value-escape', { character: string }>
  /** A quote inside a bare value, or a character straight after a closing quote. */
  | P<'value-quote'>
  | P<'close-unmatched', { directive: 'part' | 'multipart' }>
  | P<'multipart-unclosed'>
  /** Multiparts in multiparts, deeper than readers go: this one is not opened. */
  | P<'multipart-too-deep', { limit: number }>
  | P<'verbatim-unclosed'>
  /** Text after `<#/part>`, which belongs to no part. */
  | P<'text-after-part'>
  /** Text inside a part whose body comes from a file. */
  | P<'src-and-text'>;

/** What the header's meaning can get wrong. */
export type MeaningProblem =
  | AddressProblem
  | P<'from-missing'>
  | P<'recipients-missing'>
  /** A Bcc that counts for nothing, since Resent-* fields give the envelope. */
  | P<'bcc-outranked', { name: string }>
  /** Several authors and no Sender (RFC 5322 section 3.6.2). `sender`: the field that is lacking; `author`: the first one's address. */
  | P<'sender-missing', { name: string; authors: number; sender: string; author: string }>
  /** The Sender is the one author. */
  | P<'sender-redundant'>
  /** More than one mailbox where one may stand. */
  | P<'mailbox-not-one', { name: string; count: number }>
  | P<'field-repeated', { name: string }>
  /** A field that needs a value and has none. */
  | P<'field-empty', { name: string }>
  /** An unknown name that differs from a known one by a slip. */
  | P<'field-misspelt', { name: string; suggestion: string }>
  /** `=?…?=` as typed is literal text; `decoded` is what it would stand for. */
  | P<'encoded-word-typed', { decoded: string }>
  | P<'transfer-encoding-field'>
  | P<'multipart-not-here', { value: string; where: 'field' }>
  | P<'date-invalid', { name: string; value: string }>
  | P<'date-weekday', { name: string; written: string; expected: string }>
  | P<'message-id-invalid', { name: string; value: string }>
  | P<'field-value-invalid', { name: string; value: string; expected: readonly string[] }>
  /** A List-* field whose value is no list of `<URI>`s (RFC 2369). */
  | P<'list-uri-invalid', { name: string }>
  /** List-Unsubscribe-Post without an https URI in List-Unsubscribe (RFC 8058 section 3.1). */
  | P<'unsubscribe-without-https'>
  /** An https List-Unsubscribe without List-Unsubscribe-Post. */
  | P<'unsubscribe-post-missing'>;

/** What keeps an envelope from being made, address problems apart. */
export type EnvelopeProblem =
  | P<'recipients-missing'>
  /** No @envelope-from, no server's envelopeFrom, no Sender and not exactly one From. */
  | P<'sender-unknown'>
  | P<'envelope-from-invalid', { value: string; origin: 'setting' | 'server' }>
  | AddressProblem;

/** Why a finished message is not sent as it stands. Ranges count in its text as an editor decodes it. */
export type FinishedProblem =
  | P<'finished-nul', { count: number }>
  | P<'finished-line-too-long', { length: number; count: number }>
  /** A Bcc that has to come out is covered by a signature. */
  | P<'finished-bcc-signed', { name: string }>
  /** The bytes on disk are not UTF-8, and the editor's buffer holds changes. */
  | P<'not-utf8-edited'>
  /** Octets over 127 in the header that are not UTF-8 (warning). */
  | P<'finished-header-charset'>;

/** What making a draft can find out. */
export type DraftProblem = P<'when-without-data', { path: string }>;

export type DocumentProblem =
  | HeaderProblem
  | BodyProblem
  | MeaningProblem
  | EnvelopeProblem
  | FinishedProblem
  | DraftProblem;

/** Both lists in order of place, what stands in both of them once. */
export function mergeProblems<A extends ProblemBase, B extends ProblemBase>(
  a: readonly A[],
  b: readonly B[],
): readonly (A | B)[] {
  return atOnce(mergeSteps<A | B>([a, b]));
}

/** The same of any number of lists, in parts. */
export function* mergeSteps<P extends ProblemBase>(lists: readonly (readonly P[])[]): Steps<readonly P[]> {
  const seen = new Set<string>();
  const merged: P[] = [];
  for (const list of lists) {
    for (const problem of list) {
      yield;
      const key = `${problem.code} ${problem.range.start} ${problem.range.end}`;
      if (seen.has(key)) continue;
      seen.add(key);
      merged.push(problem);
    }
  }
  return merged.sort((x, y) => x.range.start - y.range.start || x.range.end - y.range.end);
}
