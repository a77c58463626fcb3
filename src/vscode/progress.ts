import * as vscode from 'vscode';

/** What is done sooner needs no notification: a send to this machine takes milliseconds. */
const patience = 600;

/** Runs something that can be cancelled, with a notification and its *Cancel* button once it takes long. */
export async function withProgress<T>(
  title: string,
  controller: AbortController,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const running = work(controller.signal);
  const settled = running.then(
    () => true,
    () => true,
  );
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), patience);
  });
  if (!(await Promise.race([settled, late]))) {
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    void vscode.window.withProgress(options, async (_progress, token) => {
      const cancelling = token.onCancellationRequested(() => controller.abort());
      await settled;
      cancelling.dispose();
    });
  }
  clearTimeout(timer);
  return running;
}
