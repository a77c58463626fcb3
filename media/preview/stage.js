import { h } from './dom.js';

const widths = { phone: 375, tablet: 768, desktop: 1200 };

/** Where the mail's frame stands: as wide as the device, scaled by the zoom, as high as there is room. */
export class Stage {
  constructor() {
    this.field = h('div', { class: 'field' });
    this.words = h('p', { class: 'nothing', role: 'status' });
    this.box = h('div', { class: 'box' }, this.field);
    this.box.hidden = true;
    this.element = h('div', { class: 'stage' }, this.box, this.words);
    this.device = 'fit';
    this.zoom = 'fit';
    new ResizeObserver(() => this.fit()).observe(this.element);
  }

  /** @param {string} device @param {string} zoom */
  set(device, zoom) {
    this.device = device;
    this.zoom = zoom;
    this.fit();
  }

  /** What stands there in place of a mail; nothing for a mail. @param {string} words */
  say(words) {
    this.words.textContent = words;
    this.words.hidden = words === '';
    this.box.hidden = words !== '';
  }

  fit() {
    const { clientWidth, clientHeight } = this.element;
    if (clientWidth === 0) return;
    const isDevice = this.device !== 'fit';
    const margin = isDevice ? 24 : 0;
    const room = Math.max(120, clientWidth - margin);
    const width = isDevice ? widths[/** @type {keyof typeof widths} */ (this.device)] : undefined;
    // "Fit" makes a wide device smaller and never enlarges a narrow one.
    const scale = this.zoom === 'fit' ? Math.min(1, room / (width ?? room)) : Number(this.zoom) / 100;
    const shown = width === undefined ? room : width * scale;
    const height = Math.max(120, clientHeight - margin);
    this.box.style.width = `${shown}px`;
    this.box.style.height = `${height}px`;
    this.field.style.width = `${shown / scale}px`;
    this.field.style.height = `${height / scale}px`;
    this.field.style.transform = scale === 1 ? '' : `scale(${scale})`;
    this.element.classList.toggle('device', isDevice);
  }
}
