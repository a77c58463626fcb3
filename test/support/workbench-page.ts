/**
 * A real VS Code in a browser page, and the hands to use it as a person does: palette, keyboard, CodeLens, trees. Pictures
 * go to .vscode-test/screenshots/.
 */
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Frame, Locator, Page } from 'playwright-core';
import {
  type CodeServer,
  linkCheckout,
  linkExtension,
  pageAddress,
  prepareUserData,
  removeFolder,
  scratchFolder,
  startCodeServer,
} from '../host/code-server.ts';
import { samples, screenshots } from '../host/layout.mjs';
import { installPacked } from '../host/packed.ts';
import { launchBrowser } from './browser.ts';

export interface WorkbenchOptions {
  /** Copied into a temporary folder, which VS Code opens. By default media/samples. */
  readonly folder?: string;
  /** Put into that copy: texts by their path. */
  readonly files?: Readonly<Record<string, string>>;
  /** The user's settings, besides the quiet ones of every test. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** A .vsix to install; otherwise the extension is the checkout, as it was last built. */
  readonly vsix?: string;
  /** Folders of further extensions, which VS Code loads as they are. */
  readonly extensions?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Whether VS Code asks whether the folder is to be trusted. */
  readonly trust?: boolean;
  /** Of the window, in CSS pixels. */
  readonly size?: { readonly width: number; readonly height: number };
}

const settle = 15_000;

export async function openWorkbench(options: WorkbenchOptions = {}): Promise<Workbench> {
  const scratch = scratchFolder();
  const folder = join(scratch, 'workspace');
  const place = { userData: join(scratch, 'user'), extensions: join(scratch, 'extensions') };
  let server: CodeServer | undefined;
  let browser: Browser | undefined;
  const close = async () => {
    await browser?.close().catch(() => {});
    await server?.stop();
    removeFolder(scratch);
  };
  try {
    cpSync(options.folder ?? samples, folder, { recursive: true });
    for (const [path, text] of Object.entries(options.files ?? {})) writeFileSync(join(folder, path), text);
    prepareUserData({ ...place, settings: { 'mailbench.inbox.port': 0, ...options.settings } });
    if (options.vsix) await installPacked(options.vsix, place);
    else linkCheckout(place.extensions);
    for (const extension of options.extensions ?? []) linkExtension(place.extensions, extension);
    server = await startCodeServer({
      ...place,
      trust: options.trust ?? false,
      scratch,
      ...(options.env ? { env: options.env } : {}),
    });
    browser = await launchBrowser();
    const page = await browser.newPage({ viewport: options.size ?? { width: 1280, height: 800 } });
    page.setDefaultTimeout(settle);
    // As patient as with the window itself, in `ready`: on a busy machine the first answer takes its time.
    await page.goto(pageAddress(server.port, folder), { timeout: 60_000 });
    const workbench = new Workbench(page, folder, close);
    await workbench.ready();
    return workbench;
  } catch (error) {
    await close();
    throw error;
  }
}

export class Workbench {
  /** @param folder the copy that VS Code has open */
  constructor(page: Page, folder: string, close: () => Promise<void>) {
    this.page = page;
    this.folder = folder;
    this.close = close;
  }

  readonly page: Page;
  readonly folder: string;
  /** Ends the browser and the server, and removes all that they wrote. */
  readonly close: () => Promise<void>;

