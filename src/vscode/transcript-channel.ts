import * as vscode from 'vscode';
import { transcriptChannel, transcriptLanguage } from './names.ts';

/** The *Mail Transcript*: made when the first line is written or somebody looks for it. */
export class TranscriptChannel implements vscode.Disposable {
  #channel: vscode.OutputChannel | undefined;

  /** One finished line of a session. */
  write(line: string): void {
    this.#get().appendLine(line);
  }

  /** An empty line between two sessions. */
  separate(): void {
    if (this.#channel) this.#channel.appendLine('');
    else this.#get();
  }

  /** The editor keeps the focus. */
  show(): void {
    this.#get().show(true);
  }

  dispose(): void {
    this.#channel?.dispose();
    this.#channel = undefined;
  }

  #get(): vscode.OutputChannel {
    // Not a log channel: that puts a time and a level before each line, and takes no language.
    this.#channel ??= vscode.window.createOutputChannel(transcriptChannel, transcriptLanguage);
    return this.#channel;
  }
}
