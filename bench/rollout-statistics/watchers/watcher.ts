/** A test that is shown every session and says when it decides that chunked fails more. α = 0.05, on that side. */

export const ALPHA = 0.05;

export type Seen = {
  readonly user: number;
  readonly isChunked: boolean;
  readonly failed: boolean;
  readonly hour: number;
};

/** Whether it decides now, or never will. It is not asked again after that. */
export type Watcher = (session: Seen) => boolean | 'never';

/** What fails in each arm, 0–1. Most tests may not know it. */
export type Rates = { readonly chunked: number; readonly single: number };

export type WatcherKind = {
  readonly name: string;
  /** What has to be known before the first session. */
  readonly needs: string;
  /** A new one for each run. */
  readonly begin: (rates: Rates) => Watcher;
};
