import { h } from './dom.js';

/** How long axe-core may take for one document. Milliseconds. */
const patience = 15_000;

/**
 * Runs axe-core over documents that hold it, in a hidden frame of an opaque origin: it can reach neither this page nor the
 * extension, and what it answers is checked there.
 *
 * @param {readonly { scheme: string, document: string }[]} documents
 * @param {() => boolean} stillWanted
 * @returns {Promise<unknown[]>}
 */
export async function probe(documents, stillWanted) {
  const findings = [];
  for (const each of documents) {
    if (!stillWanted()) break;
    findings.push(...(await run(each)));
  }
  return findings;
}

/** @param {{ scheme: string, document: string }} probed @returns {Promise<unknown[]>} */
function run({ scheme, document: source }) {
  return new Promise((resolve) => {
    const frame = /** @type {HTMLIFrameElement} */ (
      h('iframe', {
        sandbox: 'allow-scripts',
        class: 'probe',
        'aria-hidden': 'true',
        tabindex: '-1',
        title: 'Accessibility check',
      })
    );
    const finish = (/** @type {unknown[]} */ found) => {
      clearTimeout(timer);
      removeEventListener('message', listen);
      frame.remove();
      resolve(found);
    };
    const timer = setTimeout(() => finish([]), patience);
    const listen = (/** @type {MessageEvent} */ event) => {
      if (event.source !== frame.contentWindow || !Array.isArray(event.data?.findings)) return;
      finish(event.data.findings.map((/** @type {object} */ finding) => ({ ...finding, scheme })));
    };
    addEventListener('message', listen);
    frame.srcdoc = source;
    document.body.append(frame);
  });
}
