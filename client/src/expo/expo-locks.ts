import type { Locks } from '../upload/ports.ts';

/** A phone runs one copy of an app, in one JavaScript runtime: who holds a recording is known here, and ends with it. */
export function createExpoLocks(): Locks {
  const held = new Set<string>();
  return {
    async take(recordingId) {
      if (held.has(recordingId)) return null;
      held.add(recordingId);
      let released = false;
      return {
        release() {
          // A second release must not free it for who took it in between.
          if (!released) held.delete(recordingId);
          released = true;
        },
      };
    },
  };
}
