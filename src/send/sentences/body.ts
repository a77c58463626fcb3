import type { BodyProblem } from '../../document/problems.ts';
import type { SentencesFor } from './table.ts';
import { list, meant, quoted } from './words.ts';

export const bodySentences: SentencesFor<BodyProblem> = {
  'directive-unknown': (p) =>
    p.freemarker
      ? `"<#${p.word}" is a word of FreeMarker, not of Mailbench. Put the text into <#part … verbatim>, or write "<#!${p.word}" for a line of text.`
      : `There is no directive "<#${p.word}"${meant(p.suggestion, '<#')}. For a line of text that begins so, write "<#!${p.word}".`,
  'directive-unclosed': (p) => `"<#${p.directive}" has no ">" on its line: add it at the end.`,
  'directive-indented': (p) =>
    `"<#${p.directive}" does not begin at the start of the line, so it is text. Take the spaces before it away if it is meant as a directive.`,
  'directive-in-finished': (p) =>
    `"<#${p.directive}" has no meaning in a finished message: ${p.count === 1 ? 'the line is' : `${p.count} such lines are`} sent as text. Convert the document to a composed one if it is meant as a directive.`,
  'path-missing': (p) => `<#${p.directive}> needs a file: write its path, as <#${p.directive} ./picture.png>.`,
  'path-backslash': (p) => `The path ${quoted(p.path)} is written with "\\": write "/" instead, on Windows too.`,
  'text-after-directive': (p) => `Nothing may stand after the ">" of <#${p.directive}>: move it to the next line.`,
  'note-unclosed': () => 'A note ends with "-->" on the same line: add it.',
  'text-after-note': () => 'Nothing may stand after the "-->" of a note: move it to the next line.',
  'attribute-unknown': (p) => `<#${p.directive}> has no attribute ${quoted(p.name)}${meant(p.suggestion)}.`,
  'attribute-misplaced': (p) => `${quoted(p.name)} has no use on <#${p.directive}>: take it out.`,
  'attribute-repeated': (p) => `${quoted(p.name)} stands twice, and may stand once: take one of them out.`,
  'attribute-value-missing': (p) => `${quoted(p.name)} needs a value: write ${p.name}=….`,
  'attribute-value-unexpected': (p) => `${quoted(p.name)} takes no value: take out what stands after it.`,
  'attribute-value-invalid': (p) =>
    `${quoted(p.name)} can’t be ${quoted(p.value)}${p.expected.length ? `: write ${list(p.expected, 20, 'or')}` : ''}.`,
  'attribute-syntax': (p) => `${quoted(p.text)} is no attribute: attributes are written as name=value.`,
  'attribute-name-invalid': (p) =>
    `${quoted(p.name)} can’t be the name of an attribute: write letters, digits and hyphens after the dot.`,
  'when-invalid': (p) => `"when" can’t be ${quoted(p.value)}: write the path of a value, or ! and the path.`,
  'value-unclosed': () => 'The quotation mark is never closed on this line: add the second one.',
  'value-escape': (p) =>
    `"\\${p.character}" is no escape: in a quoted value "\\" stands only before a quotation mark or another "\\". In a path, write "/".`,
  'value-quote': () => 'A quotation mark belongs around the whole value: write name="value".',
  'close-unmatched': (p) => `<#/${p.directive}> closes nothing: take it out, or add <#${p.directive}> before it.`,
  'multipart-unclosed': () => '<#multipart> is never closed: add <#/multipart>.',
  'multipart-too-deep': () => 'These multiparts stand too deep in one another: no reader follows that far.',
  'verbatim-unclosed': () => 'A verbatim part ends only with <#/part>: add it.',
  'text-after-part': () => 'This text belongs to no part: move it into the part before it, or begin a new <#part>.',
  'src-and-text': () =>
    'This part takes its body from a file, so text of its own has no place: take the text out, or "src".',
};
