/** What objects are, by the rooms that their keys begin with (src/recording/object-keys.ts). */
export const OBJECT_ROOMS = ['uploads', 'recordings', 'workings', 'texts'] as const;
export type ObjectRoom = (typeof OBJECT_ROOMS)[number];

/** `uploads`: chunks, or the one file; `workings`: what windows and paragraphs left on the way. */
export function roomOf(key: string): ObjectRoom {
  const [room, , name = ''] = key.split('/');
  if (room === 'uploads') return 'uploads';
  if (room === 'audio') return 'recordings';
  return /^(?:window|paragraph)-/.test(name) ? 'workings' : 'texts';
}
