import { bytes, count, h, icon, visible } from './dom.js';
import { noticeText } from './lists.js';

/**
 * What there is to say about the HTML that is shown: what was blocked, what is missing, what is an emulation.
 *
 * @param {any} model
 * @param {(allow: boolean) => void} allowRemote
 * @returns {HTMLElement[]}
 */
export function banners({ html, options, notices }, allowRemote) {
  if (!html) return [];
  /** @type {HTMLElement[]} */
  const items = [];
  const say = (/** @type {string} */ name, /** @type {string} */ text, /** @type {HTMLElement | ''} */ action = '') =>
    items.push(h('div', { class: 'banner' }, icon(name), h('span', { text }), action));
  if (html.remote.length > 0) {
    const button = h('button', {
      type: 'button',
      class: options.remote ? '' : 'main',
      text: options.remote ? 'Block' : 'Allow',
      'aria-label': options.remote ? 'Block remote content' : 'Allow remote content',
      onclick: () => allowRemote(!options.remote),
    });
    say('blocked', `${remoteText(html.remote)} ${options.remote ? 'loaded' : 'blocked'}`, button);
  }
  if (html.missing.length > 0) {
    say('warning', `No part for ${html.missing.map((/** @type {string} */ cid) => `cid:${visible(cid)}`).join(', ')}`);
  }
  if (html.leftOut > 0) {
    const pictures = count(html.leftOut, 'attached picture');
    const [are, them] = html.leftOut === 1 ? ['is', 'it'] : ['are', 'them'];
    say(
      'information',
      `${pictures} ${are} not shown everywhere here, to save memory; mail clients show ${them} everywhere`,
    );
  }
  if (html.undrawn > 0) {
    const [pictures, are] = [count(html.undrawn, 'SVG picture'), html.undrawn === 1 ? 'is' : 'are'];
    say('information', `${pictures} ${are} not shown here: drawing might never end, and most mail clients show no SVG`);
  }
  const removed = Object.entries(html.removed).map(([name, times]) => (Number(times) > 1 ? `${name} ×${times}` : name));
  if (removed.length > 0) say('information', `Taken out, as mail clients do: ${visible(removed.join(', '))}`);
  if (options.scheme === 'inverted') {
    say('inverted', 'Emulation: clients that invert colours each do it in their own way');
  }
  if (options.scheme === 'dark') {
    say(
      'dark',
      html.darkStyles
        ? 'Emulation of dark mode: the author’s dark styles apply'
        : 'No dark styles in this mail: shown as in light',
    );
  }
  for (const text of notices.map(noticeText).filter(Boolean)) say('information', text);
  return items;
}

/** `3 remote resources from cdn.example, 1 of them a likely tracker,`. @param {readonly any[]} remote */
function remoteText(remote) {
  const hosts = [...new Set(remote.map((each) => URL.parse(each.url)?.host ?? each.url))].map(visible);
  const shown = hosts.length > 2 ? `${count(hosts.length, 'host')}` : hosts.join(' and ');
  const trackers = remote.filter((each) => each.tracker).length;
  const what = `${count(remote.length, 'remote resource')} from ${shown}`;
  return trackers > 0 ? `${what} (${count(trackers, 'likely tracker')})` : what;
}

/** How near the HTML is to the size at which Gmail clips. @param {any} html @returns {HTMLElement[]} */
export function sizeMeter({ size, limit }) {
  const share = size / limit;
  const text = `${bytes(size)} of Gmail’s ${bytes(limit)}`;
  const words = share > 1 ? `${text}: it will be clipped` : text;
  const gauge = h(
    'span',
    {
      class: `gauge ${share > 1 ? 'over' : share > 0.9 ? 'near' : 'fine'}`,
      role: 'meter',
      title: 'Gmail cuts a message whose HTML is larger than this, and hides the rest behind a link',
      'aria-label': 'Size of the HTML against Gmail’s limit',
      'aria-valuemin': 0,
      'aria-valuemax': limit,
      'aria-valuenow': Math.min(size, limit),
      'aria-valuetext': words,
    },
    h('span'),
  );
  const fill = /** @type {HTMLElement} */ (gauge.firstElementChild);
  fill.style.width = `${Math.min(100, share * 100)}%`;
  return [gauge, h('span', { text: words })];
}
