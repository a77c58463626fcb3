import { bytes, count, h, icon, visible } from './dom.js';

/** The words for what keeps a message from being shown as it stands. @param {{ code: string } & Record<string, any>} notice */
export function noticeText(notice) {
  switch (notice.code) {
    case 'empty':
      return 'The message is empty.';
    case 'unreadable':
      return `The message can’t be read: ${notice.reason}`;
    case 'truncated':
      return `Only the first ${bytes(notice.shown)} of ${bytes(notice.size)} are shown.`;
    case 'nested-too-deep':
      return 'Messages attached deeper than five levels are shown as files only.';
    case 'no-body':
      return 'The message has a header only: no text and no attachments.';
    default:
      return '';
  }
}

/** @param {readonly { name: string, value: string, raw: string }[]} headers */
export function headerTable(headers) {
  const table = h('table', { class: 'headers' }, h('caption', { class: 'unseen', text: 'Header fields' }));
  const body = h('tbody');
  for (const { name, value, raw } of headers) {
    const cell = h('td', {}, h('bdi', { text: visible(value) }));
    if (raw !== value) {
      const keep = `${name} ${body.childElementCount}`;
      const summary = h('summary', { 'data-keep': `${keep} raw`, text: 'as it travels' });
      cell.append(h('details', { 'data-keep': keep }, summary, h('code', { text: visible(raw) })));
    }
    body.append(h('tr', {}, h('th', { scope: 'row', text: visible(name) }), cell));
  }
  table.append(body);
  return table;
}

const roles = { inline: 'shown in the text', alternative: 'another form of the text', attached: '' };

/**
 * @param {readonly any[]} attachments
 * @param {{ open(index: number): void, save(index: number): void, show(index: number): void }} actions
 */
export function attachmentList(attachments, actions) {
  if (attachments.length === 0) return h('p', { class: 'nothing', text: 'Nothing is attached.' });
  const list = h('ul', { class: 'attachments' });
  for (const each of attachments) {
    const name = visible(each.name) || (each.contentId ? `cid:${visible(each.contentId)}` : 'without a name');
    const facts = [visible(each.type), bytes(each.size), roles[/** @type {keyof typeof roles} */ (each.role)]];
    if (each.contentId && each.name) facts.push(`cid:${visible(each.contentId)}`);
    const button = (/** @type {string} */ text, /** @type {() => void} */ act, main = false) =>
      h('button', {
        type: 'button',
        class: main ? 'main' : 'second',
        text,
        'aria-label': `${text} ${name}`,
        onclick: act,
      });
    list.append(
      h(
        'li',
        {},
        h(
          'div',
          { class: 'thumb' },
          each.picture ? h('img', { src: each.picture, alt: '' }) : icon(each.message ? 'mail' : 'file'),
        ),
        h(
          'div',
          { class: 'what' },
          h('bdi', { class: 'name', text: name }),
          h('span', { class: 'facts', text: facts.filter(Boolean).join(' · ') }),
        ),
        each.message && button('Show', () => actions.show(each.index), true),
        button('Open', () => actions.open(each.index)),
        button('Save…', () => actions.save(each.index)),
      ),
    );
  }
  return list;
}

const checkNames = {
  support: 'Client support',
  links: 'Links',
  images: 'Pictures',
  accessibility: 'Accessibility',
  spam: 'What filters may mind',
  text: 'Plain text against HTML',
  placeholders: 'Placeholders',
  weight: 'Weight',
};

/** So many problems are shown at first, and as many more each time: nobody reads thousands, and laying them out takes seconds. */
const shownAtOnce = 200;

/** How many of a list somebody asked for, by its name. @type {Map<string, number>} */
const asked = new Map();

/** Lists are short again, as those of another message. */
export function shorten() {
  asked.clear();
}

/**
 * @param {string} name keeps what was asked for when the list is made anew
 * @param {readonly any[]} problems
 * @param {(index: number) => void} reveal
 * @param {number} left how many there are beside them, which the page does not have
 */
