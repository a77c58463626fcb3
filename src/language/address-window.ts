import { type Address, parseAddressList } from '../base/address.ts';
import { mappedSubstring } from '../document/mapped.ts';
import type { MappedText } from '../document/nodes.ts';

/** Lists up to this long are read whole: some hundred addresses. Characters. */
const whole = 20_000;

export interface AddressWindow {
  readonly addresses: readonly Address[];
  /** What the ranges of the addresses count in. */
  readonly value: MappedText;
}

/**
 * The addresses of a list around an offset of the document: all of them, but for a list of many thousands, of which only the
 * lines nearby are read, so that an answer does not wait for the rest. Without an offset, those at its beginning.
 */
export function addressesAround(value: MappedText, offset = value.range.start): AddressWindow {
  const { text, segments } = value;
  if (text.length <= whole) return { addresses: parseAddressList(text).addresses, value };
  // Lines of a folded field are the places where it can be cut: between them stand commas, as a rule.
  const index = Math.max(
    0,
    segments.findLastIndex(({ at }) => at <= offset),
  );
  const start = segments[Math.max(0, index - 20)]!.start;
  const after = segments[index + 21]?.start ?? text.length;
  const near = segments[index]!.start + (offset - segments[index]!.at);
  let from = Math.max(start, near - whole);
  if (from > start) {
    // On one long line: behind the end of an address, so that no name is cut in two.
    const end = text.indexOf('>,', from);
    if (end >= 0 && end < near) from = end + 2;
  }
  const window = mappedSubstring(value, from, Math.min(after, near + whole));
  return { addresses: parseAddressList(window.text).addresses, value: window };
}
