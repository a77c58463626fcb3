import { choice, dropdown, tabs, toggle } from './controls.js';
import { count, h, icon, keepingOpen, visible } from './dom.js';
import { inboxLine } from './inbox-line.js';
import { attachmentList, clientNote, findingGroups, headerTable, noticeText, problemList, shorten } from './lists.js';
import { MailFrame } from './mail-frame.js';
import { modelAfter } from './news.js';
import { banners, sizeMeter } from './notes.js';
import { probe } from './probe.js';
import { PlainText } from './spots.js';
import { Stage } from './stage.js';

// @ts-expect-error given by VS Code
const vscode = acquireVsCodeApi();

const kept = {
  uri: '',
  tab: 'html',
  /** Whether the text is in front only because a message had no HTML. */
  wantsHtml: false,
  device: 'fit',
  zoom: 'fit',
  scheme: 'light',
  images: true,
  client: '',
  path: /** @type {number[]} */ ([]),
  ...vscode.getState(),
};
const keep = (/** @type {Partial<typeof kept>} */ changes) => {
  const before = JSON.stringify(kept);
  Object.assign(kept, changes);
  if (JSON.stringify(kept) !== before) vscode.setState(kept);
};
const postOptions = () =>
  vscode.postMessage({ type: 'options', scheme: kept.scheme, images: kept.images, path: kept.path });

/** @type {any} */
let model;
/** Of what the extension told last. */
let version = 0;
/** What the shown document belongs to: another message starts at its top. @type {string | undefined} */
let shownPath = '';

const panels = Object.fromEntries(
  ['html', 'text', 'headers', 'attachments', 'checks'].map((id) => [id, h('section', { class: `panel ${id}` })]),
);
const allTabs = tabs({
  label: 'Parts of the message',
  tabs: [
    { id: 'html', label: 'HTML', panel: panels.html },
    { id: 'text', label: 'Text', panel: panels.text },
    { id: 'headers', label: 'Headers', panel: panels.headers },
    { id: 'attachments', label: 'Attachments', panel: panels.attachments },
    { id: 'checks', label: 'Checks', panel: panels.checks },
  ],
  value: kept.tab,
  change(tab) {
    keep({ tab, wantsHtml: false });
    vscode.postMessage({ type: 'checking', on: tab === 'checks' });
    if (tab === 'html') stage.fit();
  },
});

const inbox = h('header', { class: 'inbox', 'aria-label': 'As the inbox shows it' });
const troubles = h('div', { class: 'troubles' });
const live = h('div', { class: 'unseen', role: 'status', 'aria-live': 'polite' });
const banner = h('div', { class: 'banners' });
const linkLine = h('output', { class: 'link-line', title: 'A click with Alt goes there, too' });
const wayBack = 'Double-click: go to source';
/** To where a spot of the message was written. @param {object | undefined} spot */
const goTo = (spot) => vscode.postMessage({ type: 'source', ...(spot ? { spot } : {}) });
const plain = new PlainText(goTo);
const meter = h('div', { class: 'meter' });
const stage = new Stage();
const mail = new MailFrame(stage.field, {
  link: (index) => vscode.postMessage({ type: 'link', index }),
  hover(index, anchor) {
    const target = index === undefined ? (anchor === undefined ? '' : `#${anchor}`) : (model?.html?.links[index] ?? '');
    const words = visible(target) || wayBack;
    // A status that is written anew is read out anew.
    if (linkLine.textContent !== words) linkLine.textContent = words;
  },
  spot: goTo,
});

const devices = choice({
  label: 'Width',
  name: 'device',
  options: [
    { value: 'phone', label: 'Phone', icon: 'phone', title: 'Phone (375 px)' },
    { value: 'tablet', label: 'Tablet', icon: 'tablet', title: 'Tablet (768 px)' },
    { value: 'desktop', label: 'Desktop', icon: 'desktop', title: 'Desktop (1200 px)' },
    { value: 'fit', label: 'Fill', icon: 'fit', title: 'As wide as this panel' },
  ],
  value: kept.device,
  change(device) {
    keep({ device });
    stage.set(kept.device, kept.zoom);
  },
});
const zooms = dropdown({
  label: 'Zoom',
  options: ['fit', '50', '75', '100', '125', '150', '200'].map((value) => ({
    value,
    label: value === 'fit' ? 'Fit' : `${value}%`,
  })),
  value: kept.zoom,
  change(zoom) {
    keep({ zoom });
    stage.set(kept.device, kept.zoom);
  },
});
const schemes = choice({
  label: 'Colours',
  name: 'scheme',
  options: [
    { value: 'light', label: 'Light', icon: 'light' },
    { value: 'dark', label: 'Dark', icon: 'dark', title: 'Dark: the author’s own dark styles' },
    { value: 'inverted', label: 'Inverted', icon: 'inverted', title: 'Inverted: emulates clients that invert colours' },
  ],
  value: kept.scheme,
  change(scheme) {
    keep({ scheme });
    postOptions();
  },
});
const images = toggle({
  label: 'Images',
  title: 'Show images',
  icon: 'image',
  pressed: kept.images,
  change(on) {
    keep({ images: on });
    postOptions();
  },
});

