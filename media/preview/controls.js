import { h, icon } from './dom.js';

/**
 * Buttons of which one is pressed: a radio group, as the keyboard and a screen reader know it.
 *
 * @param {{ label: string, name: string, options: readonly { value: string, label: string, icon?: string, title?: string }[], value: string, change(value: string): void }} settings
 */
export function choice({ label, name, options, value, change }) {
  const group = h('div', { class: 'choice', role: 'radiogroup', 'aria-label': label });
  for (const option of options) {
    const input = h('input', {
      type: 'radio',
      name,
      value: option.value,
      'aria-label': option.title ?? option.label,
      onchange: () => change(option.value),
    });
    /** @type {HTMLInputElement} */ (input).checked = option.value === value;
    group.append(
      h(
        'label',
        { title: option.title ?? option.label },
        input,
        option.icon ? icon(option.icon) : '',
        h('span', { text: option.label, class: option.icon ? 'word' : '' }),
      ),
    );
  }
  return {
    element: group,
    /** @param {string} chosen */
    set(chosen) {
      for (const input of group.querySelectorAll('input')) input.checked = input.value === chosen;
    },
  };
}

/** @param {{ label: string, title: string, icon: string, pressed: boolean, change(pressed: boolean): void }} settings */
export function toggle({ label, title, icon: name, pressed, change }) {
  const button = h(
    'button',
    // Named by itself: its word goes where the panel is narrow.
    { type: 'button', class: 'toggle', title, 'aria-label': label, 'aria-pressed': String(pressed) },
    icon(name),
    h('span', { class: 'word', text: label }),
  );
  button.addEventListener('click', () => {
    const now = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', String(now));
    change(now);
  });
  return {
    element: button,
    /** @param {boolean} now */
    set(now) {
      button.setAttribute('aria-pressed', String(now));
    },
  };
}

/**
 * A native list: the keyboard and screen readers know it, and VS Code's theme colours it.
 *
 * @param {{ label: string, options: readonly { value: string, label: string }[], value: string, change(value: string): void }} settings
 */
export function dropdown({ label, options, value, change }) {
  const select = /** @type {HTMLSelectElement} */ (
    h('select', { 'aria-label': label, title: label, onchange: () => change(select.value) })
  );
  for (const option of options) select.append(h('option', { value: option.value, text: option.label }));
  select.value = value;
  return select;
}

/**
 * Tabs with their panels (ARIA Authoring Practices, "Tabs"): arrows, Home and End move, the panel follows.
 *
 * @param {{ label: string, tabs: readonly { id: string, label: string, panel: HTMLElement }[], value: string, change(id: string): void }} settings
 */
export function tabs({ label, tabs: list, value, change }) {
  const element = h('div', { class: 'tabs', role: 'tablist', 'aria-label': label });
  const buttons = list.map(({ id, label: text, panel }) => {
    const button = h(
      'button',
      { type: 'button', role: 'tab', id: `tab-${id}`, 'aria-controls': `panel-${id}` },
      h('span', { text }),
      h('span', { class: 'badge' }),
    );
    panel.id = `panel-${id}`;
    panel.setAttribute('role', 'tabpanel');
    panel.setAttribute('aria-labelledby', `tab-${id}`);
    button.addEventListener('click', () => select(id));
    element.append(button);
    return button;
  });
  const select = (/** @type {string} */ id, quiet = false) => {
    list.forEach((tab, index) => {
      const chosen = tab.id === id;
      buttons[index].setAttribute('aria-selected', String(chosen));
      buttons[index].tabIndex = chosen ? 0 : -1;
      tab.panel.hidden = !chosen;
    });
    if (!quiet) change(id);
  };
  element.addEventListener('keydown', (event) => {
    const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    const steps = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 };
    const to = steps[/** @type {keyof typeof steps} */ (event.key)];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    const index = (to + buttons.length) % buttons.length;
    buttons[index].focus();
    select(list[index].id);
  });
  select(value, true);
  return {
    element,
    select,
    /** @param {string} id @param {string} text @param {string} [spoken] what the number is of */
    badge(id, text, spoken = '') {
      const button = buttons[list.findIndex((tab) => tab.id === id)];
      const badge = /** @type {HTMLElement} */ (button.lastElementChild);
      badge.textContent = text;
      badge.hidden = text === '';
      badge.setAttribute('aria-label', spoken);
    },
  };
}
