/** How long what the cursor stands in is marked. Milliseconds. */
export const marked = 1200;

/**
 * How many code units of an element's text stand before a place in it, those of style sheets apart.
 *
 * @param {Element} element @param {Range} place
 */
export function lengthBefore(element, place) {
  const { startContainer: at, startOffset } = place;
  const texts = element.ownerDocument.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let length = 0;
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    if (text === at) return length + startOffset;
    // Beyond the place, which then stands between two elements.
    if (place.comparePoint(text, 0) > 0) break;
    if (text.parentElement?.tagName !== 'STYLE') length += text.nodeValue?.length ?? 0;
  }
  return length;
}

/** The plain text, of which each place can be told and shown. */
export class PlainText {
  /** @param {(spot: object) => void} goTo */
  constructor(goTo) {
    this.goTo = goTo;
    /** @type {HTMLElement | undefined} */
    this.element = undefined;
  }

  /** @param {HTMLElement} element the one that holds the text, and nothing else */
  listen(element) {
    this.element = element;
    element.addEventListener('dblclick', () => this.#go(getSelection()?.getRangeAt(0)));
    element.addEventListener('click', (event) => {
      if (event.altKey) this.#go(document.caretRangeFromPoint(event.clientX, event.clientY) ?? undefined);
    });
  }

  /** @param {Range | undefined} place */
  #go(place) {
    if (!place || !this.element?.contains(place.startContainer)) return;
    const before = (this.element.textContent ?? '').slice(0, lengthBefore(this.element, place)).split('\n');
    this.goTo({ where: 'text', line: before.length - 1, column: before.at(-1)?.length ?? 0 });
  }

  /** Brings a line before the eyes. @param {number} line @param {boolean} mark */
  point(line, mark) {
    const text = this.element?.firstChild;
    const lines = this.element?.textContent?.split('\n') ?? [];
    if (!text || line >= lines.length) return;
    const start = lines.slice(0, line).reduce((sum, each) => sum + each.length + 1, 0);
    const range = document.createRange();
    range.setStart(text, start);
    range.setEnd(text, start + lines[line].length);
    const panel = this.element?.closest('.panel');
    const { top, bottom } = range.getBoundingClientRect();
    const view = panel?.getBoundingClientRect();
    if (!panel || !view || view.height === 0) return;
    if (top < view.top || bottom > view.bottom) panel.scrollBy(0, top - view.top - view.height / 4);
    if (!mark) return;
    const here = new Highlight(range);
    CSS.highlights.set('here', here);
    setTimeout(() => {
      if (CSS.highlights.get('here') === here) CSS.highlights.delete('here');
    }, marked);
  }
}
