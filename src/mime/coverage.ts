import type { Charset } from './charset.ts';

/** What a charset lacks, by the code units that it has; a character of two counts as lacking. */
export function coverageBy(has: (unit: number) => boolean): Pick<Charset, 'covers' | 'unmappable'> {
  return {
    covers(text) {
      for (let i = 0; i < text.length; i++) if (!has(text.charCodeAt(i))) return false;
      return true;
    },
    unmappable(text, limit) {
      const found: number[] = [];
      for (let i = 0; i < text.length && found.length < limit; i++) {
        const unit = text.charCodeAt(i);
        if (has(unit)) continue;
        found.push(i);
        if (unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) i++;
      }
      return found;
    },
  };
}
