import * as vscode from 'vscode';
import { atOnce, Turns } from '../../base/steps.ts';
import { axeProblems, withoutRepeats } from '../../inspect/checks/axe.ts';
import type { CheckInput } from '../../inspect/checks/input.ts';
import { listedFindings } from '../../inspect/checks/listed.ts';
import type { HtmlProblem } from '../../inspect/checks/problems.ts';
import { type ReachMemory, reachLinks } from '../../inspect/checks/reach.ts';
import { htmlPlaces } from '../../inspect/findings.ts';
import { inboxLine } from '../../inspect/inbox-line.ts';
import { type Inspection, type InspectOptions, inOrder } from '../../inspect/inspect-message.ts';
import type { MailReader } from '../../inspect/mail-reader.ts';
import { reachPorts } from '../../inspect/reach-ports.ts';
import { type DocumentFinding, reportMarkdown } from '../../inspect/report.ts';
import { reviewSettings } from '../../send/reviewed.ts';
import { htmlCode, notToldBefore, reviewedHtml } from '../../send/reviewed-html.ts';
import { htmlSentence, htmlSentenceOfMany } from '../../send/sentences/html.ts';
import { problemSentence } from '../../send/sentences/problem.ts';
import { setting } from '../configuration.ts';
import { analysisOf } from '../language/analyses.ts';
import { toRange } from '../language/places.ts';
import { nameOf } from '../mail-documents.ts';
import { settings } from '../names.ts';
import { problemSteps, severities } from '../problem-diagnostics.ts';
import { checkSettings } from './check-settings.ts';
import type { Previewed } from './previewed.ts';
import type { PageFinding, ToPage } from './protocol.ts';
import { openReport } from './report-documents.ts';

/** Checks need not keep up with every letter. Milliseconds. */
const pause = 300;

const nowhere = (): undefined => undefined;

/** Findings of one check that are listed in the page and in the editor; the report has them all. */
const mostFindings = 500;

/** Findings that are looked at in one go. */
const share = 500;

/** How long the findings of before stand while axe-core looks at what was typed. Milliseconds. */
const patience = 2000;

/** The findings of one panel: in its page, and, where they have a place in the document, in the editor. */
export class PanelChecks implements vscode.Disposable {
  readonly #source: vscode.Uri;
  readonly #reader: MailReader;
  readonly #post: (message: ToPage) => void;
  readonly #nonce: () => string;
  readonly #listening: vscode.Disposable;
  readonly #diagnostics = vscode.languages.createDiagnosticCollection('mailbench-checks');
  readonly #asked: ReachMemory = { cache: new Map(), lastAsked: new Map() };
  #on = false;
  #previewed: Previewed | undefined;
  #inspection: Inspection | undefined;
  #axe: readonly HtmlProblem[] = [];
  /** The HTML that they are of. */
  #axeHtml: string | undefined;
  #axeTimer: NodeJS.Timeout | undefined;
  /** All of them, and those that are listed. */
  #shown: readonly HtmlProblem[] = [];
  #listed: readonly HtmlProblem[] = [];
  #showing = 0;
  #findings: readonly PageFinding[] = [];
  /** What the diagnostics are now, to tell whether they change. */
  #diagnosed = '';
  #timer: NodeJS.Timeout | undefined;
  #run = 0;
  #checking = new AbortController();

