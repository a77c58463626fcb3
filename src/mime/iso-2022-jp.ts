import type { Charset } from './charset.ts';
import { coverageBy } from './coverage.ts';

/**
 * ISO-2022-JP (RFC 1468): ASCII and JIS X 0208, switched by escape sequences. Every line, and so every text and every
 * encoded-word, starts and ends in ASCII. Half-width kana are not in it: they are unmappable, never sent as 8-bit or by
 * an escape of another standard.
 *
 * `eucJp` is the table of EUC-JP by code unit: a two-octet code there, less 0x8080, is the code of JIS X 0208.
 */
export function iso2022jpCodec(eucJp: Uint32Array): Charset {
  const isKanji = (unit: number): boolean => {
    const code = eucJp[unit]!;
    // 0x8E.. is half-width kana, three octets are JIS X 0212: neither belongs.
    return code >= 0xa1a1 && code <= 0xffff;
  };
  // ESC, SO and SI would be taken for switches.
  const isPlain = (unit: number): boolean => unit < 0x80 && unit !== 0x1b && unit !== 0x0e && unit !== 0x0f;
  const has = (unit: number): boolean => isPlain(unit) || isKanji(unit);
  return {
    name: 'iso-2022-jp',
    asciiTransparent: false,
    sevenBit: true,
    encode(text) {
      // At worst each character has both escapes: 3 + 2 + 3 octets.
      const out = Buffer.allocUnsafe(text.length * 8);
      let length = 0;
      let kanji = false;
      const switchTo = (to: boolean): void => {
        out[length++] = 0x1b;
        out[length++] = to ? 0x24 : 0x28; // ESC $ B, ESC ( B
        out[length++] = 0x42;
        kanji = to;
      };
      for (let i = 0; i < text.length; i++) {
        const unit = text.charCodeAt(i);
        if (isPlain(unit)) {
          if (kanji) switchTo(false);
          out[length++] = unit;
        } else if (isKanji(unit)) {
          if (!kanji) switchTo(true);
          const code = eucJp[unit]! & 0x7f7f;
          out[length++] = code >> 8;
          out[length++] = code & 0xff;
        }
      }
      if (kanji) switchTo(false);
      return out.subarray(0, length);
    },
    ...coverageBy(has),
  };
}

const halfWidth = '｡｢｣､･ｦｧｨｩｪｫｬｭｮｯｰｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝﾞﾟ';
const fullWidth =
  '。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン゛゜';

/** The full-width form of a half-width kana at `offset`, with how many code units it replaces; undefined for anything else. */
export function fullWidthKana(
  text: string,
  offset: number,
): { readonly text: string; readonly length: number } | undefined {
  const index = halfWidth.indexOf(text.charAt(offset));
  if (index < 0 || text.length <= offset) return undefined;
  const mark = text.charAt(offset + 1);
  if (mark === 'ﾞ' || mark === 'ﾟ') {
    const composed = (fullWidth.charAt(index) + (mark === 'ﾞ' ? '\u3099' : '\u309a')).normalize('NFC');
    if (composed.length === 1) return { text: composed, length: 2 };
  }
  return { text: fullWidth.charAt(index), length: 1 };
}
