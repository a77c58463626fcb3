import type { OutlinePart } from '../inspect/outline.ts';
import type { ShownMessage } from '../inspect/shown-message.ts';
import { octetsText, sizesText } from './explain.ts';

/** What is told of a size, and where. Offsets are code units of the message as it is shown. */
export interface PartSize {
  /** Of the line above which it is told. */
  readonly offset: number;
  /** In the header of the part, where that is not the message's. */
  readonly place?: number;
  readonly title: string;
  readonly tooltip: string;
}

/** The size of the whole, and of each part; in order of place. */
export function partSizes(message: ShownMessage): readonly PartSize[] {
  const { root, size, text } = message;
  const parts = partCount(root);
  const whole: PartSize = {
    offset: 0,
    title: `${inFull(size)} as sent${parts > 1 ? `, in ${parts} parts` : ''}`,
    tooltip: 'The whole message, as the server counts it (SIZE)',
  };
  const found: PartSize[] = [whole];
  const visit = (part: OutlinePart, parent: OutlinePart): void => {
    const isMessage = parent.mediaType.startsWith('message/');
    const boundary = text.lastIndexOf('\n', Math.max(0, part.headerStart - 3)) + 1;
    // What a message in a part comes to stands above that part.
    if (!isMessage)
      found.push({
        offset: boundary,
        place: part.headerStart,
        title: `${part.mediaType} · ${sizesText(part)}`,
        tooltip: sizeTooltip(part),
      });
    for (const child of part.children) visit(child, part);
  };
  if (root.children.length === 0)
    found.push({ offset: 0, title: `${root.mediaType} · ${sizesText(root)}`, tooltip: sizeTooltip(root) });
  for (const child of root.children) visit(child, root);
  return found;
}

/** Leaves: what a reader counts as parts. */
function partCount({ mediaType, children }: OutlinePart): number {
  if (!mediaType.startsWith('multipart/')) return 1;
  return children.reduce((count, child) => count + partCount(child), 0);
}

/** With the exact number beside a rounded one. */
function inFull(size: number): string {
  const short = octetsText(size);
  return short.includes('byte') ? short : `${short} (${exact(size)})`;
}

function sizeTooltip({ mediaType, decodedSize, size, encoding, disposition, name }: OutlinePart): string {
  if (mediaType.startsWith('multipart/')) return `${exact(size)} with everything in it, its header apart`;
  const what = name ? `${name}: ` : disposition === 'attachment' ? 'Attachment: ' : '';
  return size === decodedSize
    ? `${what}${exact(size)}, header apart`
    : `${what}${exact(decodedSize)} of content, sent as ${exact(size)} of ${encoding}, header apart`;
}

function exact(size: number): string {
  return `${size.toLocaleString('en-US')} ${size === 1 ? 'byte' : 'bytes'}`;
}
