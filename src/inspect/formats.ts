import type { Severity } from '../base/problem.ts';

/** A problem with its place and its sentence, as `mailbench check` prints it. Lines and columns count from 1, columns in UTF-16 code units. */
export interface Finding {
  /** As it is to be shown: relative to where the command runs, forward slashes. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine?: number;
  readonly endColumn?: number;
  readonly severity: Severity;
  readonly code: string;
  readonly message: string;
  /** Where a person reads more. */
  readonly url?: string;
}

export type FindingFormat = 'text' | 'json' | 'sarif';

export interface Tool {
  readonly name: string;
  readonly version: string;
}

/** Findings as text (one a line, as compilers write them), as a JSON array, or as SARIF; with a line end if not empty. */
export function formatFindings(findings: readonly Finding[], format: FindingFormat, tool: Tool): string {
  switch (format) {
    case 'text':
      return findings.map((finding) => `${findingLine(finding)}\n`).join('');
    case 'json':
      return json(findings.map(jsonFinding));
    case 'sarif':
      return json(sarifLog(findings, tool));
  }
}

/** JSON leaves the controls behind ASCII as they are; where it is printed, a terminal would obey them. */
function json(value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  return `${text.replace(/[\x7f-\x9f]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`)}\n`;
}

/** `file:line:column: severity code: sentence`. A line end in the sentence would make two findings of one. */
export function findingLine({ file, line, column, severity, code, message }: Finding): string {
  return `${file}:${line}:${column}: ${severity} ${code}: ${message}`.replace(/[\r\n\u2028\u2029]+/g, ' ');
}

function jsonFinding({ file, line, column, severity, code, message }: Finding) {
  return { file, line, column, severity, code, message };
}

/** A log of one run (SARIF 2.1.0, OASIS Standard, sections 3.13 and 3.14). */
function sarifLog(findings: readonly Finding[], tool: Tool) {
  const codes = [...new Set(findings.map((finding) => finding.code))].sort();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: tool.name,
            semanticVersion: tool.version,
            rules: codes.map((id) => {
              const url = findings.find((finding) => finding.code === id)?.url;
              // One rule may have a page for each finding (caniemail's features); then it has none of its own.
              const shared = url !== undefined && findings.every((each) => each.code !== id || each.url === url);
              return { id, ...(shared ? { helpUri: url } : {}) };
            }),
          },
        },
        // Section 3.14.17: columns count UTF-16 code units; section 3.14.18: a lone CR ends a line, as in the editor.
        columnKind: 'utf16CodeUnits',
        newlineSequences: ['\r\n', '\n', '\r'],
        results: findings.map((finding) => ({
          ruleId: finding.code,
          ruleIndex: codes.indexOf(finding.code),
          level: level(finding.severity),
          message: { text: finding.message },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: uriOf(finding.file) },
                region: {
                  startLine: finding.line,
                  startColumn: finding.column,
                  ...(finding.endLine === undefined ? {} : { endLine: finding.endLine }),
                  ...(finding.endColumn === undefined ? {} : { endColumn: finding.endColumn }),
                },
              },
            },
          ],
        })),
      },
    ],
  };
}

/** Section 3.27.10. A hint is a note, as information is. */
function level(severity: Severity): 'error' | 'warning' | 'note' {
  return severity === 'error' || severity === 'warning' ? severity : 'note';
}

/** A relative reference (RFC 3986 section 4.2), or a file URI for an absolute path. */
function uriOf(file: string): string {
  const path = file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
  if (/^[A-Za-z]%3A\//.test(path)) return `file:///${path[0]}:${path.slice(4)}`;
  return path.startsWith('/') ? `file://${path}` : path;
}
