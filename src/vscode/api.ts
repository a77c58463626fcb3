import type * as vscode from 'vscode';
import type { Envelope } from '../base/envelope.ts';
import type { Document } from '../document/nodes.ts';
import type { DocumentProblem } from '../document/problems.ts';
import type { Problem } from '../send/composed.ts';
import type { SendResult } from './mailer.ts';

export interface ParsedMail {
  readonly document: Document;
  readonly problems: readonly DocumentProblem[];
}

/** A problem with its sentence, for those who show it elsewhere. */
export interface ToldProblem {
  readonly problem: Problem;
  readonly sentence: string;
}

export interface BuiltMail {
  /** The octets that *Send Email* would send; undefined where the errors leave none. */
  readonly message?: Uint8Array;
  readonly envelope?: Envelope;
  readonly problems: readonly ToldProblem[];
}

/** What `activate()` hands to other extensions: `extensions.getExtension('mailbench.mailbench').exports`. */
export interface MailbenchApi {
  /** The tree of a document, with offsets, and what is wrong with it. Total: takes any text. */
  parse(text: string): Promise<ParsedMail>;
  /** What the document at `uri`, as the editor holds it, becomes. */
  build(uri: vscode.Uri): Promise<BuiltMail>;
  /**
   * Sends it, with every question that *Send Email* would ask, and no message at the end: the result tells. `server`: a
   * name of `mailbench.servers`, in place of the active one.
   */
  send(uri: vscode.Uri, options?: { readonly server?: string; readonly signal?: AbortSignal }): Promise<SendResult>;
}
