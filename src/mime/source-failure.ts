/**
 * A message that could not be read to its end as it was measured: nothing of it may be taken for the message. Told apart by
 * `kind`.
 */
export class SourceFailure extends Error {
  readonly kind = 'source-failure';
  /** `changed`: the file has another size, time or content by now; `unreadable`: reading failed, see `cause`. */
  readonly reason: 'changed' | 'unreadable';
  /** As it stands in the document. */
  readonly path: string;

  constructor(reason: 'changed' | 'unreadable', path: string, cause?: unknown) {
    super(`${path}: ${reason === 'changed' ? 'changed while it was read' : 'could not be read'}`, { cause });
    this.name = 'SourceFailure';
    this.reason = reason;
    this.path = path;
  }
}

export function isSourceFailure(error: unknown): error is SourceFailure {
  return error instanceof Error && (error as Partial<SourceFailure>).kind === 'source-failure';
}
