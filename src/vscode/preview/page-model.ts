import { changesOf, type ModelChanges } from '../../inspect/model-changes.ts';
import type { PreviewModel } from '../../inspect/preview-model.ts';

/** How the page is told what to show: all of it, or what differs from what it was told before. */
export type ModelNews =
  | { readonly version: number; readonly model: PreviewModel }
  | { readonly version: number; readonly since: number; readonly changes: ModelChanges };

/**
 * What the page of a preview was told to show. After a keystroke it gets what changed only: on its way to the page a message
 * is written and read three times, and whoever types waits for that.
 */
export class PageModel {
  #version = 0;
  #told: PreviewModel | undefined;

  /** The page begins with nothing, or another message takes the place of this one. */
  forget(): void {
    this.#told = undefined;
  }

  /** To be posted, and in this order: each counts on the one before. */
  tell(model: PreviewModel): ModelNews {
    const before = this.#told;
    this.#told = model;
    const since = this.#version;
    const version = ++this.#version;
    return before ? { version, since, changes: changesOf(before, model) } : { version, model };
  }
}
