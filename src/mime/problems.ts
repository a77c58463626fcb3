import type { ProblemBase } from '../base/problem.ts';

/** Why a path in a document is not followed (DOCUMENT.md, "What it becomes"). */
export type PathFault = 'empty' | 'absolute' | 'home' | 'variable' | 'url' | 'outside' | 'control';

/** Everything that can be wrong between a draft and its bytes, told apart by `code`. */
export type MimeProblem =
  | AssemblyProblem
  | FieldProblem
  | CharsetProblem
  | FileProblem
  | ConversionProblem
  | DkimProblem;

interface Invalid {
  /** As written: `type`, `@boundary`, `Content-Type`. */
  readonly name: string;
  readonly value: string;
  readonly expected: readonly string[];
}

/** Found by `assembleSteps`, without the disk. */
export type AssemblyProblem =
  /**
   * error: what an attribute, a setting or a Content-* field of the header says can't be. They have the codes and shapes of the
   * document's own problems, so that what both find is told once. `expected`: the words or the form it has to have.
   */
  | (ProblemBase<'attribute-value-invalid'> & Invalid)
  | (ProblemBase<'setting-value-invalid'> & Invalid)
  | (ProblemBase<'field-value-invalid'> & Invalid)
  | (ProblemBase<'attribute-value-missing'> & { readonly name: string })
  | (ProblemBase<'attribute-name-invalid'> & { readonly name: string })
  /** error: a `header.NAME` or `param.NAME` that another attribute or the builder writes. */
  | (ProblemBase<'reserved-attribute'> & { readonly name: string })
  /** error: CR, LF or NUL in what would become a header line. `where`: the field or attribute. */
  | (ProblemBase<'unsafe-value'> & { readonly where: string; readonly character: 'CR' | 'LF' | 'NUL' })
  /** error: `multipart/*` as the type of a `<#part>` or `<#attach>`. */
  | (ProblemBase<'multipart-type-here'> & { readonly value: string })
  /** warning: Content-* fields, and no leading text for them to belong to. */
  | (ProblemBase<'content-fields-unused'> & { readonly names: readonly string[] })
  /** warning: text that follows an attachment shows up as a part of its own. */
  | (ProblemBase<'text-after-attachment'> & { readonly after: 'attach' | 'multipart' })
  /** warning: `later` stands after `earlier` and should come before it: a reader shows the last form it understands. */
  | (ProblemBase<'alternatives-order'> & { readonly earlier: string; readonly later: string })
  /** warning: two alternatives of one type in a run; only the last is ever shown. */
  | (ProblemBase<'alternative-twice'> & { readonly mediaType: string })
  /** error: a `<#multipart>` with nothing in it. It is left out. */
  | ProblemBase<'multipart-empty'>
  /** warning: typed text under a type that is not text (`image/png`). */
  | (ProblemBase<'text-for-binary-type'> & { readonly mediaType: string })
  /** Nothing in the message shows this cid. warning; hint where it is an attachment's, which is seen all the same. */
  | (ProblemBase<'unused-cid'> & { readonly id: string; readonly attached: boolean })
  /** warning: an `<#inline>` that the HTML shows nowhere; it turns up as a part of its own. */
  | (ProblemBase<'unused-inline'> & { readonly path: string })
  /** warning: HTML that names a cid which no part has. */
  | (ProblemBase<'dangling-cid'> & { readonly id: string; readonly suggestion?: string })
  /** error: two parts with one id. */
  | (ProblemBase<'duplicate-cid'> & { readonly id: string })
  /** warning: the type of a file can't be told from its name; it goes as application/octet-stream. */
  | (ProblemBase<'unknown-file-type'> & { readonly path: string })
  /** error: `message/*` is never base64 or quoted-printable (RFC 2046 section 5.2). */
  | (ProblemBase<'encoding-not-for-message'> & { readonly encoding: string })
  /** error: `encoding=8bit` or `binary` on a part where `@encoding` does not allow as much. */
  | (ProblemBase<'encoding-needs-setting'> & { readonly encoding: '8bit' | 'binary' })
  /** warning: `@text: auto` and no HTML to make the text from. */
  | ProblemBase<'text-auto-without-html'>
  /** error: a path that is not followed. */
  | (ProblemBase<'bad-path'> & { readonly path: string; readonly fault: PathFault });

