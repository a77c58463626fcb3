import * as vscode from 'vscode';
import type { Fix, Severity } from '../base/problem.ts';
import type { Steps } from '../base/steps.ts';
import type { Analysis } from '../language/analysis.ts';
import { fileFixes, type PathPlace, pathEdit } from '../language/file-fixes.ts';
import { mendings } from '../language/mending.ts';
import { type Shown, silenceFix } from '../language/silence.ts';
import type { Surroundings } from '../language/suggestion.ts';
import { checkServerName } from '../send/compose.ts';
import type { Composed, Problem } from '../send/composed.ts';
import { reviewSettings, reviewSteps } from '../send/reviewed.ts';
import { problemSentence } from '../send/sentences/problem.ts';
import { setting } from './configuration.ts';
import { analysisOf } from './language/analyses.ts';
import { toRange, toWorkspaceEdit } from './language/places.ts';
import { commands, schemes, settings } from './names.ts';
import { knownServers } from './servers.ts';

/** What is wrong with a document, the server that it names included, as the person wants it shown. */
export function problemSteps(document: vscode.TextDocument, composed: Composed): Steps<readonly Shown<Problem>[]> {
  const unknown = composed.server && checkServerName(composed, knownServers(document.uri));
  const of = (key: Parameters<typeof setting>[0]) => setting(key, document.uri);
  const wanted = reviewSettings({
    severity: of(settings.checkSeverity),
    attachmentWords: of(settings.checkAttachmentWords),
    messageSize: of(settings.checkMessageSize),
    lineLength: of(settings.checkLineLength),
  });
  return reviewSteps(composed, wanted, { more: unknown ? [unknown] : [], analysis: analysisOf(document) });
}

export const severities: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
  hint: vscode.DiagnosticSeverity.Hint,
};

/** Where a code is explained; see help-documents.ts. */
export function helpFor(code: string): vscode.Uri {
  return vscode.Uri.from({ scheme: schemes.help, path: `/${code}.md` });
}

export function toDiagnostic(document: vscode.TextDocument, problem: Problem): vscode.Diagnostic {
  const range = toRange(document, problem.range);
  const diagnostic = new vscode.Diagnostic(range, problemSentence(problem), severities[problem.severity]);
  diagnostic.source = 'mailbench';
  diagnostic.code = { value: problem.code, target: helpFor(problem.code) };
  return diagnostic;
}

/** The quick fixes of the problems that touch a range, and for each code a way to silence it. */
export function toCodeActions(
  document: vscode.TextDocument,
  problems: readonly Shown<Problem>[],
  range: vscode.Range,
  around: Surroundings,
): vscode.CodeAction[] {
  const actions: vscode.CodeAction[] = [];
  const analysis = analysisOf(document);
  const silenced = new Set<string>();
  for (const problem of problems) {
    if (!toRange(document, problem.range).intersection(range)) continue;
    const silence = silenced.has(problem.code) ? undefined : silenceFix(analysis, problem);
    silenced.add(problem.code);
    const own = problem.code === 'file-missing' ? fileFixes(analysis, problem, around) : fixesOf(analysis, problem);
    const commanded = commandActions(document, problem);
    // A file that is near is likelier than any other.
    const last = problem.code === 'file-missing';
    if (!last) actions.push(...commanded);
    for (const fix of silence ? [...own, silence] : own) {
      const action = new vscode.CodeAction(fix.title, vscode.CodeActionKind.QuickFix);
      action.edit = toWorkspaceEdit(document, fix.edits);
      action.diagnostics = [toDiagnostic(document, problem)];
      if (fix.preferred) action.isPreferred = true;
      actions.push(action);
    }
    if (last) actions.push(...commanded);
  }
  return actions;
}

/** Those that it brings along, and those that are worked out now. */
function fixesOf(analysis: Analysis, problem: Problem): readonly Fix[] {
  return [...(problem.fixes ?? []), ...mendings(analysis, problem)];
}

/** What mends a problem, and is more than an edit. */
function commandActions(document: vscode.TextDocument, problem: Problem): vscode.CodeAction[] {
  const make = (title: string, command: string, ...values: readonly unknown[]): vscode.CodeAction => {
    const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
    action.command = { title, command, arguments: [...values] };
    action.diagnostics = [toDiagnostic(document, problem)];
    return action;
  };
  const { uri } = document;
  switch (problem.code) {
    case 'attachment-forgotten':
      return [make('Attach a file…', commands.attachFile, uri)];
    case 'file-missing':
    case 'file-is-directory':
    case 'file-not-regular':
    case 'file-unreadable':
    case 'file-outside':
    case 'bad-path': {
      const { path, range } = problem;
      const place: PathPlace = { path, range };
      return pathEdit(analysisOf(document), place, path)
        ? [make('Choose a file…', commands.attachFile, uri, place)]
        : [];
    }
    case 'path-missing': {
      const node = analysisOf(document).directiveAt(problem.range.start);
      const at = node?.keywordRange.end;
      return at === undefined
        ? []
        : [make('Choose a file…', commands.attachFile, uri, { path: '', range: { start: at, end: at } })];
    }
    case 'path-without-document':
      return [make('Save the document…', 'workbench.action.files.save')];
    case 'template-env-untrusted':
      return [make('Manage the trust in this workspace', 'workbench.trust.manage')];
    case 'dkim-key-missing':
    case 'dkim-key-unusable':
      return [make('Open the setting of the keys', 'workbench.action.openSettings', `mailbench.${settings.dkimKeys}`)];
    default:
      return convertible.has(problem.code) ? [make('Convert to a composed document', commands.convert, uri)] : [];
  }
}

/** Problems of finished messages that a composed document has not. */
const convertible: ReadonlySet<string> = new Set([
  'comment-in-finished',
  'setting-in-finished',
  'setting-without-effect',
  'directive-in-finished',
  'finished-nul',
  'finished-line-too-long',
  'finished-bcc-signed',
  'finished-header-charset',
]);

/** Every problem that has one fix to be preferred, repaired at once; undefined where there is none. */
export function toFixAll(document: vscode.TextDocument, problems: readonly Problem[]): vscode.CodeAction | undefined {
  const analysis = analysisOf(document);
  const fixes: Fix[] = [];
  for (const problem of problems) {
    const fix = fixesOf(analysis, problem).find((each) => each.preferred);
    if (fix && !fixes.some((other) => overlap(fix, other))) fixes.push(fix);
  }
  if (fixes.length === 0) return undefined;
  const action = new vscode.CodeAction('Fix all problems of this mail', fixAllKind);
  action.edit = toWorkspaceEdit(
    document,
    fixes.flatMap(({ edits }) => edits),
  );
  return action;
}

/** `"editor.codeActionsOnSave": { "source.fixAll.mailbench": … }` */
const fixAllKind = vscode.CodeActionKind.SourceFixAll.append('mailbench');

function overlap(one: Fix, other: Fix): boolean {
  return one.edits.some((a) => other.edits.some((b) => a.range.start <= b.range.end && b.range.start <= a.range.end));
}
