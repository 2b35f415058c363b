import type { ObjectStore, PresignedUrl } from '../objects/object-store.ts';
import { maxBytesOfChunk } from '../recording/decide-upload.ts';
import type { RecordingLimits } from '../recording/limits.ts';
import { chunkKey, imageKey } from '../recording/object-keys.ts';
import type { Session } from '../recording/session.ts';

export type IndexedUrl = { readonly index: number } & PresignedUrl;

export type UrlSigner = {
  chunks(session: Session, indexes: readonly number[]): Promise<IndexedUrl[]>;
  images(session: Session): Promise<IndexedUrl[]>;
};

export function urlSigner(
  objects: ObjectStore,
  limits: RecordingLimits,
  expiresInSeconds: number,
): UrlSigner {
  const sign = async (
    index: number,
    key: string,
    contentType: string,
    maxBytes: number,
  ): Promise<IndexedUrl> => ({
    index,
    ...(await objects.presignPut(key, { contentType, maxBytes, expiresInSeconds })),
  });
  return {
    chunks: (session, indexes) =>
      Promise.all(
        indexes.map((index) =>
          sign(index, chunkKey(session, index), session.mimeType, maxBytesOfChunk(session, limits)),
        ),
      ),
    images: (session) =>
      Promise.all(
        session.images.map(({ mimeType }, index) =>
          sign(index, imageKey(session.sessionId, index), mimeType, limits.maxImageBytes),
        ),
      ),
  };
}
