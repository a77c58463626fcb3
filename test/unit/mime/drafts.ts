import type { Draft, DraftAttribute, DraftFile, DraftNode, DraftPart, DraftText } from '../../../src/document/draft.ts';
import type { MappedText } from '../../../src/document/nodes.ts';

type Attributes = Readonly<Record<string, string>>;
type Make = (at: Writer) => DraftNode;

/** Puts a document's text together while its draft is made, so that every range is a true one. */
class Writer {
  text = '';

  put(text: string): { start: number; end: number } {
    const start = this.text.length;
    this.text += text;
    return { start, end: this.text.length };
  }

  mapped(text: string): MappedText {
    const range = this.put(text);
    return { text, segments: [{ start: 0, at: range.start }], range };
  }

  /** A quoted value as a document has it. */
  value(text: string): MappedText {
    const start = this.text.length;
    this.put('"');
    const segments: { start: number; at: number }[] = [{ start: 0, at: this.text.length }];
    for (let i = 0; i < text.length; i++) {
      if (text[i] === '"' || text[i] === '\\') {
        this.put('\\');
        segments.push({ start: i, at: this.text.length });
      }
      this.put(text[i]!);
    }
    this.put('"');
    return { text, segments, range: { start, end: this.text.length } };
  }

  /** Lines of text, those that look like directives escaped. */
  lines(text: string): MappedText {
    const start = this.text.length;
    const segments: { start: number; at: number }[] = [];
    let offset = 0;
    for (const line of text.split(/(?<=\n)/)) {
      const escaped = line.startsWith('<#');
      if (escaped) this.put('<#!');
      if (escaped && offset === 0) segments.push({ start: 0, at: start });
      segments.push({ start: escaped ? offset + 2 : offset, at: this.text.length });
      this.put(escaped ? line.slice(2) : line);
      offset += line.length;
    }
    return { text, segments, range: { start, end: this.text.length } };
  }

  attributes(attributes: Attributes): DraftAttribute[] {
    return Object.entries(attributes).map(([name, value]) => {
      this.put(' ');
      const nameRange = this.put(name);
      this.put('=');
      const mapped = this.value(value);
      return { name, nameRange, range: { start: nameRange.start, end: this.text.length }, value: mapped };
    });
  }
}

export const text =
  (content: string): ((at: Writer) => DraftText) =>
  (at) => {
    const mapped = at.lines(content);
    return { type: 'text', text: mapped, range: mapped.range };
  };

const file =
  (type: 'attach' | 'inline') =>
  (path: string, attributes: Attributes = {}): ((at: Writer) => DraftFile) =>
  (at) => {
    const start = at.text.length;
    at.put(`<#${type} `);
    const mapped = at.value(path);
    const read = at.attributes(attributes);
    at.put('>\n');
    const range = { start, end: at.text.length };
    return { type, path: mapped, attributes: read, range, headRange: range };
  };

export const attach = file('attach');
export const inline = file('inline');

export const part =
  (attributes: Attributes, ...children: (string | ((at: Writer) => DraftFile))[]): Make =>
  (at) => {
    const start = at.text.length;
    at.put('<#part');
    const read = at.attributes(attributes);
    at.put('>\n');
    const head = { start, end: at.text.length };
    const made = children.map((child) => (typeof child === 'string' ? text(child)(at) : child(at)));
    at.put('<#/part>\n');
    const node: DraftPart = {
      type: 'part',
      attributes: read,
      children: made,
      range: { start, end: at.text.length },
      headRange: head,
    };
    return node;
  };

export const multipart =
  (attributes: Attributes, ...children: (string | Make)[]): Make =>
  (at) => {
    const start = at.text.length;
    at.put('<#multipart');
    const read = at.attributes(attributes);
    at.put('>\n');
    const head = { start, end: at.text.length };
    const made = children.map((child) => (typeof child === 'string' ? text(child)(at) : child(at)));
    at.put('<#/multipart>\n');
    return {
      type: 'multipart',
      attributes: read,
      children: made,
      range: { start, end: at.text.length },
      headRange: head,
    };
  };

export interface MadeDraft extends Draft {
  readonly documentText: string;
}

/** A draft by hand: header lines (settings with `@`), then the body. */
export function draft(header: readonly (readonly [string, string])[], ...body: (string | Make)[]): MadeDraft {
  const at = new Writer();
  const fields = [];
  const settings = [];
  for (const [name, value] of header) {
    const start = at.text.length;
    const nameRange = at.put(name);
    at.put(': ');
    const mapped = at.mapped(value);
    const range = { start, end: at.text.length };
    at.put('\n');
    if (name.startsWith('@')) settings.push({ name: name.slice(1), value: mapped, range, nameRange });
    else fields.push({ name, value: mapped, range, nameRange });
  }
  at.put('\n');
  const nodes = body.map((node) => (typeof node === 'string' ? text(node)(at) : node(at)));
  return { settings, fields, body: nodes, documentText: at.text };
}
