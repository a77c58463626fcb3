import * as vscode from 'vscode';
import type { Range } from '../base/problem.ts';
import { carriedImages } from '../inspect/check-source.ts';
import type { HtmlProblem } from '../inspect/checks/problems.ts';
import type { JobError } from '../inspect/mail-threads.ts';
import type { Analysis } from '../language/analysis.ts';
import { htmlFixes } from '../language/html-fixes.ts';
import { movedBy } from '../language/moved.ts';
import { type Shown, silenceFix } from '../language/silence.ts';
import { ofTyped, type TypedTexts, typedTexts, type Unchecked } from '../language/typed-texts.ts';
import type { Composed } from '../send/composed.ts';
import { reviewSettings } from '../send/reviewed.ts';
import { htmlCode, reviewedHtml } from '../send/reviewed-html.ts';
import { htmlSentence } from '../send/sentences/html.ts';
import { comesTrue } from './comes-true.ts';
import { onSettingChange, setting } from './configuration.ts';
import type { Composition, Drafts } from './drafts.ts';
import { analysisOf } from './language/analyses.ts';
import { toRange, toWorkspaceEdit } from './language/places.ts';
import { draftSelector, isDraft } from './mail-documents.ts';
import type { MailWork } from './mail-work.ts';
import { settings } from './names.ts';
import { checkSettings, checkSwitches } from './preview/check-settings.ts';
import { helpFor, severities } from './problem-diagnostics.ts';

/** A word that is half written is no finding: checks follow the last letter by so many milliseconds. */
const pause = 500;
/** How long whoever asks for fixes at a mark waits until what was just typed is checked. Milliseconds. */
const patience = 2000;
/** Findings of one mail that are shown; nobody mends more at once. */
const most = 300;

/** A finding at its place in the document. */
interface Placed {
  readonly problem: Shown<HtmlProblem>;
  readonly range: Range;
}

/** The checks of a document: the one that runs, and the one behind it. */
interface Turn {
  controller: AbortController;
  /** Its checks wait for a thread, or are going on in one. */
  state: 'resting' | 'waiting' | 'begun';
  timer?: NodeJS.Timeout;
  next: (() => void) | undefined;
}

function end(turn: Turn): void {
  clearTimeout(turn.timer);
  turn.next = undefined;
  turn.controller.abort();
}

interface Shows {
  readonly version: number;
  readonly placed: readonly Placed[];
  readonly analysis: Analysis;
  readonly typed?: TypedTexts;
}

/**
 * What the checks of HTML say of the open documents, at its place, while they are written. The work is done on another thread;
 * what needs a browser or the network is left to *Check Message*.
 */
