import * as vscode from 'vscode';
import type { PasswordRequest, TypedPassword } from '../send/credentials.ts';
import { providerOf } from '../send/providers.ts';
import { addressOf } from '../send/server.ts';

/** Asks for the password of a server. Undefined where the person would rather not, or the signal fires. */
export function askPassword(
  { server, user }: PasswordRequest,
  signal?: AbortSignal,
  options: { readonly mayKeep?: boolean } = {},
): Promise<TypedPassword | undefined> {
  const { mayKeep = true } = options;
  const input = vscode.window.createInputBox();
  input.title = `Password of ${user} at ${addressOf(server)}`;
  input.password = true;
  input.ignoreFocusOut = true;
  input.placeholder = 'Password';
  let remember = true;
  const describe = () => {
    const kept = remember
      ? 'It is kept in the secret storage of VS Code once the server accepts it.'
      : 'It is used once and not kept.';
    const hint = server.endpoint.kind === 'tcp' ? providerOf(server.endpoint.host)?.password : undefined;
    input.prompt = [hint, mayKeep ? kept : undefined].filter(Boolean).join(' ');
    if (!mayKeep) return;
    const icon = new vscode.ThemeIcon(remember ? 'pass-filled' : 'circle-large-outline');
    input.buttons = [
      { iconPath: icon, tooltip: remember ? 'Kept. Click to use it once only.' : 'Used once. Click to keep it.' },
    ];
  };
  describe();
  return new Promise((resolve) => {
    const finish = (typed: TypedPassword | undefined) => {
      signal?.removeEventListener('abort', abort);
      resolve(typed);
      input.dispose();
    };
    const abort = () => finish(undefined);
    signal?.addEventListener('abort', abort);
    input.onDidTriggerButton(() => {
      remember = !remember;
      describe();
    });
    input.onDidChangeValue(() => {
      input.validationMessage = undefined;
    });
    input.onDidAccept(() => {
      if (input.value === '') input.validationMessage = 'A password is needed; Escape stops the send.';
      else finish({ password: input.value, remember });
    });
    input.onDidHide(() => finish(undefined));
    if (signal?.aborted) finish(undefined);
    else input.show();
  });
}
