/**
 * Plays a recording from a place in it.
 *
 * What a browser records in one go has no length written in it and no index: its duration is Infinity until its end was
 * seen. Asked for a time beyond every end, a browser goes there, and then knows it.
 */
const BEYOND_EVERY_END = 1e9;

/** Once `media` knows what it plays. @param seconds where to begin */
export function playFrom(media: HTMLMediaElement, seconds: number): void {
  const begin = () => {
    media.currentTime = Math.min(seconds, Number.isFinite(media.duration) ? media.duration : seconds);
    // Refused where a person has not touched the page: they press play.
    void media.play().catch(() => undefined);
  };
  const begun = () => {
    if (Number.isFinite(media.duration) || seconds === 0) return begin();
    media.addEventListener('seeked', begin, { once: true });
    media.currentTime = BEYOND_EVERY_END;
  };
  if (media.readyState >= media.HAVE_METADATA) begun();
  else media.addEventListener('loadedmetadata', begun, { once: true });
}
