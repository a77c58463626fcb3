import { isUtf8 } from 'node:buffer';
import type { FileAccess } from '../base/ports.ts';
import type { Range } from '../base/problem.ts';
import { FilePlaces, fileProblem } from '../mime/file-places.ts';
import type { MimeProblem } from '../mime/problems.ts';
import {
  type DataFormat,
  type DataRecord,
  type DataResult,
  dataFormat,
  parseDataSet,
  pickRecord,
} from '../template/data.ts';
import type { DataProblem } from '../template/problems.ts';

export interface DataRequest {
  /** As written after `@data:`, or an absolute path that the person gave outside of the document. */
  readonly path: string;
  /** Whether the document wrote it, so that it has to stay inside the workspace. */
  readonly confined: boolean;
  readonly range: Range;
  readonly documentPath?: string;
  readonly workspaceRoot?: string;
  /** A number from 1, or `name=value`. */
  readonly record?: string;
  readonly recordRange?: Range;
  /** What was read already, by absolute path. */
  readonly known?: Map<string, DataResult>;
}

export interface DataFound {
  readonly record?: DataRecord;
  /** Counted from 1, of how many. */
  readonly index?: number;
  readonly count?: number;
  readonly problems: readonly (DataProblem | MimeProblem)[];
}

/** Reads the data that a document names, and picks its record. Rejects for nothing that the disk holds. */
export async function readData(request: DataRequest, files: FileAccess): Promise<DataFound> {
  const { path, range } = request;
  const placing: MimeProblem[] = [];
  const place = request.confined
    ? (await new FilePlaces(files, request.documentPath, request.workspaceRoot).place(path, range, placing))?.absolute
    : path;
  if (place === undefined) return { problems: placing };
  const format = dataFormat(path);
  if (format === undefined) return { problems: [{ code: 'data-format-unknown', severity: 'error', range, path }] };
  const known = request.known?.get(place);
  const parsed = known ?? (await readDataSet(place, path, format, range, files));
  if ('unreadable' in parsed) return { problems: [parsed.unreadable] };
  request.known?.set(place, parsed);
  const problems = parsed.problems.map((problem) => ({ ...problem, range }));
  if (!parsed.data) return { problems };
  const picked = pickRecord(parsed.data, request.record);
  return {
    problems: [...problems, ...picked.problems.map((problem) => ({ ...problem, range: request.recordRange ?? range }))],
    count: parsed.data.records.length,
    ...(picked.record === undefined ? {} : { record: picked.record }),
    ...(picked.index === undefined ? {} : { index: picked.index + 1 }),
  };
}

async function readDataSet(
  place: string,
  path: string,
  format: DataFormat,
  range: Range,
  files: FileAccess,
): Promise<DataResult | { readonly unreadable: MimeProblem }> {
  let octets: Uint8Array;
  try {
    octets = await files.read(place);
  } catch (error) {
    return { unreadable: fileProblem(error, path, range) };
  }
  const text = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('utf8');
  if (isUtf8(octets)) return parseDataSet(text, format);
  // Where the first replacement stands: what came before it was read as it is.
  const offset = Buffer.byteLength(text.slice(0, text.indexOf('\ufffd')));
  return { unreadable: { code: 'file-not-utf8', severity: 'error', range, path, offset } };
}