export function problemList(name, problems, reveal, left = 0) {
  const list = h('ul', { class: 'problems' });
  /** @param {number} from @param {number} to */
  const add = (from, to) => {
    for (const each of problems.slice(from, to)) list.append(problemItem(each, reveal));
    if (to >= problems.length) {
      if (left > 0)
        list.append(h('li', { class: 'more' }, h('span', { text: `${count(left, 'more', 'more')} not shown` })));
      return;
    }
    const next = Math.min(problems.length, to + shownAtOnce);
    const more = h('button', {
      type: 'button',
      class: 'second',
      'data-keep': `${name} more`,
      text: `Show ${count(next - to, 'more', 'more')}`,
      onclick() {
        asked.set(name, next);
        last.remove();
        add(to, next);
        // Who pressed it by keyboard goes on where the list does.
        /** @type {HTMLElement | null | undefined} */ (list.children[to]?.querySelector('button'))?.focus();
      },
    });
    const last = h(
      'li',
      { class: 'more' },
      h('span', { text: `${count(problems.length - to + left, 'more', 'more')} not shown` }),
      more,
    );
    list.append(last);
  };
  add(0, Math.max(shownAtOnce, asked.get(name) ?? 0));
  return list;
}

/** @param {any} each @param {(index: number) => void} reveal */
function problemItem(each, reveal) {
  const where = each.line > 0 ? `line ${each.line}` : '';
  const words = [
    h('span', { class: 'unseen', text: `${each.severity}: ` }),
    h('span', { class: 'sentence', text: each.message }),
    h('span', { class: 'code', text: [where, each.code].filter(Boolean).join(' · ') }),
  ];
  const body =
    each.line > 0
      ? h(
          'button',
          {
            type: 'button',
            class: 'problem',
            'data-keep': `${each.code} ${each.line}`,
            onclick: () => reveal(each.index),
          },
          icon(each.severity),
          h('span', {}, ...words),
        )
      : h('div', { class: 'problem' }, icon(each.severity), h('span', {}, ...words));
  return h('li', { class: each.severity }, body);
}

const severities = ['error', 'warning', 'information', 'hint'];

/**
 * What was found, by check; in each the gravest first, and of equals the one that stands first in the message.
 *
 * @param {readonly any[]} findings
 * @param {Readonly<Record<string, number>>} left how many more there are of each check, which the page does not have
 * @param {(index: number) => void} reveal
 */
export function findingGroups(findings, left, reveal) {
  const groups = h('div', { class: 'groups' });
  for (const [check, name] of Object.entries(checkNames)) {
    const own = findings
      .filter((finding) => finding.check === check)
      .sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
    if (own.length === 0) continue;
    const all = own.length + (left[check] ?? 0);
    const serious = own[0].severity === 'error' || own[0].severity === 'warning';
    groups.append(
      h(
        'details',
        { open: serious || findings.length < 12 || own.length === findings.length, 'data-keep': check },
        h(
          'summary',
          { 'data-keep': `${check} summary` },
          h('span', { text: name }),
          h('span', { class: 'badge', text: String(all), 'aria-label': count(all, 'finding') }),
        ),
        problemList(check, own, reveal, left[check]),
      ),
    );
  }
  return groups;
}

/**
 * Whose word the client support is, of which day and for whom.
 *
 * @param {{ dataDate?: string, clients: readonly string[], unknownClients?: readonly string[] }} facts
 */
export function clientNote({ dataDate, clients, unknownClients = [] }) {
  if (!dataDate) return '';
  const unknown = unknownClients.map((name) => `“${visible(name)}”`).join(', ');
  const text = `Client support: caniemail, ${dataDate}, for ${clients.join(', ') || 'no client'}.`;
  const wrong = unknown ? ` No client has the name ${unknown}: see the setting mailbench.check.clients.` : '';
  return h('p', { class: 'source-note', text: text + wrong });
}
