import * as vscode from 'vscode';

/** What is done sooner needs no notification: a send to this machine takes milliseconds. */
const patience = 600;

export interface Running {
  readonly signal: AbortSignal;
  /** Asks the person something in the midst of the work: no progress is made, nor shown as made, meanwhile. */
  asking<T>(ask: () => Promise<T>): Promise<T>;
}

/** Runs something that can be cancelled, with a notification and its *Cancel* button once it takes long. */
export async function withProgress<T>(
  title: string,
  controller: AbortController,
  work: (running: Running) => Promise<T>,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let ended: () => void = () => {};
  const end = new Promise<void>((resolve) => {
    ended = resolve;
  });
  let shown = false;
  const show = () => {
    shown = true;
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    void vscode.window.withProgress(options, async (_progress, token) => {
      const cancelling = token.onCancellationRequested(() => controller.abort());
      await end;
      cancelling.dispose();
    });
  };
  const wait = () => {
    if (!shown) timer = setTimeout(show, patience);
  };
  wait();
  try {
    return await work({
      signal: controller.signal,
      async asking(ask) {
        clearTimeout(timer);
        try {
          return await ask();
        } finally {
          wait();
        }
      },
    });
  } finally {
    clearTimeout(timer);
    ended();
  }
}
