/**
 * The last state that was heard from Unleash, in a file, for a start without it. unleash-client's own file
 * (`unleash-backup-<appName>.json`) is written in place and taken as it is read: half a file after a crash would be
 * no backup, and a strategy that is no list an error at each evaluation. This one appears whole or not at all, and
 * what does not have the shape is no backup.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClientFeaturesResponse } from 'unleash-client';
import { z } from 'zod';

/** What unleash-client's evaluation reaches into. */
const Constraint = z.looseObject({
  contextName: z.string(),
  operator: z.string(),
  values: z.array(z.string()).optional(),
});
const Variant = z.looseObject({ name: z.string(), weight: z.number() });
const State = z.looseObject({
  version: z.number(),
  features: z.array(
    z.looseObject({
      name: z.string(),
      enabled: z.boolean(),
      strategies: z.array(
        z.looseObject({
          name: z.string(),
          parameters: z.record(z.string(), z.unknown()).optional(),
          constraints: z.array(Constraint).nullish(),
          segments: z.array(z.number()).nullish(),
          variants: z.array(Variant).nullish(),
        }),
      ),
      variants: z.array(Variant).nullish(),
    }),
  ),
  segments: z.array(z.looseObject({ id: z.number(), constraints: z.array(Constraint) })).optional(),
});

export type LastKnown = {
  /** Undefined: there is none, or none that can be used. */
  read(): Promise<ClientFeaturesResponse | undefined>;
  /** Does nothing when it is what the file has. */
  write(key: string, state: ClientFeaturesResponse): Promise<void>;
  /** Resolves when what is being written is; nothing is from now on. */
  close(): Promise<void>;
};

/** A state that cannot be read or written is told, and no more. */
export function lastKnown(folder: string, onError: (error: Error) => void): LastKnown {
  const file = join(folder, 'unleash-state.json');
  let written: string | null = null;
  let writing: Promise<void> = Promise.resolve();
  let closed = false;

  async function replace(text: string): Promise<void> {
    const draft = `${file}.${randomUUID()}`;
    try {
      await mkdir(folder, { recursive: true });
      await writeFile(draft, text, { mode: 0o600, flush: true });
      await rename(draft, file);
      written = text;
    } catch (error) {
      await rm(draft, { force: true }).catch(() => undefined);
      onError(failure('written', error));
    }
  }

  return {
    async read() {
      const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') onError(failure('read', error));
        return null;
      });
      if (text === null) return undefined;
      try {
        const state = State.parse(JSON.parse(text));
        written = text;
        return state as unknown as ClientFeaturesResponse;
      } catch (error) {
        onError(failure('read', error));
        return undefined;
      }
    },
    async write(_key, state) {
      const text = JSON.stringify(state);
      if (text === written || closed) return;
      writing = replace(text);
      await writing;
    },
    async close() {
      closed = true;
      await writing;
    },
  };
}

const failure = (what: 'read' | 'written', cause: unknown) =>
  new Error(`the last known state of the flags could not be ${what}`, { cause });
