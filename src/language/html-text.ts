export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** Elements whose content a reader does not see, or did not write. */
const HIDDEN = /<(style|script|head|title|blockquote)\b/gi;

/**
 * HTML with everything that is no text, and what is quoted, made spaces: as long as before, so that offsets hold. Meant for
 * looking for words, not for showing. Linear.
 */
export function blankMarkup(html: string): string {
  return blankTags(blankHidden(html.replace(/<!--[\s\S]*?(?:-->|$)/g, blank)));
}

/** In place, on code units: of tens of thousands of tags none is worth a string. */
function blankTags(html: string): string {
  const bytes = Buffer.from(html, 'utf16le');
  const units = new Uint16Array(bytes.buffer, bytes.byteOffset, html.length);
  let end = 0;
  for (let open = html.indexOf('<'); open >= 0; open = html.indexOf('<', end)) {
    const close = html.indexOf('>', open);
    end = close < 0 ? html.length : close + 1;
    for (let at = open; at < end; at++) if (units[at] !== 0x0a && units[at] !== 0x0d) units[at] = 0x20;
  }
  return bytes.toString('utf16le');
}

function blankHidden(html: string): string {
  const closes = new Map<string, RegExp>();
  /** Elements of which there is no close left. */
  const open = new Set<string>();
  let out = '';
  let from = 0;
  HIDDEN.lastIndex = 0;
  for (let match = HIDDEN.exec(html); match; match = HIDDEN.exec(html)) {
    const name = match[1]!.toLowerCase();
    if (open.has(name)) continue;
    const end = html.indexOf('>', HIDDEN.lastIndex);
    if (end < 0) break;
    HIDDEN.lastIndex = end + 1;
    const close = closes.get(name) ?? new RegExp(`</${name}\\s*>`, 'gi');
    closes.set(name, close);
    close.lastIndex = HIDDEN.lastIndex;
    if (!close.exec(html)) {
      open.add(name);
      continue;
    }
    out += html.slice(from, match.index) + blank(html.slice(match.index, close.lastIndex));
    from = close.lastIndex;
    HIDDEN.lastIndex = from;
  }
  return out + html.slice(from);
}

function blank(text: string): string {
  return /[\r\n]/.test(text) ? text.replace(/[^\r\n]+/g, (run) => ' '.repeat(run.length)) : ' '.repeat(text.length);
}