const bar = h(
  'div',
  { class: 'bar', role: 'toolbar', 'aria-label': 'How the HTML is shown' },
  devices.element,
  zooms,
  schemes.element,
  images.element,
);
panels.html.append(bar, banner, stage.element, h('footer', { class: 'foot' }, meter, linkLine));
const source = h(
  'button',
  { type: 'button', class: 'source', title: 'Go to the source', 'aria-label': 'Source' },
  icon('source'),
  h('span', { text: 'Source' }),
);
source.addEventListener('click', () => goTo(undefined));
document
  .getElementById('preview')
  ?.append(
    inbox,
    h('nav', { class: 'top', 'aria-label': 'Views' }, allTabs.element, source),
    troubles,
    h('main', {}, ...Object.values(panels)),
    live,
  );
stage.set(kept.device, kept.zoom);

/** @param {any} message */
function show(message) {
  if (message.uri !== kept.uri && model) begin();
  keep({ uri: message.uri });
  const news = message.news && modelAfter(message.news, { version, model });
  // It counts on what this page does not show: all of it is asked for.
  if (message.news && !news) return vscode.postMessage({ type: 'ready' });
  document.body.classList.toggle('old', !news && model !== undefined);
  showTroubles(message, news !== undefined);
  if (!news) {
    if (!model) showNothing(message.problems.length > 0, message.unread);
    return;
  }
  const first = model === undefined;
  const { differs } = news;
  ({ model, version } = news);
  // A message that was asked for may have gone meanwhile: then the path stays as it was told before.
  keep({ path: model.options.path });
  if (differs('options')) {
    keep({ scheme: model.options.scheme, images: model.options.images });
    schemes.set(kept.scheme);
    images.set(kept.images);
  }
  if (differs('inbox', 'from', 'to', 'cc', 'date', 'around')) showInbox();
  showHtml(news);
  showRest(differs);
  if (!first) return;
  if (kept.tab === 'html' && !model.html && model.text !== undefined) {
    allTabs.select('text');
    keep({ wantsHtml: true });
  } else if (kept.tab === 'text' && kept.wantsHtml && model.html) allTabs.select('html');
}

/** Another message takes the place of the one before: nothing of that one stays. */
function begin() {
  model = undefined;
  shownPath = undefined;
  shorten();
  allTabs.badge('checks', '');
  panels.checks.replaceChildren();
  for (const id of ['text', 'headers', 'attachments', 'checks']) panels[id].scrollTop = 0;
}

/** @param {{ problems: readonly any[], errors: number, left: number, unread: boolean }} told @param {boolean} shows a message as it is now */
function showTroubles({ problems: shown, errors, left, unread }, shows) {
  const open = troubles.querySelector('details')?.open;
  troubles.hidden = shown.length === 0;
  if (shown.length === 0) {
    troubles.replaceChildren();
    return;
  }
  const what = shows
    ? `${count(errors, 'error')} would stop this message from being sent`
    : unread
      ? 'This message could not be read'
      : `${count(errors, 'error')} ${errors === 1 ? 'keeps' : 'keep'} this message from being built`;
  const words = !shows && model ? `${what}; shown as it was before` : what;
  keepingOpen(troubles, () =>
    troubles.replaceChildren(
      h(
        'details',
        { open: open ?? !shows },
        h('summary', { 'data-keep': 'errors' }, icon('error'), h('span', { text: words })),
        problemList('errors', shown, (index) => vscode.postMessage({ type: 'problem', index }), left),
      ),
    ),
  );
  say(words);
}

/** @param {boolean} broken @param {boolean} unread */
function showNothing(broken, unread) {
  mail.clear();
  inbox.replaceChildren();
  const words = unread
    ? 'There is nothing to show: the message could not be read.'
    : broken
      ? 'There is nothing to show until the errors above are repaired.'
      : 'There is nothing to show yet.';
  stage.say(words);
  for (const id of ['text', 'headers', 'attachments'])
    panels[id].replaceChildren(h('p', { class: 'nothing', text: words }));
}

function showInbox() {
  const focused = inbox.contains(document.activeElement) && document.activeElement?.tagName === 'SELECT';
  inbox.replaceChildren(
    ...inboxLine(model, kept.client, {
      client(client) {
        keep({ client });
        showInbox();
      },
      back() {
        keep({ path: kept.path.slice(0, -1) });
        postOptions();
      },
      subject: () => goTo({ where: 'subject' }),
    }),
  );
  if (focused) inbox.querySelector('select')?.focus();
}

