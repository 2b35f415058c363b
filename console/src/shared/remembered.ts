/** Small settings that outlive a visit or a reload. A browser that keeps nothing (private mode) is no error. */

export interface Remembered {
  read(): string | null;
  /** null forgets it. */
  write(value: string | null): void;
}

/** @param storage looked up at each use: the look-up itself may throw */
export function remembered(key: string, storage: () => Storage): Remembered {
  return {
    read() {
      try {
        return storage().getItem(key);
      } catch {
        return null;
      }
    },
    write(value) {
      try {
        if (value === null) storage().removeItem(key);
        else storage().setItem(key, value);
      } catch {
        // It holds for this visit only.
      }
    },
  };
}
