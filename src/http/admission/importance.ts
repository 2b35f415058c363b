/**
 * What is given up first when there is too much to do.
 *
 *   vital: saves what somebody has said already (chunks, their confirmation, complete), or is a hand on the brake. So is
 *     what the pages are made of: it costs next to nothing, and no browser asks again for a script.
 *   new: begins or changes something; it can be begun a moment later.
 *   other: reads. Who looks can look again.
 */
export type Importance = 'vital' | 'new' | 'other';

const SAVES = /^\/audio\/session\/[^/]+\/(?:chunks\/[^/]+|complete|fallback|presign)\/?$/;
const PAGES = /^\/(?:assets\/.*|console(?:\/.*)?|page\.json|[\w-]+\.(?:html|svg|ico|webmanifest))?$/;
const STEERS = /^\/(?:rollouts|admin)\//;

export function importanceOf(method: string, path: string): Importance {
  if (SAVES.test(path)) return 'vital';
  const reads = method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
  if (reads && PAGES.test(path)) return 'vital';
  if (path.startsWith('/objects/')) return reads && method !== 'OPTIONS' ? 'other' : 'vital';
  if (reads) return 'other';
  return STEERS.test(path) ? 'vital' : 'new';
}
