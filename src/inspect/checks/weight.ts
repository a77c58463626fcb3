import { Buffer } from 'node:buffer';
import type { CheckInput } from './input.ts';
import type { WeightProblem } from './problems.ts';

/**
 * Octets of HTML beyond which Gmail cuts a message and shows a link to the rest. Google does not publish the figure; 102 KB
 * of decoded HTML is what authors have measured for years.
 */
export const gmailLimit = 102 * 1024;

/** The octets of the HTML as UTF-8, as they count against the limit. */
export function htmlWeight(html: string): number {
  return Buffer.byteLength(html);
}

/** Whether Gmail will clip the mail. */
export function checkWeight(input: CheckInput): WeightProblem[] {
  if (input.html === undefined) return [];
  const size = htmlWeight(input.html);
  if (size <= gmailLimit * 0.9) return [];
  const base = { check: 'weight', where: 'html', size, limit: gmailLimit } as const;
  if (size <= gmailLimit)
    return [{ ...base, code: 'weight-near', severity: 'information', range: { start: 0, end: 0 } }];
  return [
    {
      ...base,
      code: 'weight-clipped',
      severity: 'warning',
      range: { start: offsetOfByte(input.html, gmailLimit), end: input.html.length },
    },
  ];
}

/** The UTF-16 offset at which a text reaches so many octets of UTF-8. */
function offsetOfByte(text: string, octets: number): number {
  // encodeInto stops at the last whole character that fits.
  return new TextEncoder().encodeInto(text, new Uint8Array(octets)).read;
}
