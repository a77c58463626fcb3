import * as vscode from 'vscode';
import { builtSource, type CheckSource } from '../../inspect/check-source.ts';
import { finishedSource } from '../../inspect/finished-source.ts';
import { checkInputOf } from '../../inspect/inspect-message.ts';
import type { MailReader } from '../../inspect/mail-reader.ts';
import type { MessageView } from '../../inspect/message.ts';
import { Spots } from '../../inspect/spots.ts';
import type { Composed } from '../../send/composed.ts';
import { problemSentence } from '../../send/sentences/problem.ts';
import type { Composition, Drafts } from '../drafts.ts';
import { analysisOf } from '../language/analyses.ts';
import { loadCharsetsOf } from '../language/document-charsets.ts';
import { toRange } from '../language/places.ts';
import { isDraft, isOtherVersion, openMail } from '../mail-documents.ts';
import { beginning, beginningOf } from './bytes.ts';
import type { PageProblem } from './protocol.ts';

/** A message as it was read for a preview, with what its document had wrong with it. */
export interface Previewed {
  /** Undefined where errors leave no message, or where it could not be read. */
  readonly view?: MessageView;
  readonly unread?: true;
  readonly problems: readonly (PageProblem & { readonly range?: vscode.Range })[];
  /** How many errors there are, and how many more problems that are not listed. */
  readonly errors: number;
  readonly left: number;
  /** What it was read from, for a draft. */
  readonly composed?: Composed;
  /** For the checks; undefined without a message. */
  readonly source?: CheckSource;
  /** The way between what is shown and the document. */
  readonly spots?: Spots;
  /** The document that ranges count in, where there is one. */
  readonly document?: vscode.TextDocument;
  /** Its version, as it was read. */
  readonly version?: number;
}

/** Problems that are listed in a preview: nobody reads more there, and the editor lists them all. */
const mostProblems = 1000;

/**
 * Reads what a URI stands for: a document as the editor holds it, made into what would be sent; else the octets of the file.
 * Rejects where the signal fires, and with what the file system says of a file that can't be read.
 */
export async function readPreviewed(
  uri: vscode.Uri,
  drafts: Drafts,
  reader: MailReader,
  signal: AbortSignal,
): Promise<Previewed> {
  const document = await openDocument(uri);
  if (document && isDraft(document)) return readDraft(document, await drafts.current(document), reader, signal);
  if (document && isOtherVersion(document) && !analysisOf(document).finished) {
    // Nobody writes it: it has no problems in the editor, and is composed for this preview alone.
    const { version } = document;
    const composed = await drafts.compose(document, { signal });
    return readDraft(document, { document, version, composed }, reader, signal);
  }
  // One that was never saved, in another language by now or gone.
  if (uri.scheme === 'untitled' && !document) throw vscode.FileSystemError.FileNotFound(uri);
  const octets = await octetsOf(uri, document);
  const { bytes, size } = beginning(octets);
  signal.throwIfAborted();
  const view = await reader.read(bytes, size, signal);
  if (!document) {
    const source = { input: checkInputOf(view), place: () => undefined, written: () => undefined };
    return { view, ...fine, source };
  }
  // For the places in it: the message itself may have been read in another thread.
  await loadCharsetsOf(document);
  const source = finishedSource(document.getText(), view);
  return { view, ...fine, source, spots: new Spots(view, source), document, version: document.version };
}

/** Those of the file; of what is none, such as a text that an extension provides, those of its document. */
async function octetsOf(uri: vscode.Uri, document: vscode.TextDocument | undefined): Promise<Uint8Array> {
  if (document && vscode.workspace.fs.isWritableFileSystem(uri.scheme) === undefined)
    return Buffer.from(document.getText());
  return vscode.workspace.fs.readFile(uri);
}

/** The document of a mail; undefined for what an editor can't hold: too large, or not text. */
async function openDocument(uri: vscode.Uri): Promise<vscode.TextDocument | undefined> {
  return openMail(uri).then(
    (document) => document,
    () => undefined,
  );
}

const fine = { problems: [], errors: 0, left: 0 } as const;

async function readDraft(
  document: vscode.TextDocument,
  { composed, version }: Composition,
  reader: MailReader,
  signal: AbortSignal,
): Promise<Previewed> {
  const text = document.getText();
  signal.throwIfAborted();
  const errors = composed.problems.filter(({ severity }) => severity === 'error');
  // Beside a message, only what would keep it from being sent is listed.
  const listed = composed.message ? errors : composed.problems;
  const problems = listed.slice(0, mostProblems).map((problem, index) => {
    const range = toRange(document, problem.range);
    const { severity, code } = problem;
    return { index, severity, code, message: problemSentence(problem), line: range.start.line + 1, range };
  });
  const told = { problems, errors: errors.length, left: listed.length - problems.length };
  if (!composed.message) return { ...told, composed, document };
  const { bytes, size } = await beginningOf(composed.message, signal);
  signal.throwIfAborted();
  const view = await reader.read(bytes, size, signal);
  const source = composed.built ? builtSource(composed.built, view, text) : finishedSource(text, view);
  return { view, ...told, composed, source, spots: new Spots(view, source), document, version };
}
