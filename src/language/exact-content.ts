import { trimEndOf } from '../base/trim.ts';
import type { AttachmentView } from '../inspect/message.ts';
import type { OutlinePart } from '../inspect/outline.ts';

/**
 * The octets of attachments that stand unencoded in a message, as they stand there: whoever reads them line by line gives
 * them other line ends, and one more at the end. By the attachment's index; those that are encoded are left out.
 */
export function exactContents(
  message: Uint8Array,
  whole: OutlinePart,
  attachments: readonly AttachmentView[],
): ReadonlyMap<number, Uint8Array> {
  const free = new Set(leaves(whole).filter(({ encoding }) => /^(?:7bit|8bit|binary)$/.test(encoding)));
  const found = new Map<number, Uint8Array>();
  for (const { index, type, content } of attachments) {
    for (const part of free) {
      if (part.mediaType !== type) continue;
      const exact = message.subarray(part.bodyStart, part.bodyEnd);
      // The names may be told in more ways than one; what is in them is what counts.
      if (Math.abs(exact.length - content.length) > content.length + 2 || lines(exact) !== lines(content)) continue;
      found.set(index, exact);
      free.delete(part);
      break;
    }
  }
  return found;
}

/** The charsets that attachments are labelled with, by the attachment's index. */
export function charsetLabels(whole: OutlinePart, attachments: readonly AttachmentView[]): ReadonlyMap<number, string> {
  const free = new Set(leaves(whole));
  const found = new Map<number, string>();
  for (const { index, type, name, contentId } of attachments) {
    for (const part of free) {
      const { mediaType, charset } = part;
      if (mediaType !== type || (part.name ?? '') !== name || (part.contentId ?? '') !== (contentId ?? '')) continue;
      // Both are in the order of the message: the first that fits is the one.
      free.delete(part);
      if (charset !== undefined) found.set(index, charset);
      break;
    }
  }
  return found;
}

/** An attached message counts as one piece. */
function leaves(part: OutlinePart): readonly OutlinePart[] {
  return part.mediaType.startsWith('multipart/') ? part.children.flatMap(leaves) : [part];
}

function lines(octets: Uint8Array): string {
  const text = Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('latin1');
  return trimEndOf(text.replace(/\r\n?/g, '\n'), '\n');
}
