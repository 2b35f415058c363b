/** The z of two failure rates with pooled variance, positive when chunked fails more. */

export type ProportionsZ = {
  readonly add: (isChunked: boolean, failed: boolean) => void;
  readonly value: () => number;
  /** Chunked minus single; 0 until both have sessions. */
  readonly difference: () => number;
  /** Of the difference, pooled. */
  readonly variance: () => number;
  readonly chunked: () => number;
  /** The textbook's condition for the normal approximation: five failures, and thirty sessions in the smaller arm. */
  readonly isReady: () => boolean;
};

export function proportionsZ(): ProportionsZ {
  let [chunked, single, chunkedFailed, singleFailed] = [0, 0, 0, 0];
  const difference = () =>
    chunked === 0 || single === 0 ? 0 : chunkedFailed / chunked - singleFailed / single;
  const variance = () => {
    const rate = (chunkedFailed + singleFailed) / (chunked + single);
    return rate * (1 - rate) * (1 / chunked + 1 / single);
  };
  return {
    add: (isChunked, failed) => {
      if (isChunked) {
        chunked++;
        if (failed) chunkedFailed++;
      } else {
        single++;
        if (failed) singleFailed++;
      }
    },
    value: () => difference() / Math.sqrt(variance()),
    difference,
    variance,
    chunked: () => chunked,
    isReady: () => chunkedFailed + singleFailed >= 5 && Math.min(chunked, single) >= 30,
  };
}