  /** Waits until the window stands and its extensions are known. */
  async ready(): Promise<void> {
    await this.page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: 60_000 });
    await this.page.locator('.explorer-folders-view .monaco-list-row').first().waitFor({ timeout: 60_000 });
  }

  /** Runs a command from the palette, by the title that it has there. */
  async command(title: string): Promise<void> {
    await this.#choose('F1', `>${title}`, title);
  }

  /** Opens a file of the folder by its name. */
  async open(path: string): Promise<void> {
    const name = path.split('/').at(-1) ?? path;
    await this.#choose('ControlOrMeta+P', path, name);
    await this.tab(name).waitFor();
    await this.editor().locator('.view-line').first().waitFor();
  }

  /**
   * Asks for a list by a key, narrows it down, and takes a line of it. The list goes away when something else takes the
   * focus, such as a view that the command before has just opened: then it is asked for again.
   */
  async #choose(key: string, typed: string, line: string): Promise<void> {
    const patience = { timeout: 3000 };
    for (const began = Date.now(); ; ) {
      try {
        await this.page.keyboard.press(key);
        await this.quickInput().fill(typed, patience);
        await this.pick(line).click(patience);
        return;
      } catch (error) {
        if (Date.now() - began > settle) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
  }

  /** The line in which the palette and every other question at the top is answered. */
  quickInput(): Locator {
    return this.page
      .locator('.quick-input-widget:visible input[type="text"], .quick-input-widget:visible input[type="password"]')
      .first();
  }

  /** A line of the list that the palette or a pick shows. */
  pick(text: string | RegExp): Locator {
    return this.page.locator('.quick-input-widget:visible .monaco-list-row', { hasText: text }).first();
  }

  tab(name: string | RegExp): Locator {
    return this.page.locator('.tabs-container .tab', { hasText: name }).first();
  }

  /** A group's text editor, by its place from the left; by default that of the active group. */
  editor(group?: number): Locator {
    const groups = this.page.locator('.part.editor .editor-group-container');
    const chosen =
      group === undefined ? this.page.locator('.part.editor .editor-group-container.active') : groups.nth(group);
    return chosen.locator('.editor-instance .monaco-editor').first();
  }

  /** What is to be seen of the text in an editor (of the active group by default), with ordinary spaces. */
  async editorText(editor: Locator = this.editor()): Promise<string> {
    const lines = await editor.locator('.view-line').evaluateAll((elements) =>
      elements
        .map((element) => ({
          top: Number.parseFloat((element as HTMLElement).style.top),
          text: element.textContent ?? '',
        }))
        .sort((a, b) => a.top - b.top)
        .map(({ text }) => text),
    );
    return lines.join('\n').replaceAll('\u00a0', ' ');
  }

  /** Waits until the visible text of an editor holds `expected`. */
  async waitForText(
    expected: string | RegExp,
    where: () => Promise<string> = () => this.editorText(),
  ): Promise<string> {
    const began = Date.now();
    let text = '';
    for (;;) {
      text = await where().catch(() => '');
      if (typeof expected === 'string' ? text.includes(expected) : expected.test(text)) return text;
      if (Date.now() - began > settle) break;
      await this.page.waitForTimeout(50);
    }
    throw new Error(`${expected} did not come up within ${settle / 1000} s. Instead there stands:\n${text}`);
  }

  /** A CodeLens of the active editor. */
  lens(title: string | RegExp): Locator {
    return this.editor().locator('.codelens-decoration a', { hasText: title }).first();
  }

  /** Presses a CodeLens of the active editor. */
  async codeLens(title: string | RegExp): Promise<void> {
    await this.lens(title).click();
  }

  /** Puts the cursor at the end of the first visible line that holds `text`, and types. */
  async typeAfter(text: string, typed: string): Promise<void> {
    const editor = this.editor();
    const focused = editor.and(this.page.locator('.focused'));
    // A view that has just come up may take the focus from it, and keys would go there: then it is clicked again.
    for (const began = Date.now(); ; ) {
      await editor.locator('.view-line', { hasText: text }).first().click();
      try {
        await focused.waitFor({ timeout: 2000 });
        break;
      } catch (error) {
        if (Date.now() - began > settle) throw error;
      }
    }
    await this.page.keyboard.press('End');
    await this.page.keyboard.type(typed);
  }

  /** The middle of a text on the first visible line of the active editor that begins with `line`; waits until it is there. */
  async placeOf(line: string, text: string): Promise<{ x: number; y: number }> {
    for (const began = Date.now(); ; ) {
      const place = await this.editor().evaluate(
        (editor, [line, text]) => {
          const plain = (value: string | null) => (value ?? '').replaceAll('\u00a0', ' ');
          for (const each of editor.querySelectorAll('.view-line')) {
            if (!plain(each.textContent).startsWith(line ?? '')) continue;
            const texts = document.createTreeWalker(each, NodeFilter.SHOW_TEXT);
            for (let node = texts.nextNode(); node; node = texts.nextNode()) {
              const at = plain(node.nodeValue).indexOf(text ?? '');
              if (at < 0) continue;
              const range = document.createRange();
              range.setStart(node, at);
              range.setEnd(node, at + (text ?? '').length);
              const { x, y, width, height } = range.getBoundingClientRect();
              return { x: x + width / 2, y: y + height / 2 };
            }
          }
          return undefined;
        },
        [line, text],
      );
      if (place) return place;
      if (Date.now() - began > settle) throw new Error(`There is no "${text}" on a line that begins with "${line}".`);
      await this.page.waitForTimeout(50);
    }
  }

  /** Puts the cursor into a text. */
  async putCursor(line: string, text: string): Promise<void> {
    for (let clicks = 0; clicks < 10; clicks++) {
      const { x, y } = await this.placeOf(line, text);
      await this.page.mouse.click(x, y);
      // Late CodeLenses move lines away from under the mouse.
      await this.page.waitForTimeout(100);
      const after = await this.placeOf(line, text);
      if (Math.abs(after.y - y) < 1 && Math.abs(after.x - x) < 1) return;
    }
    throw new Error(`"${text}" does not keep its place.`);
  }

  /** Rests the mouse on a text until a hover tells `expected`; gives the hover. */
  async hoverOn(line: string, text: string, expected: string | RegExp): Promise<Locator> {
    const hover = this.page.locator('.monaco-hover:visible', { hasText: expected }).first();
    for (let visits = 0; visits < 10; visits++) {
      // A hover that still stands there would be under the mouse in place of the text; and one that told nothing, before
      // the extension was there, is asked again only after the mouse was elsewhere.
      await this.page.mouse.move(1, 1);
      await this.page.keyboard.press('Escape');
      await this.page.locator('.monaco-hover:visible').first().waitFor({ state: 'hidden' });
      const { x, y } = await this.placeOf(line, text);
      await this.page.mouse.move(x, y, { steps: 3 });
      const told = hover.waitFor({ timeout: 2000 }).then(
        () => true,
        () => false,
      );
      if (await told) return hover;
    }
    throw new Error(`Nothing tells ${expected} of "${text}".`);
  }

  /** The text of the Output panel. */
  async outputText(): Promise<string> {
    return this.editorText(this.page.locator('.part.panel .monaco-editor').first());
  }

  /** Every notification on the screen. */
  notifications(): Locator {
    return this.page.locator('.notifications-toasts .notification-list-item-message');
  }

  /** An entry of the status bar. */
  status(text: string | RegExp): Locator {
    return this.page.locator('.part.statusbar .statusbar-item', { hasText: text }).first();
  }

  /** A row of any tree in the side bar. */
  treeRow(text: string | RegExp): Locator {
    return this.page.locator('.part.sidebar .monaco-list-row', { hasText: text }).first();
  }

  /** The innermost frame of the webview that is to be seen: where an extension's own page lives. */
  async webview(): Promise<Frame> {
    const outer = await this.page.locator('iframe.webview.ready:visible').first().elementHandle();
    const frame = await outer?.contentFrame();
    const inner = await (await frame?.waitForSelector('iframe#active-frame'))?.contentFrame();
    if (!inner) throw new Error('There is no webview on the screen.');
    return inner;
  }

  /** Picks a colour theme by its name. The list holds none of them until their extensions are known. */
  async theme(name: string): Promise<void> {
    for (const began = Date.now(); ; ) {
      await this.command('Preferences: Color Theme');
      try {
        await this.quickInput().fill(name, { timeout: 3000 });
        await this.pick(name).click({ timeout: 3000 });
        await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
        return;
      } catch (error) {
        if (Date.now() - began > 2 * settle) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
  }

  /** Keeps a picture of the window; gives its path. */
  async screenshot(name: string): Promise<string> {
    const path = join(screenshots, `${name}.png`);
    await this.page.screenshot({ path, animations: 'disabled' });
    return path;
  }
}
