/**
 * Keeps the screen on while somebody talks: a phone that locks takes the microphone away. The browser ends a wake lock
 * whenever the page is hidden; it is asked for again when the page is back. Nothing happens where there is none, or
 * where it is refused (a low battery).
 */
export function holdScreen(): { release(): void } {
  let released = false;
  let asking = false;
  let sentinel: WakeLockSentinel | null = null;

  async function hold(): Promise<void> {
    if (released || asking || document.visibilityState !== 'visible') return;
    if (sentinel?.released === false) return;
    asking = true;
    try {
      const held = await navigator.wakeLock.request('screen');
      if (released) await held.release();
      else sentinel = held;
    } catch {
      // None here, or not now: the next time the page is shown it is asked again.
    } finally {
      asking = false;
    }
  }
  const again = () => void hold();

  if (globalThis.document === undefined) return { release: () => undefined };
  document.addEventListener('visibilitychange', again);
  again();
  return {
    release() {
      released = true;
      document.removeEventListener('visibilitychange', again);
      sentinel?.release().catch(() => undefined);
      sentinel = null;
    },
  };
}
