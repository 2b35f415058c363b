type Aged = { readonly createdAt: string; readonly recordingId: string };

/** The order of a store's list; recordings of one moment are always in the same order. */
export function oldestFirst(a: Aged, b: Aged): number {
  const [first, second] =
    a.createdAt === b.createdAt ? [a.recordingId, b.recordingId] : [a.createdAt, b.createdAt];
  return first < second ? -1 : first > second ? 1 : 0;
}
