import { useEffect, useRef } from 'react';
import type { ProjectionRow } from './admin-types.ts';

/** Tells of each view that has come to another generation while one looked. */
export function useSwapped(
  projections: readonly ProjectionRow[],
  onSwapped: (name: string, generation: number) => void,
): void {
  const before = useRef<ReadonlyMap<string, number>>(new Map());
  const tell = useRef(onSwapped);
  tell.current = onSwapped;
  useEffect(() => {
    const now = new Map<string, number>();
    for (const { name, live } of projections) if (live !== null) now.set(name, live.generation);
    for (const [name, generation] of now) {
      const known = before.current.get(name);
      if (known !== undefined && known !== generation) tell.current(name, generation);
    }
    before.current = now;
  }, [projections]);
}
