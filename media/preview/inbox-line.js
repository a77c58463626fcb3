import { dropdown } from './controls.js';
import { count, h, visible } from './dom.js';

/**
 * How the message stands in a list of messages, uncut or cut as one client cuts it.
 *
 * @param {any} model
 * @param {string} chosen the client, or nothing
 * @param {{ client(id: string): void, back(): void, subject(): void }} actions
 * @returns {Node[]}
 */
export function inboxLine(model, chosen, actions) {
  const { inbox, from, around } = model;
  const client = inbox.clients.find((/** @type {any} */ each) => each.client.id === chosen);
  const { subject, preheader } = client ?? inbox;
  const sender = inbox.sender || 'No sender';
  const clients = dropdown({
    label: 'Inbox line as a client cuts it: characters of subject + preheader, approximate',
    options: [
      { value: '', label: 'Inbox: uncut' },
      ...inbox.clients.map((/** @type {any} */ each) => ({
        value: each.client.id,
        label: `${each.client.name}: ${each.client.subject} + ${each.client.preheader}`,
      })),
    ],
    value: client ? chosen : '',
    change: actions.client,
  });
  const who = h('div', { class: 'who' }, h('bdi', { class: 'sender', text: visible(sender) }));
  if (from[0]?.name) who.append(h('bdi', { class: 'address', text: visible(from[0].address) }));
  if (from.length > 1) who.append(h('span', { class: 'address', text: `and ${count(from.length - 1, 'other')}` }));
  if (model.date !== undefined) who.append(time(new Date(model.date)));
  const to = [...model.to, ...model.cc].map((mailbox) => visible(mailbox.name || mailbox.address));
  const parts = [
    h('div', { class: 'avatar', 'aria-hidden': 'true', text: initial(inbox.sender) }),
    h(
      'div',
      { class: 'line' },
      who,
      h('h1', {
        class: `subject${subject ? '' : ' none'}`,
        dir: 'auto',
        text: visible(subject) || 'No subject',
        ondblclick: actions.subject,
      }),
      h('p', { class: 'preheader', dir: 'auto', text: visible(preheader) || 'No text' }),
      to.length > 0 && h('p', { class: 'to', title: to.join(', ') }, 'To ', h('bdi', { text: to.join(' · ') })),
    ),
    clients,
  ];
  if (around.length === 0) return parts;
  const text = `← Back to “${visible(around.at(-1)) || 'No subject'}”`;
  return [h('button', { type: 'button', class: 'back', text, onclick: actions.back }), ...parts];
}

/** @param {Date} date */
function time(date) {
  const text = date.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
  return h('time', { datetime: date.toISOString(), text });
}

/** @param {string} sender */
function initial(sender) {
  return [...sender.replace(/^[^\p{L}\p{N}]+/u, '')][0]?.toUpperCase() ?? '?';
}
