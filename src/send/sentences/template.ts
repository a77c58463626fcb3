import type { DataProblem, TemplateProblem } from '../../template/problems.ts';
import { character } from './header.ts';
import type { SentencesFor } from './table.ts';
import { count, meant, quoted, stopped } from './words.ts';

export const templateSentences: SentencesFor<TemplateProblem | DataProblem> = {
  'template-without-data': (p) =>
    `${quoted(p.expression)} is sent as it is written, because the document names no data: add @data or @var.`,
  'template-syntax': (p) => `The template can’t be read: ${stopped(p.detail)}`,
  'template-failed': (p) => `The template can’t be carried out: ${stopped(p.detail)}`,
  'template-block-across-parts': (p) =>
    `${quoted(p.block)} ${p.end === 'open' ? 'opens here and closes' : 'closes here and opens'} in another part: a block stays in its part. To leave a part out, write when= on it.`,
  'template-unknown-variable': (p) => `The data has no ${quoted(p.path)}${meant(p.suggestion)}: nothing is put here.`,
  'template-unknown-helper': (p) => `There is no helper ${quoted(p.name)}${meant(p.suggestion)}.`,
  'template-no-files': (p) =>
    `${quoted(p.name)} would read another file, and templates read none: write its text here.`,
  'template-unknown-value': (p) => `There is no value ${quoted(p.name)}${meant(p.suggestion)}.`,
  'template-value-argument': (p) => `${quoted(p.name)} does not take ${quoted(p.argument)}.`,
  'template-env-unset': (p) => `The environment variable ${p.name} is not set: set it, or take this out.`,
  'template-env-untrusted': (p) =>
    `This workspace is not trusted, so the environment variable ${p.name} is not read. Trust the workspace to use it.`,
  'template-line-break': (p) =>
    `The value that comes in here holds ${character(p.character)}, which no header line may have: clean the data.`,
  'template-address': (p) =>
    `${quoted(p.value)} can’t stand here as ${WANTED[p.wanted]}: in an address field one value is one name or one address.`,
  'template-object': (p) => `${quoted(p.path)} is an object, and text has to come out here: name one of its values.`,
  'data-syntax': (p) => `The data can’t be read: ${stopped(p.detail)}`,
  'data-shape': () => 'The data has to be an object, or a list of objects.',
  'data-empty': () => 'The data holds no record.',
  'data-format-unknown': (p) =>
    `What kind of data ${quoted(p.path)} holds can’t be told from its name: use .json, .yaml or .csv.`,
  'data-too-deep': () => 'The data is nested too deeply to be read.',
  'record-missing': (p) =>
    `There is no record ${quoted(p.record)}: the data has ${count(p.count, 'record')}, counted from 1.`,
  'record-ambiguous': (p) => `${quoted(p.record)} fits ${count(p.count, 'record')}: name one by its number.`,
  'var-invalid': (p) => `@var can’t be ${quoted(p.value)}: write name=value.`,
  'template-engine-unknown': (p) => `There is no template engine ${quoted(p.value)}: write handlebars, liquid or off.`,
};

const WANTED: Readonly<Record<Extract<TemplateProblem, { code: 'template-address' }>['wanted'], string>> = {
  address: 'an address',
  name: 'a display name',
  'local-part': 'what stands before the @',
  domain: 'a domain',
};
