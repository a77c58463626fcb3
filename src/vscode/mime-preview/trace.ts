import type * as vscode from 'vscode';
import { type Trace, traceOf } from '../../language/trace.ts';
import { analysisOf } from '../language/analyses.ts';
import { type ShownPreview, shownIn } from './shown-previews.ts';

const traces = new WeakMap<ShownPreview, Trace>();

/** The way between the document and its preview; undefined where one of the two has gone on meanwhile. */
export function traceIn(preview: vscode.TextDocument): Trace | undefined {
  const shown = shownIn(preview);
  if (!shown?.message) return undefined;
  const { document, version, composed } = shown.composition;
  if (document.isClosed || document.version !== version) return undefined;
  let trace = traces.get(shown);
  if (!trace) {
    trace = traceOf(analysisOf(document), shown.message, composed.built);
    traces.set(shown, trace);
  }
  return trace;
}
