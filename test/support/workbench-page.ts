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
import { placeIn } from './editor-place.ts';

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

/** VS Code's own themes, by what the window is marked with while it has one of them. */
export const themes = {
  'Dark Modern': 'dark_modern',
  'Light Modern': 'light_modern',
  'Dark High Contrast': 'hc_black',
  'Light High Contrast': 'hc_light',
} as const;

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

  /**
   * Waits until the extension runs, and closes the mail again that shows it. What is asked for before that, VS Code
   * answers without the extension: there is no definition, and nothing that formats.
   */
  async awake(): Promise<void> {
    await this.open('welcome.eml');
    await this.lens('Send Email').waitFor();
    await this.reset();
  }

  /**
   * Makes the window what it was when it came up, for the next test: no question, no notification, no panel, no editor,
   * the Explorer in the side bar. What is not saved is given up, and files are not put back: a test that writes into one
   * has it for itself.
   */
  async reset(): Promise<void> {
    const { page } = this;
    const editors = page.locator('.part.editor .tabs-container .tab, iframe.webview');
    const question = page.locator('.monaco-dialog-box');
    const isClear = async () => (await editors.count()) === 0;
    for (const began = Date.now(); ; ) {
      await page.keyboard.press('Escape');
      if ((await page.locator('.notifications-toasts .notification-list-item').count()) > 0)
        await this.command('Notifications: Clear All Notifications');
      if (!(await page.locator('.part.editor').isVisible())) await this.command('View: Toggle Maximized Panel');
      if (await page.locator('.part.panel').isVisible()) await this.command('View: Hide Panel');
      if (!(await page.locator('.explorer-folders-view').isVisible())) await this.command('View: Show Explorer');
      if (await isClear()) return;
      for (const key of ['ControlOrMeta+K', 'ControlOrMeta+W']) await page.keyboard.press(key);
      await this.#soon(async () => (await isClear()) || (await question.isVisible()));
      if (await question.isVisible()) await question.getByRole('button', { name: "Don't Save" }).click();
      if (await this.#soon(isClear)) return;
      if (Date.now() - began > 2 * settle) throw new Error('The editors could not be closed.');
    }
  }

  /** Loads the window anew, from within: a page that is reloaded from outside has no time to store what it knows. */
  async reload(): Promise<void> {
    await Promise.all([this.page.waitForEvent('load'), this.command('Developer: Reload Window')]);
    await this.ready();
  }

  /** Runs a command from the palette, by the title that it has there. */
  async command(title: string): Promise<void> {
    await this.#choose('F1', `>${title}`, title);
  }

  /** Opens a file of the folder by its name, and waits until it is the one to be typed into. */
  async open(path: string): Promise<void> {
    const name = path.split('/').at(-1) ?? path;
    await this.#choose('ControlOrMeta+P', path, name);
    await this.editor()
      .and(this.page.locator(`[data-uri$="/${encodeURI(path)}"]`))
      .locator('.view-line')
      .first()
      .waitFor();
  }

  /**
   * Asks for a list by a key, narrows it down, and takes a line of it. The list goes away when something else takes the
   * focus, such as a view that the command before has just opened: then it is asked for again, and given more time, since
   * a busy machine begins each search anew.
   */
  async #choose(key: string, typed: string, line: string): Promise<void> {
    for (let timeout = 3000; ; timeout *= 2) {
      try {
        await this.page.keyboard.press(key);
        await this.quickInput().fill(typed, { timeout });
        await this.#narrowed(line).click({ timeout });
        return;
      } catch (error) {
        if (timeout > settle) throw error;
        await this.page.keyboard.press('Escape');
      }
    }
  }

  /**
   * A line of a list that was narrowed down, by its whole label. Before that, the line may stand there as well, elsewhere:
   * it is narrowed down once it marks what was typed.
   */
  #narrowed(label: string): Locator {
    const exact = new RegExp(`^${label.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?:…|\\.\\.\\.)?$`);
    return this.page
      .locator('.quick-input-widget:visible .monaco-list-row')
      .filter({
        has: this.page.locator('.label-name', { hasText: exact }).filter({ has: this.page.locator('.highlight') }),
      })
      .first();
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

  /** Clicks into an editor until it has the focus: what has just come up may take it away, and keys would go there. */
  async focus(editor: Locator = this.editor()): Promise<void> {
    await this.#untilSo(
      () => editor.click(),
      async () => (await editor.and(this.page.locator('.focused')).count()) > 0,
      'The editor does not get the focus.',
    );
  }

  /** Puts the cursor at the end of the first visible line that holds `text`, and types. */
  async typeAfter(text: string, typed: string): Promise<void> {
    await this.putCursor('', text);
    await this.page.keyboard.press('End');
    await this.page.keyboard.type(typed);
  }

  /** The middle of a text on the first visible line of the active editor that begins with `line`; waits until it is there. */
  async placeOf(line: string, text: string): Promise<{ x: number; y: number }> {
    for (const began = Date.now(); ; ) {
      const place = await placeIn(this.editor(), line, text);
      if (place) return { x: place.x + place.width / 2, y: place.y + place.height / 2 };
      if (Date.now() - began > settle) throw new Error(`There is no "${text}" on a line that begins with "${line}".`);
      await this.page.waitForTimeout(50);
    }
  }

  /** Puts the cursor into a text, and the focus into its editor. Late CodeLenses move lines away from under the mouse. */
  async putCursor(line: string, text: string): Promise<void> {
    await this.#untilSo(
      async () => {
        const { x, y } = await this.placeOf(line, text);
        await this.page.mouse.click(x, y);
      },
      async () => (await placeIn(this.editor(), line, text))?.cursor === true,
      `The cursor does not get to "${text}".`,
    );
  }

  /** Does what may miss, again and again, until it has had its effect. */
  async #untilSo(act: () => Promise<void>, isSo: () => Promise<boolean>, otherwise: string): Promise<void> {
    for (const began = Date.now(); Date.now() - began < settle; ) {
      await act();
      if (await this.#soon(isSo)) return;
    }
    throw new Error(otherwise);
  }

  /** Whether it is so within the second in which a window answers. */
  async #soon(isSo: () => Promise<boolean>): Promise<boolean> {
    for (const began = Date.now(); !(await isSo()); await this.page.waitForTimeout(20))
      if (Date.now() - began > 1000) return false;
    return true;
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

  /**
   * The innermost frame of the webview that is to be seen, where an extension's own page lives. Waits for the one of that
   * title, if it has to be a certain one: a webview that goes is there a moment beside the one that comes.
   *
   * @param patience milliseconds
   */
  async webview(title?: string, patience = settle): Promise<Frame> {
    for (const began = Date.now(); ; ) {
      for (const outer of await this.page.locator('iframe.webview.ready:visible').elementHandles()) {
        const frame = await outer.contentFrame().catch(() => null);
        const active = await frame?.$('iframe#active-frame').catch(() => null);
        if (title !== undefined && (await active?.getAttribute('title').catch(() => null)) !== title) continue;
        const inner = await active?.contentFrame().catch(() => null);
        if (inner) return inner;
      }
      if (Date.now() - began > patience) throw new Error(`There is no webview ${title ?? ''} on the screen.`);
      await this.page.waitForTimeout(50);
    }
  }

  /** Picks a colour theme, and waits until the window has it. The list holds none of them until their extensions are known. */
  async theme(name: keyof typeof themes): Promise<void> {
    for (const began = Date.now(); ; ) {
      await this.command('Preferences: Color Theme');
      try {
        await this.quickInput().fill(name, { timeout: 3000 });
        await this.#narrowed(name).click({ timeout: 3000 });
        await this.page.locator(`.monaco-workbench[class*="-${themes[name]}-"]`).waitFor();
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
