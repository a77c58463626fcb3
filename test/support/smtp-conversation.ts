import assert from 'node:assert/strict';
import { feeds, type ScriptedServerOptions, script, scriptedServer } from './smtp-server.ts';

/** Runs `use` against a server that plays `text`, in each feed; the conversation must be the script's, whole. */
export function conversation(
  text: string,
  use: (port: number) => Promise<unknown>,
  options: ScriptedServerOptions = {},
): () => Promise<void> {
  return async () => {
    for (const feed of feeds) {
      const server = await scriptedServer(text, { ...options, feed });
      try {
        await use(server.port);
        assert.equal(await server.said, script(text), feed);
      } finally {
        await server.close();
      }
    }
  };
}