/** Found where header fields are written. */
export type FieldProblem =
  /** error: a field that can hold only ASCII (message identifiers, URLs) holds something else. */
  | (ProblemBase<'field-not-ascii'> & { readonly name: string; readonly character: string })
  /** error: something that can't be folded is longer than a line may be (998 octets, RFC 5322 section 2.1.1). */
  | (ProblemBase<'field-too-long'> & { readonly name: string; readonly length: number })
  /** error: half of a surrogate pair: no character at all. */
  | (ProblemBase<'lone-surrogate'> & { readonly codeUnit: number });

/** Found where text is transcoded. */
export type CharsetProblem =
  /** error */
  | (ProblemBase<'unknown-charset'> & { readonly charset: string; readonly suggestion?: string })
  /** error: at the character; one problem for each of the first ones, with the number of all in that part. */
  | (ProblemBase<'unmappable-character'> & {
      readonly character: string;
      readonly charset: string;
      readonly count: number;
    })
  /** error: a text that is to be transcoded, in a file that is not UTF-8. `offset` in octets. */
  | (ProblemBase<'file-not-utf8'> & { readonly path: string; readonly offset: number })
  /** warning: an attached text that is not in the charset which its label says. It goes as it is. */
  | (ProblemBase<'charset-label'> & { readonly path: string; readonly charset: string });

/** Found where files are read. */
export type FileProblem =
  /** error */
  | (ProblemBase<'file-missing'> & { readonly path: string })
  /** error: `reason` is the system's word (`EACCES`). */
  | (ProblemBase<'file-unreadable'> & { readonly path: string; readonly reason: string })
  /** error */
  | (ProblemBase<'file-is-directory'> & { readonly path: string })
  /** error: a device, socket or pipe. */
  | (ProblemBase<'file-not-regular'> & { readonly path: string })
  /** error: it stands, symbolic links followed, outside the workspace. */
  | (ProblemBase<'file-outside'> & { readonly path: string })
  /** error: a relative path in a document that was never saved. */
  | (ProblemBase<'path-without-document'> & { readonly path: string })
  /** error: it changed while the message was being built. */
  | (ProblemBase<'file-changed'> & { readonly path: string })
  /** warning: an attached message that may not be encoded and can't travel without it: it goes as application/octet-stream. */
  | (ProblemBase<'message-as-octets'> & {
      readonly path: string;
      readonly reason: '8bit' | 'long-line' | 'nul' | 'no-header';
    })
  /** error: the content asked to go unencoded can't: `reason` says why. */
  | (ProblemBase<'encoding-unfit'> & {
      readonly encoding: string;
      readonly reason: '8bit' | 'long-line' | 'nul' | 'line-ends';
    })
  /** error: `method` and the calendar's METHOD differ. `found` is undefined where the file has none. */
  | (ProblemBase<'calendar-method'> & { readonly method: string; readonly found?: string })
  /** warning: a calendar part that is not an iCalendar object. */
  | ProblemBase<'not-a-calendar'>
  /** error: the boundary that `@boundary` gives occurs in the content. */
  | (ProblemBase<'boundary-in-content'> & { readonly boundary: string });

/** Found where one form is made into another. */
export type ConversionProblem =
  /** error or warning, at its line where that is known. */
  | (ProblemBase<'mjml'> & { readonly reason: string })
  /** error: what was to become HTML, and what the HTML was to become. */
  | (ProblemBase<'markdown'> & { readonly reason: string })
  | (ProblemBase<'text-auto'> & { readonly reason: string })
  /** warning: style rules that could not be brought inline. */
  | (ProblemBase<'css-inline'> & { readonly reason: string });

export type DkimProblem =
  /** error: no private key handed in for that selector and domain. */
  | (ProblemBase<'dkim-key-missing'> & { readonly selector: string; readonly domain: string })
  /** error: the key can't be read or is of a kind that DKIM has no algorithm for. */
  | (ProblemBase<'dkim-key-unusable'> & { readonly reason: string })
  /** warning: the signing domain is not that of From, so the signature does not align (RFC 7489 section 3.1). */
  | (ProblemBase<'dkim-not-aligned'> & { readonly domain: string; readonly from: string });
