import { isAbsolute, join } from 'node:path';
import type { FileAccess } from '../base/ports.ts';
import type { DkimKeys } from '../mime/build.ts';

/** The variable of the environment that holds a private key, as PEM. */
const dkimKeyVariable = 'MAILBENCH_DKIM_KEY';

export interface DkimKeySources {
  /** A key that the person gave for this run: before all others, and for every selector. */
  readonly given?: string;
  /** The value of `mailbench.dkim.keys`: `selector@domain` to the path of a PEM file. Anything else in it is passed over. */
  readonly settings?: unknown;
  /** Absolute: what a path of the settings is relative to. */
  readonly folder?: string;
  /** The environment; left out in a workspace that is not trusted. */
  readonly environment?: (name: string) => string | undefined;
  readonly files: Pick<FileAccess, 'read'>;
}

/**
 * Where `@dkim` finds its key: the one that was given, the file that the settings name for that selector and domain,
 * the environment. `key` rejects, with Node's error, where a file that is named can't be read: another key in its place would
 * make a signature that nobody can verify.
 */
export function dkimKeys(sources: DkimKeySources): DkimKeys {
  return {
    async key(selector, domain) {
      // Looked up when a key is wanted: settings change.
      const { given, settings, folder, environment, files } = sources;
      if (given !== undefined) return given;
      const named = pathFor(settings, selector, domain);
      if (named !== undefined) {
        const path = isAbsolute(named) || folder === undefined ? named : join(folder, named);
        return Buffer.from(await files.read(path)).toString('utf8');
      }
      const value = environment?.(dkimKeyVariable)?.trim();
      // Many a CI service keeps a secret in one line.
      return value ? value.replaceAll('\\n', '\n') : undefined;
    },
  };
}

function pathFor(settings: unknown, selector: string, domain: string): string | undefined {
  if (typeof settings !== 'object' || settings === null) return undefined;
  const wanted = `${selector}@${domain}`.toLowerCase();
  for (const [name, path] of Object.entries(settings))
    if (name.toLowerCase() === wanted && typeof path === 'string' && path !== '') return path;
  return undefined;
}
