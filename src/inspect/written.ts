import type { TextContent } from '../mime/part.ts';

/** A part's text as its author wrote it, with the way into the document and back. Of a rendered text: its template. */
export interface WrittenText {
  readonly text: string;
  toDocument(offset: number): number;
  /** Undefined for an offset that is outside of the part. */
  fromDocument(offset: number): number | undefined;
}

/** So many code units of the text, which run in step with the document from `at` on. */
interface Stretch {
  readonly start: number;
  readonly at: number;
  readonly length: number;
}

export function writtenPieces(pieces: TextContent['pieces'], document: string): WrittenText {
  const texts: string[] = [];
  const stretches: Stretch[] = [];
  let start = 0;
  for (const piece of pieces) {
    const { range, rendered, segments } = piece;
    const text = rendered ? document.slice(range.start, range.end) : piece.text;
    const steps = rendered ? [{ start: 0, at: range.start }] : segments;
    steps.forEach((step, index) => {
      const end = steps[index + 1]?.start ?? text.length;
      stretches.push({ start: start + step.start, at: step.at, length: end - step.start });
    });
    texts.push(text);
    start += text.length;
  }
  return writtenStretches(texts.join(''), stretches);
}

export function writtenStretches(text: string, stretches: readonly Stretch[]): WrittenText {
  return {
    text,
    toDocument(offset) {
      const stretch = stretches.findLast((each) => each.start <= offset) ?? stretches[0];
      return stretch ? stretch.at + Math.max(0, Math.min(offset - stretch.start, stretch.length)) : 0;
    },
    fromDocument(offset) {
      const stretch = stretches.find((each) => each.at <= offset && offset <= each.at + each.length);
      return stretch && stretch.start + (offset - stretch.at);
    },
  };
}
