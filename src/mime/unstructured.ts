import { trimOf } from '../base/trim.ts';
import { type Charset, utf8 } from './charset.ts';
import { encodedWords, maxEncodedWord, needsEncoding } from './encoded-word.ts';
import { FieldLine, foldAt } from './fold.ts';

/** Longer than this a word is encoded, which makes it foldable, rather than stand on a line of its own. */
const longestPlainWord = 900;

/**
 * An unstructured field (RFC 5322 section 3.6.5) with its CRLF: what was typed is what a reader decodes. Words that need it
 * become encoded-words in `charset`, or in UTF-8 where that lacks a character; the others stay as they are. The value must be free
 * of CR, LF and NUL and of lone surrogates.
 */
export function unstructuredField(name: string, value: string, charset: Charset = utf8): string {
  if (name.length + 2 + value.length <= foldAt && !needsEncoding(value)) return `${name}: ${value}\r\n`;
  const text = trimOf(value, ' \t');
  const line = new FieldLine(name);
  writeText(line, text, charset);
  return line.finish();
}

function writeText(line: FieldLine, text: string, charset: Charset): void {
  // words[i] stands before gaps[i]. Only at a gap of one space is it sure that every reader unfolds to the same text.
  const pieces = text.split(/([ \t]+)/);
  const count = (pieces.length + 1) >> 1;
  const encode = new Array<boolean>(count);
  for (let i = 0; i < count; i++) {
    const word = pieces[2 * i]!;
    encode[i] = word.length > longestPlainWord || needsEncoding(word);
  }
  // Wider gaps beside an encoded-word go into it, and the word at their other end with them.
  const wide = (gap: number): boolean => pieces[2 * gap + 1] !== ' ';
  for (let i = 1; i < count; i++) if (encode[i - 1] && wide(i - 1)) encode[i] = true;
  for (let i = count - 2; i >= 0; i--) if (encode[i + 1] && wide(i)) encode[i] = true;
  let i = 0;
  while (i < count) {
    let end = i;
    if (encode[i]) {
      while (end + 1 < count && encode[end + 1]) end++;
      writeEncoded(line, pieces.slice(2 * i, 2 * end + 1).join(''), charset, 'text');
    } else {
      let token = pieces[2 * i]!;
      while (end + 1 < count && !encode[end + 1] && wide(end)) {
        token += pieces[2 * end + 1]! + pieces[2 * end + 2]!;
        end++;
      }
      if (token.length > longestPlainWord) writeEncoded(line, token, charset, 'text');
      else line.token(token);
    }
    i = end + 1;
  }
}

/** `text` as encoded-words onto the line, `suffix` right behind the last. */
export function writeEncoded(
  line: FieldLine,
  text: string,
  charset: Charset,
  context: 'text' | 'phrase',
  suffix = '',
): void {
  const used = charset.covers(text) ? charset : utf8;
  // With little room left on this line a first word of a character or two only makes it harder to read.
  const room = line.encodedRoom - suffix.length;
  const least = used.name.length + 7 + 24;
  const full = maxEncodedWord - suffix.length;
  let words = encodedWords(text, used, context, room >= least ? room : full, full);
  // One word on a line of its own rather than two: some readers part the words of a name.
  if (words.length === 2 && (!line.empty || context === 'phrase')) {
    const whole = encodedWords(text, used, context, full, full);
    if (whole.length === 1) words = whole;
  }
  line.encoded(words, suffix);
}