/** @param {{ change?: { start: number, end: number, text: string }, differs(...names: string[]): boolean }} news */
function showHtml({ change, differs }) {
  const { html } = model;
  const path = kept.path.join();
  if (html) {
    mail.show(html.document, { keepPlace: path === shownPath, change });
    stage.say('');
  } else {
    mail.clear();
    stage.say(model.notices.map(noticeText).filter(Boolean).join(' ') || 'This message has no HTML.');
  }
  shownPath = path;
  if (differs('html', 'options', 'notices', 'remote', 'missing', 'leftOut', 'undrawn', 'removed', 'darkStyles')) {
    banner.replaceChildren(...banners(model, (allow) => vscode.postMessage({ type: 'remote', allow })));
  }
  bar.hidden = !html;
  if (differs('html', 'size', 'limit')) meter.replaceChildren(...(html ? sizeMeter(html) : []));
}

/** @param {(...names: string[]) => boolean} differs */
function showRest(differs) {
  const { text, headers, attachments, options } = model;
  showText(text);
  if (differs('headers')) {
    keepingOpen(panels.headers, () => panels.headers.replaceChildren(headerTable(headers)));
  }
  if (differs('attachments')) showAttachments(attachments);
  if (options.path.length > 0) allTabs.badge('checks', '');
}

/** @param {readonly any[]} attachments */
function showAttachments(attachments) {
  panels.attachments.replaceChildren(
    attachmentList(attachments, {
      open: (index) => vscode.postMessage({ type: 'attachment', index, action: 'open' }),
      save: (index) => vscode.postMessage({ type: 'attachment', index, action: 'save' }),
      show(index) {
        keep({ path: [...kept.path, index], tab: 'html' });
        postOptions();
        allTabs.select('html');
      },
    }),
  );
  allTabs.badge(
    'attachments',
    attachments.length ? String(attachments.length) : '',
    count(attachments.length, 'attachment'),
  );
}

/** @param {string | undefined} text */
function showText(text) {
  const words = model.html ? 'This message has no plain text of its own.' : 'This message has no text.';
  if (text === undefined) return panels.text.replaceChildren(h('p', { class: 'nothing', text: words }));
  const shown = panels.text.querySelector('pre');
  // What somebody has selected in it stays selected.
  if (shown?.textContent === text) return;
  const pre = h('pre', { dir: 'auto', tabindex: '0', title: wayBack, text });
  panels.text.replaceChildren(pre);
  plain.listen(pre);
}

/** @param {any} message */
function showChecks(message) {
  const { findings, serious, left, reaching } = message;
  const all = Object.values(left).reduce((sum, more) => sum + more, findings.length);
  allTabs.badge('checks', all ? String(all) : '', count(all, 'finding'));
  const post = (/** @type {string} */ type) => () => vscode.postMessage({ type });
  const summary =
    all === 0
      ? 'Nothing was found.'
      : serious === 0
        ? `${count(all, 'remark')}, no warnings`
        : `${count(all, 'finding')}, ${serious.toLocaleString('en-US')} to look at`;
  keepingOpen(panels.checks, () =>
    panels.checks.replaceChildren(
      h(
        'div',
        { class: 'bar' },
        h('p', { class: 'summary', text: summary }),
        h('button', {
          type: 'button',
          class: 'second',
          text: reaching ? 'Asking…' : 'Try Links',
          // Not `disabled`, which would take the focus from who has just pressed it.
          'aria-disabled': String(reaching),
          'data-keep': 'reach',
          title: 'Asks every link of the mail for an answer, one after the other',
          onclick: reaching ? () => {} : post('reach'),
        }),
        h('button', {
          type: 'button',
          class: 'second',
          text: 'Open Report',
          'data-keep': 'report',
          onclick: post('report'),
        }),
      ),
      findingGroups(findings, left, (index) => vscode.postMessage({ type: 'finding', index })),
      clientNote(message),
    ),
  );
  say(reaching ? 'Asking the links' : summary);
}

/** Tells a screen reader, once for every change. @param {string} words */
function say(words) {
  if (live.textContent !== words) live.textContent = words;
}

let probing = 0;
addEventListener('message', async ({ data, source: from }) => {
  // Frames in this page have nothing to say here: those of the mail can run nothing, those of the probe are heard in probe.js.
  if (from === null || [...document.querySelectorAll('iframe')].some((frame) => frame.contentWindow === from)) return;
  if (data?.type === 'show') show(data);
  else if (data?.type === 'point') {
    if (data.spot.where === 'html') mail.point(data.spot.element, data.mark);
    else if (data.spot.where === 'text') plain.point(data.spot.line, data.mark);
  } else if (data?.type === 'tab') allTabs.select(data.tab);
  else if (data?.type === 'checks') showChecks(data);
  else if (data?.type === 'probe') {
    probing = data.id;
    const findings = await probe(data.documents, () => probing === data.id);
    if (probing === data.id) vscode.postMessage({ type: 'probed', id: data.id, findings });
  }
});
postOptions();
vscode.postMessage({ type: 'ready' });
if (kept.tab === 'checks') vscode.postMessage({ type: 'checking', on: true });
