import type { ObjectStore } from '../objects/object-store.ts';
import { sessionPrefixes } from '../recording/object-keys.ts';

/** Deletes all that is stored of a session; again does no harm. */
export async function deleteSessionObjects(
  objects: Pick<ObjectStore, 'deletePrefix'>,
  sessionId: string,
): Promise<void> {
  for (const prefix of sessionPrefixes(sessionId)) await objects.deletePrefix(prefix);
}
