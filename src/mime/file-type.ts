import mimeTypes from 'mime-types';

/** What the database of media types has otherwise than mail users mean it. */
const meant: Readonly<Record<string, string>> = {
  // Programs' sources: the database knows video streams and games by these.
  ts: 'text/plain',
  mts: 'text/plain',
  cts: 'text/plain',
  tsx: 'text/plain',
  py: 'text/x-python',
  sh: 'text/x-sh',
  env: 'text/plain',
  amp: 'text/x-amp-html',
  emlx: 'application/octet-stream',
  p7s: 'application/pkcs7-signature',
  // The registered type (RFC 9512); readers know no other better.
  yml: 'application/yaml',
  yaml: 'application/yaml',
};

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The media type that a file's name tells, lower case; undefined where it tells none. */
export function fileType(path: string): string | undefined {
  const name = baseName(path);
  const dot = name.lastIndexOf('.');
  if (dot < 0 || dot === name.length - 1) return undefined;
  const extension = name.slice(dot + 1).toLowerCase();
  const known = Object.hasOwn(meant, extension) ? meant[extension] : undefined;
  return known ?? (mimeTypes.types[extension] || undefined);
}
