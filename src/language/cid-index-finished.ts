import type { Range } from '../base/problem.ts';
import type { OutlinePart } from '../inspect/outline.ts';
import { cidOf, htmlReferences } from '../mime/html-references.ts';
import type { Analysis } from './analysis.ts';
import { type CidDefinition, type CidIndex, type CidReference, type HtmlUrl, isSameCid, placeIn } from './cid-index.ts';
import { finishedTexts } from './finished-texts.ts';

/**
 * Every Content-ID of a finished message, and every place that names one: URLs in HTML that stands there readable, and the
 * `start` of a multipart/related (RFC 2387 section 3.2). An attached message has names of its own.
 */
export function finishedCidIndex(analysis: Analysis): CidIndex {
  const definitions: CidDefinition[] = [];
  const references: CidReference[] = [];
  const urls: HtmlUrl[] = [];
  const visit = (part: OutlinePart, message: number): void => {
    for (const { name, start, end } of part.fields) {
      const written = analysis.text.slice(start, end);
      const found = (pattern: RegExp): { readonly id: string; readonly range: Range } | null | undefined => {
        const match = pattern.exec(written);
        const at = match?.indices?.[1];
        return match && at && { id: match[1]!, range: { start: start + at[0], end: start + at[1] } };
      };
      if (/^content-id$/i.test(name)) {
        const id = found(/^[^:]*:\s*<([^<>\s]+)>/d);
        if (id) definitions.push({ ...id, message });
      } else if (/^content-type$/i.test(name) && part.mediaType === 'multipart/related') {
        const id = found(/;\s*start\s*=\s*"<([^<>\s"]+)>/di);
        if (id) references.push({ ...id, message });
      }
    }
    const wraps = part.mediaType.startsWith('message/');
    for (const child of part.children) visit(child, wraps ? child.headerStart : message);
  };
  if (analysis.outline) visit(analysis.outline, analysis.outline.headerStart);
  const { texts, unreadable } = finishedTexts(analysis, 'text/html');
  for (const { text, message, encoded, place } of texts) {
    for (const { url, start, end } of htmlReferences(text)) {
      const id = cidOf(url);
      if (id === undefined) urls.push({ url, range: place({ start, end }) });
      else references.push({ id, message, range: place({ start: start + 4, end }), ...(encoded && { encoded }) });
    }
  }
  const found = { definitions, references: references.sort((a, b) => a.range.start - b.range.start), urls };
  return {
    ...found,
    pictures: () => urls,
    of: (part) => ({
      definitions: definitions.filter(isSameCid(part)),
      references: found.references.filter(isSameCid(part)),
    }),
    at: (offset) => placeIn(found, offset),
    unreadable: unreadable.map(({ message, why }) => ({ message, why: why === 'charset' ? why : 'base64' })),
  };
}
