import * as vscode from 'vscode';
import { helpSection } from '../../language/help-section.ts';

/** What stands below the explanation of every code. */
const below = `## Silence it

An error that keeps the message from being sent can’t be silenced. Anything else can: for one field with a comment before it, for one line of the body with a note before it, or everywhere with a setting.`;

/** The page that the code of a problem links to, made of media/help/problems.md. */
export async function helpText(extension: vscode.Uri, { path }: vscode.Uri): Promise<string> {
  const code = path.replace(/^\/|\.md$/g, '');
  const octets = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(extension, 'media', 'help', 'problems.md'));
  const section = helpSection(Buffer.from(octets).toString('utf8'), code) ?? `# ${code}\n`;
  const ways = [
    '```eml',
    `# mailbench-ignore ${code}`,
    'Subject: …',
    '',
    `<#-- mailbench-ignore ${code} -->`,
    '…',
    '```',
    '',
    '```json',
    `{ "mailbench.check.severity": { "${code}": "off" } }`,
    '```',
  ].join('\n');
  return `${section}\n${below}\n\n${ways}\n`;
}
