import type { Fix, Range, TextEdit } from '../base/problem.ts';
import { suggestionFor } from '../base/suggestion.ts';
import { lineEndOf } from '../document/lines.ts';
import { hasTemplate } from '../document/markers.ts';
import { isMailto } from '../inspect/checks/links.ts';
import type { HtmlProblem } from '../inspect/checks/problems.ts';
import { baseName } from '../mime/file-type.ts';
import type { Analysis } from './analysis.ts';
import { blankMarkup, escapeHtml } from './html-text.ts';
import type { TypedTexts } from './typed-texts.ts';

/** A fix whose places count in the HTML. */
interface HtmlFix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
}

/** Repairs of what the checks found, in the document; none where the text is encoded there. */
export function htmlFixes(analysis: Analysis, typed: TypedTexts, problem: HtmlProblem): readonly Fix[] {
  const { html } = typed.input;
  if (problem.code === 'spam-marks') return oneMark(analysis, problem.text);
  if (!typed.exact || problem.where !== 'html' || html === undefined) return [];
  return fixesOf(analysis, html, problem).flatMap(({ title, edits }) => {
    const placed = edits.map(({ range, text }) => ({ range: typed.place('html', range), text }));
    return placed.every((edit): edit is TextEdit => edit.range !== undefined) ? [{ title, edits: placed }] : [];
  });
}

