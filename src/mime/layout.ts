import type { Transparency } from '../base/source.ts';
import type { Steps } from '../base/steps.ts';
import type { Boundaries } from './boundary.ts';
import type { BuiltPart } from './built.ts';
import { type Charset, isAscii } from './charset.ts';
import { writeField } from './header.ts';
import { fileNameParameter, legacyNameParameter, parameter, parameterField, type WrittenParameter } from './params.ts';
import type { LeafPart, MultipartPart, Part } from './part.ts';
import { endsLine, type Piece } from './pieces.ts';
import type { PreparedLeaf } from './prepare.ts';
import type { MimeProblem } from './problems.ts';
import { unstructuredField } from './unstructured.ts';

/** The parts of a message put in a row: what is text (headers, boundaries) and what is content, each where it belongs. */
export class Layout {
  /** Strings stand for their UTF-8 octets; neighbours are put together as they come. */
  readonly pieces: (string | Piece)[] = [];
  size = 0;
  utf8Header = false;
  transparency: Transparency = '7bit';
  readonly #prepared: ReadonlyMap<LeafPart, PreparedLeaf>;
  readonly #boundaries: Boundaries;
  readonly #charset: Charset;
  readonly #problems: MimeProblem[];
  #multiparts = 0;
  #text = '';

  constructor(
    prepared: ReadonlyMap<LeafPart, PreparedLeaf>,
    boundaries: Boundaries,
    charset: Charset,
    problems: MimeProblem[],
  ) {
    this.#prepared = prepared;
    this.#boundaries = boundaries;
    this.#charset = charset;
    this.#problems = problems;
  }

  /** Header text; ASCII but for addresses that only SMTPUTF8 can carry. */
  write(text: string): void {
    this.#text += text;
    if (isAscii(text)) this.size += text.length;
    else {
      this.size += Buffer.byteLength(text);
      this.utf8Header = true;
    }
  }

  #content(piece: Piece, size: number): void {
    if (size === 0) return;
    this.flush();
    this.pieces.push(piece);
    this.size += size;
  }

  /** Ends the run of text, so that `pieces` is complete. */
  flush(): void {
    if (this.#text !== '') this.pieces.push(this.#text);
    this.#text = '';
  }

  /** The Content-* fields of a part, the blank line, and its body. `headerStart` is where its header began. */
  *part(part: Part, headerStart: number, isRoot: boolean): Steps<BuiltPart> {
    return part.kind === 'multipart'
      ? yield* this.#multipart(part, headerStart)
      : this.#leaf(part, headerStart, isRoot);
  }

  #leaf(part: LeafPart, headerStart: number, isRoot: boolean): BuiltPart {
    const prepared = this.#prepared.get(part)!;
    const parameters: WrittenParameter[] = [];
    if (prepared.charset !== undefined) parameters.push(parameter('charset', prepared.charset));
    if (prepared.method !== undefined) parameters.push(parameter('method', prepared.method));
    if (prepared.flowed) parameters.push(['format=flowed']);
    for (const { name, value } of part.parameters)
      if (!prepared.flowed || !/^(?:format|delsp)$/i.test(name)) parameters.push(parameter(name, value));
    if (part.name !== undefined) parameters.push(legacyNameParameter(part.name));
    this.write(parameterField('Content-Type', prepared.mediaType, parameters));
    this.#common(part, prepared.encoding);
    const bodyStart = this.size;
    this.#content(prepared.body, prepared.size);
    if (prepared.encoding === '8bit' && this.transparency === '7bit') this.transparency = '8bit';
    if (prepared.encoding === 'binary') this.transparency = 'binary';
    // A message ends with a line end; a part need not, the boundary brings one.
    if (isRoot && !endsLine(prepared.body)) this.write('\r\n');
    return {
      part,
      headerStart,
      bodyStart,
      bodyEnd: this.size,
      encoding: prepared.encoding,
      mediaType: prepared.mediaType,
      ...(prepared.charset === undefined ? {} : { charset: prepared.charset }),
      children: [],
    };
  }

  *#multipart(part: MultipartPart, headerStart: number): Steps<BuiltPart> {
    const boundary = this.#boundaries.of(this.#multiparts++);
    const parameters = part.parameters.map(({ name, value }) => parameter(name, value));
    parameters.push([`boundary="${boundary}"`]);
    this.write(parameterField('Content-Type', part.mediaType, parameters));
    const encoding = this.#widest(part);
    this.#common(part, encoding);
    const bodyStart = this.size;
    const children: BuiltPart[] = [];
    for (const child of part.children) {
      this.write(`--${boundary}\r\n`);
      children.push(
        child.kind === 'leaf' ? this.#leaf(child, this.size, false) : yield* this.#multipart(child, this.size),
      );
      yield;
      // The line end before a boundary belongs to it (RFC 2046 section 5.1.1).
      this.write('\r\n');
    }
    this.write(`--${boundary}--\r\n`);
    return {
      part,
      headerStart,
      bodyStart,
      bodyEnd: this.size,
      encoding,
      mediaType: part.mediaType,
      children,
    };
  }

  /** RFC 2045 section 6.4: a multipart is labelled with the most that anything in it needs. */
  #widest(part: Part): '7bit' | '8bit' | 'binary' {
    if (part.kind === 'leaf') {
      const encoding = this.#prepared.get(part)!.encoding;
      return encoding === '8bit' || encoding === 'binary' ? encoding : '7bit';
    }
    let widest: '7bit' | '8bit' | 'binary' = '7bit';
    for (const child of part.children) {
      const own = this.#widest(child);
      if (own === 'binary') return own;
      if (own === '8bit') widest = own;
    }
    return widest;
  }

  #common(part: Part, encoding: string): void {
    if (part.kind === 'leaf' || encoding !== '7bit') this.write(`Content-Transfer-Encoding: ${encoding}\r\n`);
    const name = part.kind === 'leaf' ? part.name : undefined;
    if (part.disposition !== undefined)
      this.write(
        parameterField('Content-Disposition', part.disposition, name === undefined ? [] : [fileNameParameter(name)]),
      );
    if (part.contentId !== undefined) this.write(`Content-ID: <${part.contentId}>\r\n`);
    if (part.description)
      this.write(
        writeField(
          { name: 'Content-Description', value: part.description, range: part.headRange },
          this.#charset,
          this.#problems,
        ),
      );
    if (part.language !== undefined) this.write(unstructuredField('Content-Language', part.language));
    for (const field of part.fields) this.write(writeField(field, this.#charset, this.#problems));
    this.write('\r\n');
  }
}
