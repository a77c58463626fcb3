import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { createApi, type MailbenchApi } from '../send/api.ts';
import { serverProblemSentence } from '../send/sentences/server.ts';
import type { ServerProblem } from '../send/server-problems.ts';
import { composePorts } from './compose-document.ts';
import { findServer, type Mailer } from './mailer.ts';
import type { SendActivity } from './send-activity.ts';

/** The API of `activate()`, at work in this window: its settings, its secrets, its questions, its transcript. */
export function publicApi(mailer: Mailer, activity: SendActivity): MailbenchApi {
  return createApi({
    ...composePorts(),
    random: randomUUID,
    workspaceRootOf: (path) => {
      const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(path))?.uri;
      return folder?.scheme === 'file' ? folder.fsPath : undefined;
    },
    server: async (name) => {
      const found = findServer(name);
      return 'server' in found ? found.server : { trouble: told(found.problems) };
    },
    running: (signal, work) =>
      activity.run(undefined, (controller) =>
        work(signal ? AbortSignal.any([signal, controller.signal]) : controller.signal),
      ),
    deliverPorts: async (signal) => {
      const ports = mailer.portsFor(undefined, { signal, asking: (ask) => ask() });
      if ('problems' in ports) throw Object.assign(new Error(told(ports.problems)), { kind: 'unknown-server' });
      return ports;
    },
  });
}

function told(problems: readonly ServerProblem[]): string {
  return problems.map(serverProblemSentence).join(' ');
}
