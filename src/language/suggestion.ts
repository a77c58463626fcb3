import type { Range } from '../base/problem.ts';
import type { DataRecord } from '../template/data.ts';

export type SuggestionKind =
  | 'field'
  | 'setting'
  | 'value'
  | 'address'
  | 'directive'
  | 'attribute'
  | 'file'
  | 'picture'
  | 'folder'
  | 'cid'
  | 'variable'
  | 'helper'
  | 'server';

/** One entry of a completion list, as plain data. */
export interface Suggestion {
  readonly label: string;
  readonly kind: SuggestionKind;
  /** What it replaces. */
  readonly range: Range;
  /** What comes in; the label where it is left out. */
  readonly insert?: string;
  /** Whether `insert` is a snippet with `${1:…}` in it. */
  readonly snippet?: true;
  /** A few words behind the label. */
  readonly detail?: string;
  /** What it is for, as Markdown. */
  readonly documentation?: string;
  /** The picture that it stands for, relative to the document: whoever can show it does. */
  readonly picture?: string;
  /** What the typed text is compared with, where that is not the label. */
  readonly filter?: string;
  /** Entries stand in the order of these, then of their labels. */
  readonly sort?: string;
  /** Whether the list opens again once it is in, for what comes behind it. */
  readonly again?: true;
}

/** An address that other documents of the workspace use. */
export interface KnownAddress {
  /** `Ann <ann@a.example>`, ready to be written. */
  readonly text: string;
  /** Lower case, for comparing. */
  readonly address: string;
  /** In how many documents. */
  readonly uses: number;
}

export interface FolderEntry {
  readonly name: string;
  readonly folder: boolean;
}

/** What completion and hover know beside the document: all of it gathered before, nothing is waited for. */
export interface Surroundings {
  readonly addresses: readonly KnownAddress[];
  readonly servers: readonly string[];
  /** The chosen record of `@data`. */
  readonly record?: DataRecord;
  /** How many records the data has. */
  readonly records?: number;
  /** What a folder holds, by its path relative to the document (`''`, `images/`, `../`). */
  folder(path: string): readonly FolderEntry[];
  /** Where in the workspace files of that very name are: their paths relative to the document. */
  named(name: string): readonly string[];
  /** The present moment, in milliseconds since the epoch, and the minutes east of UTC. */
  readonly now: { readonly epochMs: number; readonly offset: number };
}

export const NO_SURROUNDINGS: Surroundings = {
  addresses: [],
  servers: [],
  folder: () => [],
  named: () => [],
  now: { epochMs: 0, offset: 0 },
};

/** Text in a snippet that is to stand as it is. */
export function plainSnippet(text: string): string {
  return text.replace(/[\\$}]/g, '\\$&');
}
