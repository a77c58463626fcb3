import { isDeepStrictEqual } from 'node:util';
import { type TextChange, textChange } from '../base/text-change.ts';
import type { HtmlModel, PreviewModel } from './preview-model.ts';

/** What of one model differs from another: plain data, a few hundred octets after a keystroke where the whole has pictures in it. */
export interface ModelChanges {
  /** What is new or different; `html` only where there was none. */
  readonly fields: Readonly<Partial<PreviewModel>>;
  /** What there is no longer. */
  readonly gone: readonly (keyof PreviewModel)[];
  /** Of the HTML, where both have it. */
  readonly html?: {
    readonly fields: Readonly<Partial<Omit<HtmlModel, 'document'>>>;
    readonly document?: TextChange;
  };
}

/** What to do to `before` to have `now`; `modelAfter` of the page does it. */
export function changesOf(before: PreviewModel, now: PreviewModel): ModelChanges {
  const { html: htmlBefore, ...restBefore } = before;
  const { html: htmlNow, ...restNow } = now;
  const gone = (Object.keys(before) as (keyof PreviewModel)[]).filter((name) => now[name] === undefined);
  const fields: Partial<PreviewModel> = differing(restBefore, restNow);
  if (!htmlBefore || !htmlNow) return { fields: htmlNow ? { ...fields, html: htmlNow } : fields, gone };
  const { document: documentBefore, ...factsBefore } = htmlBefore;
  const { document: documentNow, ...factsNow } = htmlNow;
  const facts = differing(factsBefore, factsNow);
  const document = textChange(documentBefore, documentNow);
  if (!document && Object.keys(facts).length === 0) return { fields, gone };
  return { fields, gone, html: { fields: facts, ...(document ? { document } : {}) } };
}

function differing<Fields extends object>(before: Fields, now: Fields): Partial<Fields> {
  const names = Object.keys(now) as (keyof Fields)[];
  const different = names.filter((name) => !isDeepStrictEqual(before[name], now[name]));
  return Object.fromEntries(different.map((name) => [name, now[name]])) as Partial<Fields>;
}
