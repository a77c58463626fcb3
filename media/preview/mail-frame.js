import { h } from './dom.js';

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
   * @param {{ link(index: number): void, hover(index: number | undefined, anchor: string | undefined): void }} events
   */
  constructor(stage, events) {
    this.stage = stage;
    this.events = events;
    /** @type {HTMLIFrameElement | undefined} */
    this.front = undefined;
    /** @type {HTMLIFrameElement | undefined} */
    this.back = undefined;
    this.document = '';
  }

  /** @param {string} source the whole document @param {{ keepPlace: boolean }} options */
  show(source, { keepPlace }) {
    if (source === this.document) return;
    this.document = source;
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
    this.front = this.back = undefined;
    this.document = '';
  }

  /** @param {HTMLIFrameElement} frame @param {boolean} keepPlace */
  #swap(frame, keepPlace) {
    const before = this.front;
    const view = frame.contentWindow;
    if (!view) return;
    this.#listen(view);
    if (before?.contentWindow && keepPlace) view.scrollTo(before.contentWindow.scrollX, before.contentWindow.scrollY);
    const hadFocus = document.activeElement === before;
    frame.classList.remove('loading');
    this.front = frame;
    this.back = undefined;
    if (hadFocus) frame.focus({ preventScroll: true });
    before?.remove();
    this.events.hover(undefined, undefined);
  }

  /** @param {Window} view */
  #listen(view) {
    const pressed = (/** @type {Event} */ event) => {
      const link = linkOf(event);
      if (!link) return;
      event.preventDefault();
      const anchor = link.getAttribute('data-mailbench-anchor');
      if (anchor !== null) scrollToAnchor(view, anchor);
      else if (event.type === 'click') this.events.link(Number(link.getAttribute('data-mailbench-link')));
    };
    view.addEventListener('click', pressed);
    view.addEventListener('auxclick', pressed);
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
