/** A directive's word: what follows `<#`. */
export type DirectiveName = 'attach' | 'inline' | 'part' | 'multipart';

export interface DirectiveFacts {
  readonly name: DirectiveName;
  readonly purpose: string;
  readonly path: boolean;
}

export const DIRECTIVES: readonly DirectiveFacts[] = [
  { name: 'attach', purpose: 'Attaches a file.', path: true },
  { name: 'inline', purpose: 'Puts a file beside the HTML that shows it by its id.', path: true },
  { name: 'part', purpose: 'Begins a part of its own, another form of the text.', path: false },
  { name: 'multipart', purpose: 'Holds parts together in a multipart of a given type.', path: false },
];

/** Every word that may follow `<#`. */
export const DIRECTIVE_WORDS: readonly string[] = ['attach', 'inline', 'part', '/part', 'multipart', '/multipart'];

export interface AttributeFacts {
  readonly name: string;
  readonly purpose: string;
  readonly on: readonly DirectiveName[];
  /** The closed list of values, where there is one. */
  readonly values?: readonly string[];
  /** Written without a value. */
  readonly flag?: true;
}

const FILES: readonly DirectiveName[] = ['attach', 'inline'];
const LEAVES: readonly DirectiveName[] = ['attach', 'inline', 'part'];
const ALL: readonly DirectiveName[] = ['attach', 'inline', 'part', 'multipart'];

export const ATTRIBUTES: readonly AttributeFacts[] = [
  { name: 'type', purpose: 'The media type, such as text/html or application/pdf.', on: ALL },
  { name: 'charset', purpose: 'The charset: of a part, what it is written in; of a file, a label for it.', on: LEAVES },
  { name: 'name', purpose: 'The file name that the reader sees.', on: LEAVES },
  {
    name: 'disposition',
    purpose: 'Whether it is shown or offered as a file.',
    on: LEAVES,
    values: ['inline', 'attachment'],
  },
  {
    name: 'encoding',
    purpose: 'The transfer encoding.',
    on: LEAVES,
    values: ['7bit', '8bit', 'binary', 'quoted-printable', 'base64'],
  },
  { name: 'id', purpose: 'The Content-ID: HTML shows the part as cid:id.', on: ALL },
  { name: 'description', purpose: 'What it holds, in words.', on: ALL },
  { name: 'language', purpose: 'The language, such as en-GB or zh-Hans.', on: ALL },
  { name: 'src', purpose: 'The file that gives the part its text.', on: ['part'] },
  { name: 'method', purpose: 'The method of a calendar part, as its METHOD says.', on: LEAVES },
  { name: 'template', purpose: 'off leaves template expressions in the part alone.', on: ['part'], values: ['off'] },
  { name: 'when', purpose: 'A path of the data, or !path: keeps or drops this.', on: ALL },
  { name: 'verbatim', purpose: 'Every line up to <#/part> is text.', on: ['part'], flag: true },
];

const BY_NAME = new Map(ATTRIBUTES.map((attribute) => [attribute.name, attribute]));

export function attributeFacts(name: string): AttributeFacts | undefined {
  return BY_NAME.get(name);
}

/** The attributes that a directive may have, `param.` and `header.` apart. */
export function attributesOf(directive: DirectiveName): readonly AttributeFacts[] {
  return ATTRIBUTES.filter((attribute) => attribute.on.includes(directive));
}

/** Whether paths are expected there: the directives that name a file by their first value. */
export function takesPath(directive: DirectiveName): directive is 'attach' | 'inline' {
  return FILES.includes(directive);
}

/** Words that FreeMarker writes after `<#`: such a text belongs in a part with `verbatim`. */
export const FREEMARKER_WORDS: ReadonlySet<string> = new Set(
  (
    'if elseif else list items sep break continue switch case on default assign global local include import noparse ' +
    'compress escape noescape autoesc noautoesc outputformat ftl function return macro nested setting stop t lt rt nt ' +
    'attempt recover visit recurse fallback flush'
  ).split(' '),
);
