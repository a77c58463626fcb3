import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Arrived, Hop } from './next-hop.ts';
import { pause } from './program.ts';

/**
 * Messages that a server delivered to Maildirs below a folder, one for each recipient. What they were sent with stands
 * in the fields that it put before them; line ends are CRLF again, since Maildirs hold LF.
 */
export class Maildirs implements Hop {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async arrived(): Promise<Arrived[]> {
    const found: Arrived[] = [];
    for (const name of await readdir(this.#folder, { recursive: true }).catch(() => [])) {
      if (!/(?:^|\/)(?:new|cur)\/[^/]+$/.test(name)) continue;
      const text = (await readFile(join(this.#folder, name), 'latin1')).replace(/\r?\n/g, '\r\n');
      const sender = /^Return-Path: <(.*)>\r$/im.exec(text)?.[1] ?? '';
      const recipient = /^Delivered-To: <?(.*?)>?\r$/im.exec(text)?.[1] ?? '';
      found.push({ text, envelope: { sender, recipients: [recipient] } });
    }
    return found;
  }

  async messages(mark: string, count: number): Promise<Arrived[]> {
    for (;;) {
      const found = (await this.arrived()).filter(({ text }) => text.includes(mark));
      if (found.length >= count) return found;
      await pause(20);
    }
  }

  async message(mark: string): Promise<Arrived> {
    return (await this.messages(mark, 1))[0]!;
  }
}
