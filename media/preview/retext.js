/** Characters of a document from which on reading it a second time may take longer than it saves. */
const most = 500_000;

/** Elements whose text is not shown as it is. */
const special = new Set(['STYLE', 'TEXTAREA', 'NOSCRIPT', 'TEMPLATE']);

/** Elements whose first line feed, right behind the tag, is none of their text. */
const lineEaters = new Set(['PRE', 'LISTING']);

/**
 * Puts the words of another document in the place of those shown, where nothing but words differs: as somebody types, no frame
 * has to load, and pictures, selection and place stay. Only the data of text nodes is ever set, which can neither make an
 * element nor change one; the document's policy and its frame stay what they are.
 *
 * @param {Document} shown
 * @param {string} source the whole other document
 * @returns {boolean} whether it shows that now; else nothing was changed
 */
export function retext(shown, source) {
  if (source.length > most) return false;
  const wanted = new DOMParser().parseFromString(source, 'text/html');
  /** @type {[Text, string][]} */
  const changes = [];
  if (!compare(shown.documentElement, wanted.documentElement, changes)) return false;
  for (const [node, words] of changes) node.data = words;
  return true;
}

/**
 * The same, where it is known what changed in the source: without reading any of it, if that lies within one text. The elements
 * are numbered in the order of the source, so that the text is found from the nearest number before it.
 *
 * @param {Document} shown
 * @param {string} source of what is shown: as this extension writes it, with no `<` or `>` in a text or a value
 * @param {{ start: number, end: number, text: string }} change
 * @returns {boolean} whether it shows that now; else nothing was changed
 */
export function retextAt(shown, source, { start, end, text }) {
  const from = source.lastIndexOf('>', start - 1) + 1;
  const to = source.indexOf('<', end);
  if (start === 0 || to < 0) return false;
  const before = source.slice(from, to);
  const after = source.slice(from, start) + text + source.slice(end, to);
  // A text that comes or goes is a node that comes or goes.
  if (before === '' || after === '' || /[<>]/.test(before + after)) return false;
  const node = textAfter(shown, source, from);
  const parent = node?.parentNode?.nodeName ?? '';
  if (!node || node.data !== words(before) || special.has(parent)) return false;
  // A parser would make another text of it.
  if (after.includes('\r') || (after.startsWith('\n') && lineEaters.has(parent))) return false;
  node.data = words(after);
  return true;
}

/** The text that begins at an offset, right behind a tag. @param {Document} shown @param {string} source @param {number} from */
function textAfter(shown, source, from) {
  let texts = 0;
  for (let end = from; end > 0; ) {
    const start = source.lastIndexOf('<', end - 1);
    const tag = source.slice(start, end);
    if (!/^<\/?[a-z][^<>]*>$/i.test(tag)) return undefined;
    const number = / data-mailbench-n="(\d+)">$/.exec(tag)?.[1];
    // One that nobody wrote has no number.
    const selector = number === undefined ? tag === '<body>' && 'body' : `[data-mailbench-n="${number}"]`;
    const element = selector && shown.querySelector(selector);
    if (element) {
      const walker = shown.createTreeWalker(shown, NodeFilter.SHOW_TEXT);
      walker.currentNode = element;
      for (; texts > 0; texts--) walker.nextNode();
      return /** @type {Text | null} */ (walker.nextNode());
    }
    end = source.lastIndexOf('>', start) + 1;
    if (end < start) texts++;
  }
  return undefined;
}

/** What a text means: only these references are ever written. @param {string} source */
function words(source) {
  return source.replace(/&(amp|nbsp|lt|gt);/g, (_, name) => references[/** @type {keyof typeof references} */ (name)]);
}
const references = { amp: '&', nbsp: '\u00a0', lt: '<', gt: '>' };

/** @param {Element} shown @param {Element} wanted @param {[Text, string][]} changes @returns {boolean} */
function compare(shown, wanted, changes) {
  if (shown.nodeName !== wanted.nodeName || shown.namespaceURI !== wanted.namespaceURI) return false;
  if (!sameAttributes(shown, wanted)) return false;
  let one = shown.firstChild;
  let other = wanted.firstChild;
  for (; one && other; one = one.nextSibling, other = other.nextSibling) {
    if (one.nodeType !== other.nodeType) return false;
    if (one.nodeType === Node.ELEMENT_NODE) {
      if (!compare(/** @type {Element} */ (one), /** @type {Element} */ (other), changes)) return false;
    } else if (one.nodeValue !== other.nodeValue) {
      if (one.nodeType !== Node.TEXT_NODE || special.has(shown.nodeName)) return false;
      changes.push([/** @type {Text} */ (one), other.nodeValue ?? '']);
    }
  }
  return !one && !other;
}

/** @param {Element} shown @param {Element} wanted */
function sameAttributes(shown, wanted) {
  // The mark that says where the cursor is comes from this page and goes by itself.
  const marked = shown.hasAttribute('data-mailbench-here') ? 1 : 0;
  if (shown.attributes.length - marked !== wanted.attributes.length) return false;
  for (const { name, value } of wanted.attributes) if (shown.getAttribute(name) !== value) return false;
  return true;
}
