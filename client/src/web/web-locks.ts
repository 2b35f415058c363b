import type { LockOptions, Locks } from '../upload/ports.ts';

/**
 * One holder a recording across all tabs of an origin, by the Web Locks API: a lock ends with the page that holds it,
 * also when that crashes. Where there is none (a page without https, Safari before 15.4) only within this page: two tabs
 * may then send the same recording; the server takes each chunk once.
 */
export function createWebLocks(manager: LockManager | null = globalThis.navigator?.locks ?? null): Locks {
  const held = new Set<string>();

  function takeInPage(name: string): { release(): void } | null {
    if (held.has(name)) return null;
    held.add(name);
    return { release: () => void held.delete(name) };
  }

  return {
    async take(recordingId, options = {}) {
      const name = `thankly-voice/recording/${recordingId}`;
      if (manager === null) return takeInPage(name);
      return takeAcrossTabs(manager, name, options).catch(() => takeInPage(name));
    },
  };
}

/** @throws DOMException SecurityError in a sandboxed frame */
function takeAcrossTabs(
  manager: LockManager,
  name: string,
  { steal = false, onLost }: LockOptions,
): Promise<{ release(): void } | null> {
  return new Promise((resolve, reject) => {
    let isHeld = false;
    manager
      .request(name, steal ? { steal } : { ifAvailable: true }, (lock) => {
        if (lock === null) {
          resolve(null);
          return undefined;
        }
        isHeld = true;
        // Held until the promise that is returned here resolves.
        return new Promise<void>((release) => resolve({ release: () => release() }));
      })
      .catch((error) => {
        // "When a lock is stolen, the promise of its request is rejected" (Web Locks API).
        if (isHeld) onLost?.();
        else reject(error);
      });
  });
}
