/** Where words stand in a text editor of VS Code, and whether one would type there. */
import type { Locator } from 'playwright-core';

export interface Place {
  /** In CSS pixels of the window. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Whether the editor has the focus, and its cursor within the words. */
  readonly cursor: boolean;
}

/** Looks for `text` on the first visible line that begins with `line` and holds it. */
export function placeIn(editor: Locator, line: string, text: string): Promise<Place | undefined> {
  return editor.evaluate(
    (editor, [line = '', text = '']) => {
      const top = (each: Element) => each.getBoundingClientRect().top;
      const lines = [...editor.querySelectorAll('.view-line')].sort((a, b) => top(a) - top(b));
      for (const each of lines) {
        const whole = (each.textContent ?? '').replaceAll('\u00a0', ' ');
        const from = whole.indexOf(text);
        const to = from + text.length;
        if (from < 0 || !whole.startsWith(line)) continue;
        // Each token is an element of its own.
        const range = document.createRange();
        const texts = document.createTreeWalker(each, NodeFilter.SHOW_TEXT);
        let at = 0;
        for (let node = texts.nextNode(); node; node = texts.nextNode()) {
          const { length } = node.nodeValue ?? '';
          if (from >= at && from < at + length) range.setStart(node, from - at);
          if (to > at && to <= at + length) range.setEnd(node, to - at);
          at += length;
        }
        const { x, y, width, height } = range.getBoundingClientRect();
        const cursor = editor.querySelector('.cursors-layer .cursor')?.getBoundingClientRect();
        const within =
          cursor !== undefined &&
          editor.classList.contains('focused') &&
          Math.abs(cursor.top + cursor.height / 2 - y - height / 2) < height / 2 &&
          cursor.left > x - 3 &&
          cursor.left < x + width + 3;
        return { x, y, width, height, cursor: within };
      }
      return undefined;
    },
    [line, text],
  );
}