export class HtmlDiagnostics implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection('mailbench-html');
  readonly #work: MailWork;
  readonly #shown = new Map<string, Shows>();
  readonly #turns = new Map<string, Turn>();
  readonly #onDidShow = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable[];

  constructor(drafts: Drafts, work: MailWork) {
    this.#work = work;
    const again = (): void => {
      for (const document of vscode.workspace.textDocuments)
        if (isDraft(document))
          drafts.current(document).then(
            (composition) => this.#schedule(composition, 0),
            // It was closed meanwhile.
            () => undefined,
          );
    };
    this.#subscriptions = [
      this.#collection,
      this.#onDidShow,
      drafts.onDidCompose((composition) => this.#schedule(composition, pause)),
      drafts.onDidClose((uri) => this.#forget(uri)),
      onSettingChange(
        [settings.checkWhileWriting, settings.checkClients, settings.checkSeverity, ...Object.values(checkSwitches)],
        again,
      ),
      vscode.languages.registerCodeActionsProvider(
        draftSelector,
        {
          provideCodeActions: async (document, range, _, token) => {
            await this.#follow(document, range, token);
            return this.#actions(document, range);
          },
        },
        { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
      ),
    ];
    again();
  }

  dispose(): void {
    for (const turn of this.#turns.values()) end(turn);
    for (const each of this.#subscriptions) each.dispose();
  }

  #forget(uri: vscode.Uri): void {
    const key = uri.toString();
    const turn = this.#turns.get(key);
    if (turn) end(turn);
    this.#turns.delete(key);
    this.#shown.delete(key);
    this.#collection.delete(uri);
    this.#onDidShow.fire();
  }

  #schedule({ document, composed }: Composition, delay: number): void {
    if (document.isClosed) return;
    const key = document.uri.toString();
    const turn: Turn = this.#turns.get(key) ?? {
      controller: new AbortController(),
      state: 'resting',
      next: undefined,
    };
    this.#turns.set(key, turn);
    clearTimeout(turn.timer);
    const run = async (): Promise<void> => {
      turn.state = 'waiting';
      turn.controller = new AbortController();
      try {
        await this.#check(document, composed, turn);
      } finally {
        turn.state = 'resting';
      }
      const { next } = turn;
      turn.next = undefined;
      next?.();
    };
    const wait = (milliseconds: number): void => {
      turn.timer = setTimeout(() => void run(), milliseconds);
    };
    // One that was begun is let finish, or whoever keeps typing, or writing files, would never see one.
    if (turn.state === 'waiting') turn.controller.abort();
    if (turn.state !== 'resting') turn.next = () => wait(delay);
    // The first findings are awaited.
    else wait(this.#shown.has(key) ? delay : 0);
  }

  async #check(document: vscode.TextDocument, composed: Composed, turn: Turn): Promise<void> {
    const { signal } = turn.controller;
    if (document.isClosed) return;
    const { version, uri } = document;
    const analysis = analysisOf(document);
    const on = setting(settings.checkWhileWriting, uri) !== false;
    const typed = on ? typedTexts(analysis, composed.built ? carriedImages(composed.built) : []) : undefined;
    const found = typed && (await this.#problemsOf(analysis, typed, uri, turn));
    if (signal.aborted || document.isClosed || document.version !== version || (typed && !found)) return;
    this.#shown.set(uri.toString(), { version, analysis, placed: found ?? [], ...(isTyped(typed) && { typed }) });
    this.#collection.set(
      uri,
      (found ?? []).map((each) => diagnosticOf(document, each)),
    );
    this.#onDidShow.fire();
  }

  /** Undefined where the document went on before its turn came. */
  async #problemsOf(
    analysis: Analysis,
    typed: TypedTexts | Unchecked,
    uri: vscode.Uri,
    turn: Turn,
  ): Promise<readonly Placed[] | undefined> {
    const { checks, clients } = checkSettings(uri);
    const review = reviewSettings({ severity: setting(settings.checkSeverity, uri) });
    const about = { check: 'weight', severity: 'information', where: 'html', range: { start: 0, end: 0 } } as const;
    const place = (where: HtmlProblem['where'], range: Range): Range | undefined =>
      isTyped(typed) && !(where === 'html' && range.end === range.start) ? typed.place(where, range) : typed.head;
    let problems: readonly HtmlProblem[];
    if (isTyped(typed)) {
      const without = Object.fromEntries(typed.without.map((name) => [name, false]));
      const options = { checks: { ...checks, ...without }, clients };
      const { signal } = turn.controller;
      const reader = await this.#work.reader();
      const begun = (): void => {
        turn.state = 'begun';
      };
      try {
        const found = await reader.check({ input: typed.input, options, most }, signal, begun);
        const { left } = found;
        problems = ofTyped(analysis, found.problems);
        if (left > 0) problems = [...problems, { ...about, code: 'findings-left-out', left }];
      } catch (error) {
        const { kind, message } = error as JobError;
        if (signal.aborted || kind === 'closed') return undefined;
        problems = [
          kind === 'too-slow'
            ? { ...about, code: 'html-unchecked' }
            : { ...about, code: 'html-unchecked', severity: 'warning', failure: message },
        ];
      }
    } else problems = [{ ...about, code: 'html-unchecked', length: typed.tooLong }];
    return reviewedHtml(analysis, problems, place, review).flatMap((problem): Placed[] => {
      const range = place(problem.where, problem.range);
      return range ? [{ problem, range }] : [];
    });
  }

  /**
   * Waits until the text is checked as it stands. Marks of the one before stand until then, and whoever asks at one of them for its
   * fixes is not to hear that there are none; elsewhere nobody waits.
   */
  async #follow(document: vscode.TextDocument, range: vscode.Range, token: vscode.CancellationToken): Promise<void> {
    const key = document.uri.toString();
    const isPresent = (): boolean => {
      const shown = this.#shown.get(key);
      return shown === undefined || shown.version === document.version;
    };
    const shown = this.#shown.get(key);
    if (!shown || isPresent()) return;
    const moved = movedBy(shown.analysis.text, document.getText());
    const atMark = shown.placed.some((each) => toRange(document, moved(each.range)).intersection(range));
    if (atMark) await comesTrue(isPresent, this.#onDidShow.event, token, patience);
  }

  #actions(document: vscode.TextDocument, range: vscode.Range): vscode.CodeAction[] {
    const shown = this.#shown.get(document.uri.toString());
    if (!shown || shown.version !== document.version) return [];
    const { analysis, typed, placed } = shown;
    const actions: vscode.CodeAction[] = [];
    const silenced = new Set<string>();
    for (const each of placed) {
      if (!toRange(document, each.range).intersection(range)) continue;
      const code = htmlCode(each.problem);
      const fixes = typed ? htmlFixes(analysis, typed, each.problem) : [];
      const { severity, ownSeverity = severity } = each.problem;
      const silence = silenced.has(code)
        ? undefined
        : silenceFix(analysis, { code, severity, ownSeverity, range: each.range }, { stops: false });
      silenced.add(code);
      for (const fix of silence ? [...fixes, silence] : fixes) {
        const action = new vscode.CodeAction(fix.title, vscode.CodeActionKind.QuickFix);
        action.edit = toWorkspaceEdit(document, fix.edits);
        action.diagnostics = [diagnosticOf(document, each)];
        actions.push(action);
      }
    }
    return actions;
  }
}

function isTyped(typed: TypedTexts | Unchecked | undefined): typed is TypedTexts {
  return typed !== undefined && 'input' in typed;
}

function diagnosticOf(document: vscode.TextDocument, { problem, range }: Placed): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(
    toRange(document, range),
    htmlSentence(problem),
    severities[problem.severity],
  );
  const code = htmlCode(problem);
  diagnostic.source = 'mailbench';
  diagnostic.code = {
    value: code,
    target: problem.code === 'client-support' ? vscode.Uri.parse(problem.url) : helpFor(code),
  };
  return diagnostic;
}
