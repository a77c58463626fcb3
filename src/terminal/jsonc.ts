/**
 * JSON with comments and trailing commas, as VS Code writes its settings. Undefined where it is not even that.
 */
export function parseJsonc(text: string): unknown {
  try {
    return JSON.parse(withoutComments(text.replace(/^\ufeff/, '')));
  } catch {
    return undefined;
  }
}

/** The same length, so that positions stay: comments, and commas before a closing bracket, become spaces. */
function withoutComments(text: string): string {
  // A string first, so that what looks like a comment inside one is left alone.
  const bare = text.replace(/"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (found) =>
    found.startsWith('"') ? found : found.replace(/[^\n]/g, ' '),
  );
  return bare.replace(/"(?:[^"\\\n]|\\.)*"|,(?=\s*[}\]])/g, (found) => (found === ',' ? ' ' : found));
}
