/**
 * The page of *Preview Message* as a plain page, in a real Chromium, with what VS Code gives a webview put in by hand: its own
 * policy, its own scripts, and `acquireVsCodeApi`.
 */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { type PreviewModel, type PreviewOptions, previewModel } from '../../src/inspect/preview-model.ts';
import { readMessage } from '../../src/inspect/read.ts';
import { pageHtml } from '../../src/vscode/preview/page-html.ts';
import { PageModel } from '../../src/vscode/preview/page-model.ts';
import { root } from '../host/layout.mjs';
import { launchBrowser } from './browser.ts';

export const nonce = 'cGFnZS1ub25jZQ';
export const probeNonce = 'cHJvYmUtbm9uY2U';

const fake = `
  let state = JSON.parse(sessionStorage.getItem('state') ?? '{}').state;
  window.posted = [];
  window.acquireVsCodeApi = () => ({
    postMessage: (message) => window.posted.push(message),
    getState: () => state,
    setState: (now) => { state = now; sessionStorage.setItem('state', JSON.stringify({ state })); },
  });`;

const viewport = { width: 720, height: 800 };

const types: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.css': 'text/css' };

export class PreviewPage {
  readonly page: Page;
  readonly origin: string;
  /** What the browser asked for beyond the page's own files. */
  readonly leaks: string[] = [];
  /** What the page said on its console, and its errors. */
  readonly said: string[] = [];
  readonly #told = new PageModel();
  #uri = '';
  readonly #browser: Browser;
  readonly #server: Server;

  private constructor(page: Page, origin: string, browser: Browser, server: Server) {
    this.page = page;
    this.origin = origin;
    this.#browser = browser;
    this.#server = server;
    page.on('console', (message) => this.said.push(message.text()));
    page.on('pageerror', (error) => this.said.push(String(error)));
    page.on('dialog', (dialog) => {
      this.said.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.context().on('page', () => this.said.push('a window opened'));
  }

  static async open(options: { readonly remote?: boolean; readonly theme?: string } = {}): Promise<PreviewPage> {
    const server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://host');
      if (pathname === '/') {
        const origin = `http://${request.headers.host}`;
        const html = pageHtml({
          cspSource: origin,
          nonce,
          probeNonce,
          script: `${origin}/media/preview/preview.js`,
          style: `${origin}/media/preview/preview.css`,
          remote: options.remote ?? false,
        });
        response.setHeader('content-type', 'text/html');
        response.end(html.replace('<script', `<script nonce="${nonce}">${fake}</script><script`));
        return;
      }
      const path = normalize(join(root, pathname));
      const type = types[extname(path)];
      if (!path.startsWith(join(root, 'media/preview')) || !type) {
        response.statusCode = 404;
        response.end();
        return;
      }
      response.setHeader('content-type', type);
      response.end(readFileSync(path));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const browser = await launchBrowser();
    const page = await browser.newPage({ viewport });
    const opened = new PreviewPage(page, origin, browser, server);
    // A route sees what no policy has stopped. The browser asks for an icon of its own accord.
    await page.route('**/*', (route) => {
      const url = route.request().url();
      if (url === `${origin}/favicon.ico`) return route.fulfill({ status: 204 });
      if (url === `${origin}/` || url.startsWith(`${origin}/media/preview/`)) return route.continue();
      opened.leaks.push(url);
      return route.abort();
    });
    await opened.#arrive();
    return opened;
  }

  /** Shows a message as the extension does. */
  async show(eml: string | Uint8Array, options: Partial<PreviewOptions> = {}): Promise<void> {
    const bytes = typeof eml === 'string' ? new TextEncoder().encode(eml) : eml;
    const model = previewModel(await readMessage(bytes), {
      scheme: 'light',
      images: true,
      remote: false,
      path: [],
      ...options,
    });
    await this.tell(model);
    if (model.html)
      await this.page.waitForFunction(
        () =>
          document.querySelector('.field iframe:not(.loading)') &&
          document.querySelectorAll('.field iframe').length === 1,
      );
  }

  /**
   * Tells the page what to show, as the extension does: after the first time, what differs from the time before. Without a model,
   * that errors leave none.
   */
  async tell(
    model: PreviewModel | undefined,
    {
      uri = 'file:///mail.eml',
      problems = [],
      errors = problems.length,
      left = 0,
      unread = false,
    }: { uri?: string; problems?: readonly unknown[]; errors?: number; left?: number; unread?: boolean } = {},
  ): Promise<void> {
    if (uri !== this.#uri) this.#told.forget();
    this.#uri = uri;
    const news = model && this.#told.tell(model);
    await this.post({
      type: 'show',
      title: 'mail.eml',
      uri,
      problems,
      errors,
      left,
      unread,
      ...(news ? { news } : {}),
    });
  }

  /** Makes the page what it was when it was opened, for the next test: nothing shown, nothing chosen, nothing posted. */
  async reset(): Promise<void> {
    await this.page.setViewportSize(viewport);
    await this.page.emulateMedia({ colorScheme: null });
    // Of another page there is no storage to be reached.
    if (this.page.url() !== `${this.origin}/`) await this.page.goto(`${this.origin}/`);
    await this.page.evaluate(() => sessionStorage.clear());
    await this.#arrive();
    this.#told.forget();
    this.leaks.length = 0;
    this.said.length = 0;
  }

  async #arrive(): Promise<void> {
    await this.page.goto(`${this.origin}/`);
    await this.page.waitForFunction(() => (window as unknown as Posted).posted.some((each) => each.type === 'ready'));
  }

  /** The page begins anew, with what it kept. */
  async reload(): Promise<void> {
    await this.page.reload();
    this.#told.forget();
  }

  /** Shows HTML as the only part of a message. */
  showHtml(html: string, options: Partial<PreviewOptions> = {}): Promise<void> {
    return this.show(
      `From: a@x.example\r\nSubject: s\r\nContent-Type: text/html; charset=utf-8\r\n\r\n${html}`,
      options,
    );
  }

  /** Tells the page something, and waits until it has heard it: its own listener was there before this one. */
  async post(message: { readonly type: string; readonly [more: string]: unknown }): Promise<void> {
    await this.page.evaluate(
      (posted) =>
        new Promise<void>((resolve) => {
          const hear = ({ data }: MessageEvent) => {
            if (data?.type !== posted.type) return;
            window.removeEventListener('message', hear);
            resolve();
          };
          window.addEventListener('message', hear);
          window.postMessage(posted, '*');
        }),
      message,
    );
  }

  /** What the page posted to the extension, by type. */
  async posted(type: string): Promise<Record<string, unknown>[]> {
    return this.page.evaluate(
      (wanted) => (window as unknown as Posted).posted.filter((each) => each.type === wanted),
      type,
    );
  }

  /** The frame that shows the mail. */
  mail() {
    return this.page.frameLocator('.field iframe:not(.loading)');
  }

  async close(): Promise<void> {
    await this.#browser.close();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

interface Posted {
  posted: Record<string, unknown>[];
}
