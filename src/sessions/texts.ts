/**
 * What was heard and written: JSON objects in the object store that events name by key, size and SHA-256.
 * They never change under their key, so what was read once is kept in a bounded cache.
 */
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Emotion, Word } from '../ai/ai.ts';
import { ObjectNotFound, type ObjectStore } from '../objects/object-store.ts';
import type { ObjectReference } from '../recording/events.ts';
import { textKey } from '../recording/object-keys.ts';

type Made = { readonly provider: string; readonly model: string };

export type TranscriptText = Made & {
  readonly text: string;
  /** Absent when the provider gives no word times. */
  readonly words?: readonly Word[];
  readonly language?: string;
};
/** A paragraph of the entry as it was spoken and as it was written. */
export type ParagraphText = Made & { readonly spoken: string; readonly text: string };
/** What was heard of one window, and what of the recording was sent for it. Times are the recording's. */
export type WindowText = TranscriptText & { readonly fromMs: number; readonly toMs: number };
export type TextKinds = {
  window: WindowText;
  paragraph: ParagraphText;
  transcript: TranscriptText;
  images: Made & { readonly descriptions: readonly string[] };
  entry: Made & { readonly title: string; readonly text: string };
  emotion: Made & { readonly emotion: Emotion; readonly intensity: number };
  feedback: Made & { readonly feedback: string };
};
export type TextKind = keyof TextKinds;

export interface Texts {
  write<K extends TextKind>(sessionId: string, kind: K, text: TextKinds[K]): Promise<ObjectReference>;
  /** @throws ObjectNotFound; TextDamaged when the object is not the one the event names. */
  read<K extends TextKind>(kind: K, reference: ObjectReference): Promise<TextKinds[K]>;
  /** Null when there is no reference, or when the object is gone: erased while we read. */
  find<K extends TextKind>(
    kind: K,
    reference: ObjectReference | null | undefined,
  ): Promise<TextKinds[K] | null>;
}

export class TextDamaged extends Error {
  readonly code = 'text_damaged';
  constructor(key: string) {
    super(`object ${key} is not what its event names`);
    this.name = 'TextDamaged';
  }
}

/** A transcript of two hours with a time for every word is about 2 MB. */
const MAX_TEXT_BYTES = 16 * 1024 * 1024;
const CACHE_BYTES = 16 * 1024 * 1024;

export function createTexts(objects: ObjectStore): Texts {
  const cache = new LRUCache<string, { readonly value: unknown; readonly bytes: number }>({
    maxSize: CACHE_BYTES,
    sizeCalculation: ({ bytes }) => Math.max(1, bytes),
  });
  const cacheKey = ({ key, sha256 }: ObjectReference) => `${key} ${sha256}`;

  async function read<K extends TextKind>(_kind: K, reference: ObjectReference): Promise<TextKinds[K]> {
    const known = cache.get(cacheKey(reference));
    if (known !== undefined) return known.value as TextKinds[K];
    const body = await objects.read(reference.key, MAX_TEXT_BYTES);
    if (createHash('sha256').update(body).digest('hex') !== reference.sha256)
      throw new TextDamaged(reference.key);
    const value = JSON.parse(Buffer.from(body).toString('utf8')) as TextKinds[K];
    cache.set(cacheKey(reference), { value, bytes: body.byteLength });
    return value;
  }

  return {
    async write(sessionId, kind, text) {
      const body = Buffer.from(JSON.stringify(text), 'utf8');
      const key = textKey(sessionId, kind, createHash('sha256').update(body).digest('hex'));
      const stored = await objects.put(key, body, { contentType: 'application/json' });
      cache.set(cacheKey(stored), { value: text, bytes: body.byteLength }); // the next step reads it at once
      return stored;
    },
    read,
    async find(kind, reference) {
      if (!reference) return null;
      try {
        return await read(kind, reference);
      } catch (error) {
        if (error instanceof ObjectNotFound) return null;
        throw error;
      }
    },
  };
}
