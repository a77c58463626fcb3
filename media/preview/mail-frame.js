import { h } from './dom.js';
import { retext, retextAt } from './retext.js';
import { lengthBefore, marked } from './spots.js';

/** How long a document may load before it is shown as far as it is: a picture from elsewhere may never come. Milliseconds. */
const patience = 250;

/**
 * The frame that shows a mail. Its documents run no script (`sandbox` has no `allow-scripts`); `allow-same-origin` lets this page
 * keep the place where one reads and see which link is pressed. A new document loads in a second frame behind the first, and the
 * two change places once it stands: nothing flickers.
 */
export class MailFrame {
  /**
   * @param {HTMLElement} stage
   * @param {{ link(index: number): void, hover(index: number | undefined, anchor: string | undefined): void, spot(spot: object | undefined): void }} events
   */
  constructor(stage, events) {
    this.stage = stage;
    this.events = events;
    /** @type {HTMLIFrameElement | undefined} */
    this.front = undefined;
    /** @type {HTMLIFrameElement | undefined} */
    this.back = undefined;
    this.document = '';
    /** What to show once the document that holds it stands. @type {{ element: number, mark: boolean } | undefined} */
    this.pointed = undefined;
  }

  /**
   * Brings an element before the eyes: one that is seen already stays where it is.
   *
   * @param {number} element its number @param {boolean} mark
   */
  point(element, mark) {
    if (this.back) this.pointed = { element, mark };
    else this.#point(element, mark);
  }

  /** @param {number} number @param {boolean} mark */
  #point(number, mark) {
    const view = this.front?.contentWindow;
    const element = view?.document.querySelector(`[data-mailbench-n="${number}"]`);
    if (!view || !element) return;
    const { top, bottom, height } = element.getBoundingClientRect();
    // Hidden text, such as a preheader, has no place; nothing has one while another tab is in front.
    if (height === 0 || view.innerHeight === 0) return;
    const seen = Math.min(bottom, view.innerHeight) - Math.max(top, 0);
    if (seen < Math.min(height, 24)) view.scrollBy(0, top - view.innerHeight / 4);
    if (!mark) return;
    for (const other of view.document.querySelectorAll('[data-mailbench-here]')) {
      other.removeAttribute('data-mailbench-here');
    }
    element.setAttribute('data-mailbench-here', '');
    clearTimeout(this.marking);
    this.marking = setTimeout(() => element.removeAttribute('data-mailbench-here'), marked);
  }

  /**
   * @param {string} source the whole document
   * @param {{ keepPlace: boolean, change?: { start: number, end: number, text: string } | undefined }} options `change`: what makes
   *   it of the one before
   */
  show(source, { keepPlace, change }) {
    const before = this.document;
    if (source === before) return;
    this.document = source;
    const shown = keepPlace && !this.back && this.front ? documentOf(this.front) : undefined;
    if (shown && ((change && retextAt(shown, before, change)) || retext(shown, source))) return;
    // One that was still loading is of no use any more.
    this.back?.remove();
    const frame = /** @type {HTMLIFrameElement} */ (
      h('iframe', { sandbox: 'allow-same-origin', referrerpolicy: 'no-referrer', title: 'Message', class: 'loading' })
    );
    this.back = frame;
    let swapped = false;
    const swap = () => {
      if (swapped || this.back !== frame) return;
      swapped = true;
      this.#swap(frame, keepPlace);
    };
    frame.addEventListener('load', () => {
      // The empty document that a frame begins with has an end, too.
      if (locationOf(frame) === 'about:srcdoc') swap();
    });
    frame.srcdoc = source;
    this.stage.append(frame);
    setTimeout(() => locationOf(frame) === 'about:srcdoc' && swap(), patience);
  }

  clear() {
    this.front?.remove();
    this.back?.remove();
    this.front = this.back = this.pointed = undefined;
    this.document = '';
  }

  /** @param {HTMLIFrameElement} frame @param {boolean} keepPlace */
  #swap(frame, keepPlace) {
    const before = this.front;
    const view = frame.contentWindow;
    if (!view) return;
    this.#listen(view);
    if (before?.contentWindow && keepPlace) keepScroll(frame, view, before.contentWindow);
    const hadFocus = document.activeElement === before;
    frame.classList.remove('loading');
    this.front = frame;
    this.back = undefined;
    if (hadFocus) frame.focus({ preventScroll: true });
    before?.remove();
    const { pointed } = this;
    this.pointed = undefined;
    if (pointed) this.#point(pointed.element, pointed.mark);
    this.events.hover(undefined, undefined);
  }

  /** @param {Window} view */
  #listen(view) {
    const pressed = (/** @type {MouseEvent} */ event) => {
      const link = linkOf(event);
      if (link) event.preventDefault();
      if (event.altKey && event.type === 'click') return this.events.spot(spotOf(view, event));
      if (!link) return;
      const anchor = link.getAttribute('data-mailbench-anchor');
      if (anchor !== null) scrollToAnchor(view, anchor);
      else if (event.type === 'click') this.events.link(Number(link.getAttribute('data-mailbench-link')));
    };
    view.addEventListener('click', pressed);
    view.addEventListener('auxclick', pressed);
    view.addEventListener('dblclick', (event) => {
      // The first click of two has followed a link already.
      if (!linkOf(event)) this.events.spot(spotOf(view, event));
    });
    view.addEventListener('submit', (event) => event.preventDefault());
    view.addEventListener('dragstart', (event) => event.preventDefault());
    const hovered = (/** @type {Event} */ event) => {
      const link = linkOf(event);
      const index = link?.getAttribute('data-mailbench-link');
      this.events.hover(
        index === null || index === undefined ? undefined : Number(index),
        link?.getAttribute('data-mailbench-anchor') ?? undefined,
      );
    };
    view.addEventListener('mouseover', hovered);
    view.addEventListener('focusin', hovered);
    view.addEventListener('mouseout', () => this.events.hover(undefined, undefined));
    // The editor's shortcuts work here as they do around it.
    view.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || /^F\d+$|^Escape$/.test(event.key)) {
        window.dispatchEvent(new KeyboardEvent('keydown', event));
      }
    });
  }
}

