/** Characters of a document from which on reading it a second time may take longer than it saves. */
const most = 500_000;

/** Elements whose text is not shown as it is. */
const special = new Set(['STYLE', 'TEXTAREA', 'NOSCRIPT', 'TEMPLATE']);

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
