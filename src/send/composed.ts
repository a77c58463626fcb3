import type { Envelope } from '../base/envelope.ts';
import type { Clock, FileAccess } from '../base/ports.ts';
import type { ProblemBase, Range } from '../base/problem.ts';
import type { ByteSource } from '../base/source.ts';
import type { Turn } from '../base/steps.ts';
import type { FinishedChange } from '../document/finished.ts';
import type { Document } from '../document/nodes.ts';
import type { ParseResult } from '../document/parse.ts';
import type { DocumentProblem } from '../document/problems.ts';
import type { AdviceProblem } from '../language/advice.ts';
import type { DkimKeys } from '../mime/build.ts';
import type { BuiltMessage } from '../mime/built.ts';
import type { MimeProblem } from '../mime/problems.ts';
import type { DataResult } from '../template/data.ts';
import type { DataProblem, TemplateProblem } from '../template/problems.ts';
import type { Elsewhere } from './compose-jobs.ts';

/** What can be wrong only where document and servers come together. */
export type ComposeProblem =
  /** The server that `@server` names is not configured; told by whoever knows the servers, with `checkServerName`. */
  ProblemBase<'unknown-server'> & {
    readonly name: string;
    readonly known: readonly string[];
    readonly suggestion?: string;
  };

/** Everything that can be said about a document, told apart by `code`; `sentences/problem.ts` has the words. */
export type Problem = DocumentProblem | TemplateProblem | DataProblem | MimeProblem | ComposeProblem | AdviceProblem;

export interface ComposeInput {
  /** The document, as the editor holds it. */
  readonly text: string;
  /** What parsing the text gave, where that was done before. */
  readonly parsed?: ParseResult;
  /** The octets on disk, where it is on disk: what a finished message without changes is sent as. */
  readonly disk?: Uint8Array;
  /** Whether `text` differs from what is on disk. */
  readonly edited?: boolean;
  /** Absolute; undefined for a document that was never saved. */
  readonly path?: string;
  /** Absolute: what no file may stand outside of. By default the folder of the document. */
  readonly workspaceRoot?: string;
  /** See draft-seed.ts. */
  readonly seed: string;
  /** The instant of the Date field, in milliseconds since the epoch; by default, now. */
  readonly date?: number;
  /** The instant that `$timestamp` and `$date` tell, for as long as the seed holds; by default `date`, else now. */
  readonly drafted?: number;
  /** Which record of the data, in place of `@record`: a number from 1, or `name=value`. */
  readonly record?: string;
  /** A data file in place of `@data`: absolute, and wherever the person wants it. */
  readonly data?: string;
  /** Data that was read already, by path: for many records of one set. Filled, and looked into. */
  readonly dataSets?: Map<string, DataResult>;
  /** Values beside, and above, those of `@var`. */
  readonly variables?: Readonly<Record<string, string>>;
  /** The reverse-path of the server's settings. */
  readonly serverEnvelopeFrom?: string;
  readonly signal?: AbortSignal;
}

export interface ComposePorts {
  readonly files: FileAccess;
  readonly clock: Clock;
  /** The environment, for `{{$env.NAME}}`; left out in a workspace that is not trusted. */
  readonly environment?: (name: string) => string | undefined;
  readonly dkimKeys?: DkimKeys;
  /** Where others wait for the same thread while somebody types; by default nobody does. */
  readonly turn?: Turn;
  /** For the same, where what takes long is done that can't be done in turns. */
  readonly elsewhere?: Elsewhere;
}

/** What the guard needs to know about the text, whatever kind it is. */
export interface GuardFacts {
  /** `{{` in a document without data: the first of them. */
  readonly templateWithoutData?: { readonly expression: string; readonly range: Range };
  /** A known directive at the start of a line of a finished message's body. */
  readonly directiveInFinished?: { readonly keyword: string; readonly count: number; readonly range: Range };
  readonly noSubject: boolean;
  readonly noText: boolean;
}

/** A document made into what would be sent: what preview, check, CLI and send all go by. */
export interface Composed {
  readonly kind: 'composed' | 'finished';
  readonly document: Document;
  /** What names the document in confirmations: its path, or the seed of one that was never saved. */
  readonly key: string;
  readonly workspaceRoot?: string;
  /** Undefined where the errors leave none. */
  readonly envelope?: Envelope;
  /** Undefined where the errors leave none. It may be there beside errors: a preview shows what it can. */
  readonly message?: ByteSource;
  /** The same message with its parts and fields, for a composed document. */
  readonly built?: BuiltMessage;
  /** In order of place. */
  readonly problems: readonly Problem[];
  /** What a finished message goes through on its way out (DOCUMENT.md, "Finished or composed"). */
  readonly changes: readonly FinishedChange[];
  readonly facts: GuardFacts;
  /** What `@server` names. */
  readonly server?: { readonly name: string; readonly range: Range };
  /** Which record of how many the message was made with, counted from 1. */
  readonly record?: { readonly index: number; readonly count: number };
}

export function hasErrors(composed: Composed): boolean {
  return composed.problems.some((problem) => problem.severity === 'error');
}
