/**
 * Makes an element. Text is only ever set as text: names, subjects and addresses come from mail of anywhere.
 *
 * @param {string} tag
 * @param {Record<string, unknown>} [properties] attributes; `on…` are listeners, `class`, `text` and `dataset` as they say
 * @param {...(Node | string | undefined | false)} children
 * @returns {HTMLElement}
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else if (name === 'text') element.textContent = String(value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children) if (child !== undefined && child !== false) element.append(child);
  return element;
}

/**
 * Makes something anew and leaves open what was open, and the focus where it was: told by `data-keep`.
 *
 * @param {HTMLElement} place @param {() => void} make
 */
export function keepingOpen(place, make) {
  const kept = (/** @type {Element} */ each) => each.getAttribute('data-keep') ?? '';
  const open = new Map([...place.querySelectorAll('details')].map((each) => [kept(each), each.open]));
  const focused = place.contains(document.activeElement) ? document.activeElement : null;
  make();
  for (const each of place.querySelectorAll('details')) {
    const before = open.get(kept(each));
    if (before !== undefined && kept(each) !== '') each.open = before;
  }
  if (!focused || kept(focused) === '') return;
  /** @type {HTMLElement | null} */ (place.querySelector(`[data-keep="${CSS.escape(kept(focused))}"]`))?.focus();
}

/** Strokes of the icons, on a field of 16 by 16. */
const icons = {
  phone: 'M5 1.5h6a1 1 0 0 1 1 1v11a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1v-11a1 1 0 0 1 1-1zM7 12.5h2',
  tablet: 'M3.5 1.5h9a1 1 0 0 1 1 1v11a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1v-11a1 1 0 0 1 1-1zM7 12.5h2',
  desktop: 'M2 2.5h12v8H2zM6 13.5h4M8 10.5v3',
  fit: 'M2.5 8h11M5 5.5 2.5 8 5 10.5M11 5.5 13.5 8 11 10.5M1 2.5v11M15 2.5v11',
  light: 'M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M3 13l1-1M12 4l1-1',
  dark: 'M13.5 9.7A6 6 0 0 1 6.3 2.5a6 6 0 1 0 7.2 7.2z',
  inverted: 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM8 1.5v13M10 3v10M12 4.5v7',
  image: 'M1.5 2.5h13v11h-13zM4.5 5a1 1 0 1 1 0 2 1 1 0 0 1 0-2zM2 12l4-4 3 3 2.5-2.5 3 3',
  source: 'M5.5 4 1.5 8l4 4M10.5 4l4 4-4 4',
  file: 'M3.5 1.5h6l3 3v10h-9zM9.5 1.5v3h3',
  mail: 'M1.5 3.5h13v9h-13zM1.5 4l6.5 5 6.5-5',
  error: 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM5.5 5.5l5 5M10.5 5.5l-5 5',
  warning: 'M8 2 14.5 13.5h-13zM8 6v4M8 11.5v.6',
  information: 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM8 7v4M8 4.5v.6',
  hint: 'M8 1.5a4 4 0 0 1 2 7.5v2H6V9a4 4 0 0 1 2-7.5zM6.5 13.5h3',
  blocked: 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM3.5 3.5l9 9',
  save: 'M8 2v8M4.5 6.5 8 10l3.5-3.5M2.5 13.5h11',
};

/** @param {keyof typeof icons | string} name */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', icons[/** @type {keyof typeof icons} */ (name)] ?? icons.file);
  svg.append(path);
  return svg;
}

/** Octets as a person reads them. @param {number} octets */
export function bytes(octets) {
  if (octets < 1024) return `${octets} B`;
  if (octets < 1024 * 1024) return `${(octets / 1024).toFixed(octets < 10240 ? 1 : 0)} KB`;
  return `${(octets / 1024 / 1024).toFixed(1)} MB`;
}

/** @param {number} number @param {string} one @param {string} [many] */
export function count(number, one, many = `${one}s`) {
  return `${number.toLocaleString('en-US')} ${number === 1 ? one : many}`;
}

/** Text with what would turn its neighbours around, or can't be seen, made visible. @param {string} text */
export function visible(text) {
  return text.replace(
    /[\0-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
