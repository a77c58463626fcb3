import { Transcript, type TranscriptOptions, type TranscriptSink } from '../net/transcript.ts';

/**
 * The transcripts of sessions side by side, as one: where a line is of another session than the line before it, a line
 * that says so comes first. The sessions are counted from 1. Secrets are hidden in all of them alike.
 */
export class SessionTranscripts {
  readonly #options: TranscriptOptions;
  readonly #write: TranscriptSink;
  #sessions = 0;
  #shown = 0;

  constructor(options: TranscriptOptions) {
    this.#options = options;
    this.#write = options.sink;
  }

  /** For the next session. */
  next(): Transcript {
    const session = ++this.#sessions;
    return new Transcript({
      ...this.#options,
      sink: (line) => {
        if (this.#shown !== session) this.#write(`=== Session ${session}`);
        this.#shown = session;
        this.#write(line);
      },
    });
  }
}
