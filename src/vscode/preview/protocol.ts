import type { Severity } from '../../base/problem.ts';
import type { CheckName } from '../../inspect/checks/problems.ts';
import type { ProbeDocument } from '../../inspect/probe-documents.ts';
import type { ColorScheme } from '../../inspect/sandbox.ts';
import type { Spot } from '../../inspect/spots.ts';
import type { ModelNews } from './page-model.ts';

/** What the extension posts to the page of the preview. */
export type ToPage =
  | {
      readonly type: 'show';
      /** What the document is called. */
      readonly title: string;
      /** What the page's state names the document by, for when VS Code brings the panel back. */
      readonly uri: string;
      /** Undefined where there is no message to show; the page keeps the one before and says that it is old. */
      readonly news?: ModelNews;
      /** Whether that is because the message could not be read; otherwise errors in its document leave none. */
      readonly unread: boolean;
      /** Beside a message the errors only; the first of them, where there are very many. */
      readonly problems: readonly PageProblem[];
      readonly errors: number;
      /** How many more problems there are. */
      readonly left: number;
    }
  | { readonly type: 'tab'; readonly tab: 'checks' }
  /** The cursor came to stand in what is shown there; `mark` where that should be seen. */
  | { readonly type: 'point'; readonly spot: Spot; readonly mark: boolean }
  | {
      readonly type: 'checks';
      /** The gravest of each check, where there are very many. */
      readonly findings: readonly PageFinding[];
      /** Errors and warnings, those included that are not listed. */
      readonly serious: number;
      /** How many more findings each check has. */
      readonly left: Readonly<Partial<Record<CheckName, number>>>;
      /** The day of the client data. */
      readonly dataDate?: string;
      readonly clients: readonly string[];
      /** Names in the setting that no client has. */
      readonly unknownClients: readonly string[];
      readonly reaching: boolean;
    }
  | {
      readonly type: 'probe';
      readonly id: number;
      readonly nonce: string;
      readonly documents: readonly ProbeDocument[];
    };

export interface PageProblem {
  readonly index: number;
  readonly severity: Severity;
  readonly code: string;
  readonly message: string;
  /** From 1; 0 where it has no place. */
  readonly line: number;
}

export interface PageFinding extends PageProblem {
  readonly check: CheckName;
  readonly url?: string;
}

/** What the page posts back. Every one is checked before it is obeyed: see `fromPage`. */
export type FromPage =
  | { readonly type: 'ready' }
  | {
      readonly type: 'options';
      readonly scheme: ColorScheme;
      readonly images: boolean;
      readonly path: readonly number[];
    }
  | { readonly type: 'remote'; readonly allow: boolean }
  /** To the document, or to a spot of it. */
  | { readonly type: 'source'; readonly spot?: Spot }
  | { readonly type: 'link'; readonly index: number }
  | { readonly type: 'attachment'; readonly index: number; readonly action: 'open' | 'save' }
  | { readonly type: 'problem'; readonly index: number }
  | { readonly type: 'finding'; readonly index: number }
  | { readonly type: 'checking'; readonly on: boolean }
  | { readonly type: 'reach' }
  | { readonly type: 'report' }
  | { readonly type: 'probed'; readonly id: number; readonly findings: readonly unknown[] };

/** A message of the page, or undefined for anything that is none: the page shows mail from anywhere. */
export function fromPage(value: unknown): FromPage | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const message = value as Record<string, unknown>;
  switch (message.type) {
    case 'source': {
      if (message.spot === undefined) return { type: 'source' };
      const spot = spotOf(message.spot);
      return spot && { type: 'source', spot };
    }
    case 'ready':
    case 'reach':
    case 'report':
      return { type: message.type };
    case 'options': {
      const { scheme, images, path } = message;
      const known = scheme === 'light' || scheme === 'dark' || scheme === 'inverted';
      if (!known || typeof images !== 'boolean' || !Array.isArray(path) || path.length > 20 || !path.every(isIndex)) {
        return undefined;
      }
      return { type: 'options', scheme, images, path };
    }
    case 'remote':
      return typeof message.allow === 'boolean' ? { type: 'remote', allow: message.allow } : undefined;
    case 'checking':
      return typeof message.on === 'boolean' ? { type: 'checking', on: message.on } : undefined;
    case 'link':
    case 'problem':
    case 'finding':
      return isIndex(message.index) ? { type: message.type, index: message.index } : undefined;
    case 'attachment':
      if (!isIndex(message.index) || (message.action !== 'open' && message.action !== 'save')) return undefined;
      return { type: 'attachment', index: message.index, action: message.action };
    case 'probed':
      if (!isIndex(message.id) || !Array.isArray(message.findings)) return undefined;
      return { type: 'probed', id: message.id, findings: message.findings };
    default:
      return undefined;
  }
}

function spotOf(value: unknown): Spot | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { where, element, offset, line, column } = value as Record<string, unknown>;
  if (where === 'subject') return { where };
  if (where === 'html' && isIndex(element) && isIndex(offset)) return { where, element, offset };
  if (where === 'text' && isIndex(line) && isIndex(column)) return { where, line, column };
  return undefined;
}

function isIndex(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
