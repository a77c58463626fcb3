import type * as vscode from 'vscode';

/**
 * Waits until something is so, looking after every event: for at most so many milliseconds, and no longer than somebody wants the
 * answer. Resolves in any case: whoever waits looks for himself.
 */
export async function comesTrue(
  isSo: () => boolean,
  event: vscode.Event<void>,
  token: vscode.CancellationToken,
  patience: number,
): Promise<void> {
  if (isSo()) return;
  const waiting: vscode.Disposable[] = [];
  let timer: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve) => {
    waiting.push(
      event(() => {
        if (isSo()) resolve();
      }),
      token.onCancellationRequested(() => resolve()),
    );
    timer = setTimeout(resolve, patience);
  });
  clearTimeout(timer);
  for (const each of waiting) each.dispose();
}
