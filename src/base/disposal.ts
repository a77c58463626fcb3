/** Something to be let go of. Doing so twice does no more than doing so once. */
export interface Disposable {
  dispose(): void;
}

/** The same, where letting go takes time: a server that closes its connections. */
export interface AsyncDisposable {
  close(): Promise<void>;
}
