/** Places that are taken for a while: so many for each key. */
export type Places = {
  /** Takes one; gives a function that gives it back (once). Null: this key has all of its own. */
  take(key: string): (() => void) | null;
};

export function placesPerKey(most: number): Places {
  const taken = new Map<string, number>();
  return {
    take(key) {
      const own = taken.get(key) ?? 0;
      if (own >= most) return null;
      taken.set(key, own + 1);
      let isTaken = true;
      return () => {
        if (!isTaken) return;
        isTaken = false;
        const left = (taken.get(key) ?? 1) - 1;
        if (left > 0) taken.set(key, left);
        else taken.delete(key);
      };
    },
  };
}