/**
 * Scrolls to where the frame before was; once more when all of it stands, where it was too short without its pictures and
 * nobody has scrolled since.
 *
 * @param {HTMLIFrameElement} frame @param {Window} view @param {Window} before
 */
function keepScroll(frame, view, before) {
  const { scrollX, scrollY } = before;
  view.scrollTo(scrollX, scrollY);
  const reached = view.scrollY;
  if (reached < Math.floor(scrollY)) {
    frame.addEventListener('load', () => view.scrollY === reached && view.scrollTo(scrollX, scrollY), { once: true });
  }
}

/** The document of a mail that stands in the frame. @param {HTMLIFrameElement} frame */
function documentOf(frame) {
  return locationOf(frame) === 'about:srcdoc' ? (frame.contentDocument ?? undefined) : undefined;
}

/** @param {HTMLIFrameElement} frame */
function locationOf(frame) {
  try {
    return frame.contentWindow?.location.href;
  } catch {
    // It is somewhere else, where nothing of it can be read; it must not be shown.
    return undefined;
  }
}

/** @param {Event} event @returns {Element | null} */
function linkOf(event) {
  const target = /** @type {Node | null} */ (event.target);
  const element = target?.nodeType === Node.ELEMENT_NODE ? /** @type {Element} */ (target) : target?.parentElement;
  return element?.closest('[data-mailbench-link], [data-mailbench-anchor], a, area') ?? null;
}

/**
 * What was pressed, by the element's number and the text of it before that place: the beginning of the word, for two clicks.
 *
 * @param {Window} view @param {MouseEvent} event
 */
function spotOf(view, event) {
  const target = /** @type {Element} */ (event.target);
  const element = target.closest?.('[data-mailbench-n]');
  if (!element) return undefined;
  const selection = view.getSelection();
  const word = event.type === 'dblclick' && selection?.rangeCount ? selection.getRangeAt(0) : undefined;
  const caret = word ?? view.document.caretRangeFromPoint(event.clientX, event.clientY);
  const offset = caret && element.contains(caret.startContainer) ? lengthBefore(element, caret) : 0;
  return { where: 'html', element: Number(element.getAttribute('data-mailbench-n')), offset };
}

/** @param {Window} view @param {string} anchor */
function scrollToAnchor(view, anchor) {
  let name = anchor;
  try {
    name = decodeURIComponent(anchor);
  } catch {
    // As it was written, then.
  }
  if (name === '' || name.toLowerCase() === 'top') view.scrollTo(0, 0);
  const selector = `[id="${CSS.escape(name)}"], a[name="${CSS.escape(name)}"]`;
  view.document.querySelector(selector)?.scrollIntoView();
}