function fixesOf(analysis: Analysis, html: string, problem: HtmlProblem): readonly HtmlFix[] {
  const { range } = problem;
  const written = html.slice(range.start, range.end);
  switch (problem.code) {
    case 'image-without-alt':
      return alt(written, range, problem.linked);
    case 'link-insecure': {
      const at = written.search(/http:/i);
      if (at < 0) return [];
      return [{ title: 'Use https', edits: [replace(range.start + at, 'http:'.length, 'https:')] }];
    }
    case 'link-relative':
      // "www.shop.example/x": the scheme was left out.
      return /^(?:[\w-]+\.)+[a-z]{2,}(?:[/?#]|$)/i.test(problem.url)
        ? inValue(written, range, problem.url, 'https://')
        : [];
    case 'link-invalid': {
      const at = written.indexOf(problem.url);
      if (at < 0 || !/\s/.test(problem.url)) return [];
      const url = problem.url.trim().replace(/\s/g, '%20');
      return [
        { title: 'Escape the spaces in the address', edits: [replace(range.start + at, problem.url.length, url)] },
      ];
    }
    case 'link-anchor-missing': {
      const near = suggestionFor(problem.anchor, idsOf(html));
      const at = written.indexOf(`#${problem.anchor}`);
      return near === undefined || at < 0
        ? []
        : [{ title: `Change to #${near}`, edits: [replace(range.start + at + 1, problem.anchor.length, near)] }];
    }
    case 'link-mailto-invalid': {
      const [addresses = '', ...query] = problem.url.replace(/^mailto:\/\//i, 'mailto:').split('?');
      const url = [addresses.replace(/;\s*(?=\S)/g, ',').replace(/;\s*$/, ''), ...query].join('?');
      const at = written.indexOf(problem.url);
      return at < 0 || !isMailto(url)
        ? []
        : [{ title: `Change to ${url}`, edits: [replace(range.start + at, problem.url.length, url)] }];
    }
    case 'language-invalid': {
      const tag = problem.value.trim().replaceAll('_', '-');
      if (!isLanguage(tag)) return [];
      const at = written.indexOf(problem.value);
      return at < 0
        ? []
        : [{ title: `Write lang="${tag}"`, edits: [replace(range.start + at, problem.value.length, tag)] }];
    }
    case 'language-missing':
      return language(analysis, html, range);
    case 'title-missing':
      return title(analysis, html, written, range);
    case 'table-role':
      return intoTag(written, range, 'role="presentation"', 'Add role="presentation"');
    default:
      return [];
  }
}

/** A run of marks in a subject that stands there as it is typed. */
function oneMark(analysis: Analysis, marks: string): readonly Fix[] {
  const subject = analysis.field('subject')?.value;
  if (!subject || analysis.finished || subject.segments.length > 1 || !/^(?:[!?]+|[$€£]+)$/.test(marks)) return [];
  const start = subject.range.start + subject.text.indexOf(marks);
  const [mark] = marks;
  return [{ title: `Leave one ${mark}`, edits: [replace(start, marks.length, mark!)] }];
}

/** Where links of the page can lead. */
function idsOf(html: string): string[] {
  return [...html.matchAll(/\s(?:id|name)\s*=\s*["']?([^"'\s>]+)/gi)].map((match) => match[1]!);
}

function replace(start: number, length: number, text: string): TextEdit {
  return { range: { start, end: start + length }, text };
}

/** An attribute more in the start tag at the range. */
function intoTag(tag: string, { start }: Range, attribute: string, title: string): readonly HtmlFix[] {
  const name = /^<[a-z][^\s/>]*/i.exec(tag);
  return name ? [{ title, edits: [replace(start + name[0].length, 0, ` ${attribute}`)] }] : [];
}

function inValue(written: string, { start }: Range, value: string, prefix: string): readonly HtmlFix[] {
  const at = written.indexOf(value);
  return at < 0 ? [] : [{ title: `Write ${prefix} before it`, edits: [replace(start + at, 0, prefix)] }];
}

function alt(tag: string, range: Range, linked: boolean): readonly HtmlFix[] {
  const there = /\salt\s*=\s*(?:""|'')/i.exec(tag) ?? /\salt(?=[\s/>])(?!\s*=)/i.exec(tag);
  const set = (value: string, title: string): HtmlFix[] => {
    const attribute = `alt="${escapeHtml(value)}"`;
    if (there) return [{ title, edits: [replace(range.start + there.index + 1, there[0].length - 1, attribute)] }];
    return [...intoTag(tag, range, attribute, title)];
  };
  const source = /\ssrc\s*=\s*["']?([^"'\s>]+)/i.exec(tag)?.[1] ?? '';
  const words = hasTemplate(source) ? '' : wordsOf(source);
  return [
    ...(words ? set(words, `Add alt="${words}"`) : []),
    ...(linked || there ? [] : set('', 'Add alt="", for a decoration')),
  ];
}

/** What a picture's file is called, as words: `./images/spring-sale.png` is "spring sale". */
function wordsOf(source: string): string {
  const name = /^data:/i.test(source) ? '' : baseName(source.replace(/^cid:/i, '').replace(/[?#@].*$/s, ''));
  return name
    .replace(/\.[a-z0-9]{2,5}$/i, '')
    .replace(/[-_.+\s]|%20/g, ' ')
    .trim();
}

function language(analysis: Analysis, html: string, range: Range): readonly HtmlFix[] {
  const field = analysis.field('content-language')?.value.text.split(',')[0]?.trim() ?? '';
  const tag = isLanguage(field) ? field : languageOf(html);
  const written = html.slice(range.start, range.end);
  if (/^<html[\s>]/i.test(written)) return intoTag(written, range, `lang="${tag}"`, `Add lang="${tag}"`);
  // Only a part of a page: it is put into one, head and all.
  if (/<(?:html|head|body|!doctype)[\s>]/i.test(html)) return [];
  const eol = lineEndOf(analysis.text);
  const close = `${html.endsWith('\n') || html.endsWith('\r') ? '' : eol}</body>${eol}</html>${eol}`;
  const subject = titleText(analysis);
  const head = `<head><meta charset="utf-8">${subject ? `<title>${subject}</title>` : ''}</head>`;
  return [
    {
      title: `Put the HTML into <html lang="${tag}">`,
      edits: [
        replace(0, 0, `<!DOCTYPE html>${eol}<html lang="${tag}">${eol}${head}${eol}<body>${eol}`),
        replace(html.length, 0, close),
      ],
    },
  ];
}

/** What the script of the text lets suppose; nothing is lost where it is wrong. */
function languageOf(html: string): string {
  const text = blankMarkup(html.slice(0, 20_000));
  if (/[\u3040-\u30ff]/.test(text)) return 'ja';
  if (/[\uac00-\ud7af]/.test(text)) return 'ko';
  return /\p{Script=Han}/u.test(text) ? 'zh' : 'en';
}

function title(analysis: Analysis, html: string, written: string, range: Range): readonly HtmlFix[] {
  const subject = titleText(analysis);
  if (!subject) return [];
  if (/^<title[\s>]/i.test(written)) {
    const close = html.slice(range.end).search(/<\/title/i);
    if (close < 0) return [];
    return [{ title: 'Take the subject as the title', edits: [replace(range.end, close, subject)] }];
  }
  const head = /<head(?:\s[^<>]*)?>/i.exec(html);
  if (!head) return [];
  const edit = replace(head.index + head[0].length, 0, `<title>${subject}</title>`);
  return [{ title: 'Add a <title> with the subject', edits: [edit] }];
}

function titleText(analysis: Analysis): string {
  const subject = analysis.field('subject')?.value;
  return !subject || analysis.finished ? '' : escapeHtml(subject.text.trim());
}

function isLanguage(tag: string): boolean {
  try {
    return /^[a-z]{2,3}(-|$)/i.test(tag) && Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}