  /** @param nonce that of the page's probes, as the page has it now */
  constructor(source: vscode.Uri, reader: MailReader, post: (message: ToPage) => void, nonce: () => string) {
    this.#source = source;
    this.#reader = reader;
    this.#post = post;
    this.#nonce = nonce;
    this.#listening = vscode.languages.onDidChangeDiagnostics(({ uris }) => {
      if (this.#on && uris.some((uri) => uri.toString() === source.toString())) this.#diagnose(this.#findings);
    });
  }

  /** The page shows its findings, or does so no more. */
  turn(on: boolean, previewed: Previewed | undefined): void {
    this.#on = on;
    this.#previewed = previewed;
    if (on) void this.#check(false);
  }

  changed(previewed: Previewed): void {
    this.#previewed = previewed;
    this.#checking.abort();
    clearTimeout(this.#timer);
    if (this.#on) this.#timer = setTimeout(() => void this.#check(false), pause);
    else this.#diagnose([]);
  }

  /** Asks for the links, too: only when somebody wants it, since a link may do something. */
  reach(): void {
    void this.#check(true);
  }

  probed(run: number, findings: readonly unknown[]): void {
    const html = this.#previewed?.source?.input.html;
    if (run !== this.#run || html === undefined) return;
    clearTimeout(this.#axeTimer);
    this.#axe = axeProblems(findings, html.length);
    this.#axeHtml = html;
    void this.#show();
  }

  rangeOf(index: number): vscode.Range | undefined {
    const problem = this.#listed[index];
    return problem && this.#place(problem);
  }

  async report(): Promise<void> {
    const previewed = this.#previewed;
    if (!previewed?.view || !previewed.source || !this.#inspection) return;
    const inHtml = htmlPlaces(previewed.source);
    const content = reportMarkdown({
      title: nameOf(this.#source),
      message: previewed.view,
      inbox: inboxLine(previewed.view),
      inspection: { ...this.#inspection, problems: this.#own(this.#shown) },
      document: this.#ofDocument(),
      sentence: htmlSentenceOfMany,
      place: (problem) => {
        const range = this.#place(problem);
        const within = inHtml(problem);
        return [...(range ? [placeText(range)] : []), ...(within ? [`HTML, ${within}`] : [])].join('; ');
      },
    });
    await openReport(nameOf(this.#source), content);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#axeTimer);
    this.#checking.abort();
    this.#run++;
    this.#showing++;
    this.#listening.dispose();
    this.#diagnostics.dispose();
  }

  async #check(reaching: boolean): Promise<void> {
    this.#checking.abort();
    const run = ++this.#run;
    const { view, source } = this.#previewed ?? {};
    if (!view || !source) return;
    const controller = new AbortController();
    this.#checking = controller;
    const { signal } = controller;
    const { checks, clients } = checkSettings(this.#source);
    if (reaching) void this.#show(true);
    try {
      const inspection = await this.#inspect(source.input, { checks, clients }, signal);
      const reached = reaching ? await reachLinks(inspection.links, reachPorts(this.#asked, signal)) : [];
      if (signal.aborted) return;
      const first = this.#inspection === undefined;
      this.#inspection = { ...inspection, problems: inOrder([...inspection.problems, ...reached]) };
      const failed = inspection.problems.some(({ code }) => code === 'html-unchecked');
      const html = checks.accessibility && !failed ? source.input.html : undefined;
      if (html === undefined) this.#axe = [];
      if (html === undefined || html === this.#axeHtml) {
        void this.#show();
        return;
      }
      this.#showSoon(first ? 0 : patience);
      const nonce = this.#nonce();
      const documents = await this.#reader.probes(html, view, nonce, signal);
      if (!signal.aborted) this.#post({ type: 'probe', id: run, nonce, documents });
    } catch (error) {
      // What failed in a thread is in the log; what axe-core would have said is missing then, no more.
      if (!signal.aborted && !(error instanceof Error && 'kind' in error)) throw error;
    }
  }

  /** That the checks failed, or took too long, is a finding too. */
  async #inspect(input: CheckInput, options: InspectOptions, signal: AbortSignal): Promise<Inspection> {
    try {
      return await this.#reader.inspect(input, options, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      const failure = error instanceof Error ? error.message : String(error);
      const where = { where: 'html', range: { start: 0, end: 0 } } as const;
      return {
        problems: [{ check: 'weight', code: 'html-unchecked', severity: 'warning', ...where, failure }],
        clients: [],
        unknownClients: [],
        htmlSize: input.html?.length ?? 0,
        links: [],
      };
    }
  }

  /** What axe-core says is not to come and go with every letter: all is shown when it has answered, or when it took too long. */
  #showSoon(delay: number): void {
    const withoutAxe = () => {
      this.#axe = [];
      this.#axeHtml = undefined;
      void this.#show();
    };
    clearTimeout(this.#axeTimer);
    if (delay === 0) withoutAxe();
    else this.#axeTimer = setTimeout(withoutAxe, delay);
  }

  /** Shows what was found by now. Of tens of thousands the editor and the page would be busy for long: it goes on in turns. */
  async #show(reaching = false): Promise<void> {
    const inspection = this.#inspection;
    if (!inspection) return;
    const showing = ++this.#showing;
    const { source, document } = this.#previewed ?? {};
    const all = inOrder([...inspection.problems, ...withoutRepeats(this.#axe, inspection.problems)]);
    const review = reviewSettings({ severity: setting(settings.checkSeverity, this.#source) });
    const analysis = document ? analysisOf(document) : '';
    const turns = new Turns({ ticks: () => performance.now() }, () => new Promise((resolve) => setImmediate(resolve)));
    const shown: HtmlProblem[] = [];
    for (let at = 0; at < all.length; at += share) {
      if (turns.over) await turns.pause();
      if (showing !== this.#showing) return;
      shown.push(...reviewedHtml(analysis, all.slice(at, at + share), source?.place ?? nowhere, review));
    }
    this.#shown = shown;
    const { listed, left } = listedFindings(shown, mostFindings);
    this.#listed = listed;
    const findings = listed.map((problem, index): PageFinding => {
      const url =
        problem.code === 'client-support' ? problem.url : problem.code === 'axe' ? problem.helpUrl : undefined;
      return {
        index,
        check: problem.check,
        severity: problem.severity,
        code: htmlCode(problem),
        message: htmlSentenceOfMany(problem),
        line: (this.#place(problem)?.start.line ?? -1) + 1,
        ...(url === undefined ? {} : { url }),
      };
    });
    this.#post({
      type: 'checks',
      findings,
      serious: shown.filter(({ severity }) => severity === 'error' || severity === 'warning').length,
      left,
      clients: inspection.clients.map((client) => client.name),
      unknownClients: inspection.unknownClients,
      reaching,
      ...(inspection.dataDate === undefined ? {} : { dataDate: inspection.dataDate }),
    });
    this.#diagnose(findings);
  }

  #diagnose(findings: readonly PageFinding[]): void {
    this.#findings = findings;
    // While a document is written most of them stand there already.
    const told = new Map<string, vscode.Range[]>();
    for (const { source, code, range } of vscode.languages.getDiagnostics(this.#source)) {
      if (source !== 'mailbench') continue;
      const key = codeText(code);
      const ranges = told.get(key);
      if (ranges) ranges.push(range);
      else told.set(key, [range]);
    }
    const own = new Set(this.#own(this.#listed));
    const source = this.#previewed?.source;
    const inHtml = source && htmlPlaces(source);
    const diagnostics = findings.flatMap((finding) => {
      const range = this.rangeOf(finding.index);
      const problem = this.#listed[finding.index];
      const isTold = told.get(finding.code)?.some((each) => range && each.intersection(range));
      if (!range || isTold || (problem && !own.has(problem))) return [];
      const within = problem && inHtml?.(problem);
      const sentence = problem ? htmlSentence(problem) : finding.message;
      const message = within ? `${sentence} (HTML, ${within})` : sentence;
      const diagnostic = new vscode.Diagnostic(range, message, severities[finding.severity]);
      diagnostic.source = 'mailbench check';
      diagnostic.code = finding.url ? { value: finding.code, target: vscode.Uri.parse(finding.url) } : finding.code;
      return [diagnostic];
    });
    const key = diagnostics
      .map(({ code, range }) => `${codeText(code)} ${range.start.line}:${range.start.character}`)
      .join();
    if (key === this.#diagnosed) return;
    this.#diagnosed = key;
    this.#diagnostics.set(this.#source, diagnostics);
  }

  /** What the document does not say of itself. */
  #own(problems: readonly HtmlProblem[]): readonly HtmlProblem[] {
    const { document, composed } = this.#previewed ?? {};
    return document && composed ? notToldBefore(analysisOf(document), composed, problems) : problems;
  }

  #ofDocument(): readonly DocumentFinding[] {
    const { document, composed } = this.#previewed ?? {};
    if (!document || !composed) return [];
    return atOnce(problemSteps(document, composed)).map((problem) => ({
      severity: problem.severity,
      place: placeText(toRange(document, problem.range)),
      sentence: problemSentence(problem),
    }));
  }

  #place(problem: HtmlProblem): vscode.Range | undefined {
    const { source, document } = this.#previewed ?? {};
    const range = document && source?.place(problem.where, problem.range);
    return range && toRange(document, range);
  }
}

function placeText({ start }: vscode.Range): string {
  return `${start.line + 1}:${start.character + 1}`;
}

function codeText(code: vscode.Diagnostic['code']): string {
  return String(typeof code === 'object' ? code.value : code);
}
