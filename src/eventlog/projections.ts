import type { RebuildProgress } from './rebuild-progress.ts';

/** The projections of this service, for those who run it. */
export interface Projections {
  list(): Promise<readonly ProjectionView[]>;
  /**
   * Builds it anew beside the one that is read, which it then takes the place of. Asking again while it is being built
   * is answered with the one that is. Null when there is no such projection.
   */
  rebuild(name: string, requestedBy: string): Promise<Rebuild | null>;
  /** Gives up what is being built. `none` when nothing is, null when there is no such projection. */
  cancel(name: string): Promise<Rebuild | 'none' | null>;
}

export type Rebuild = {
  readonly name: string;
  readonly generation: number;
  readonly state: 'building' | 'cancelled';
};

export type ProjectionView = {
  readonly name: string;
  /** Of this node's code. */
  readonly version: number;
  /** What readers read; null before a new projection was ever begun. */
  readonly live: {
    readonly generation: number;
    /** Older than the code's while the code's own is being built. */
    readonly version: number;
    /** Null when it was there from the first. */
    readonly swappedAt: string | null;
  } | null;
  readonly building: (RebuildProgress & BuildingView) | null;
};

type BuildingView = {
  readonly generation: number;
  /** `blocked`: caught up, but it passes over streams that the live one shows; it waits until they are requeued. */
  readonly state: 'building' | 'blocked';
  readonly parkedStreams: number;
  readonly since: string;
  readonly requestedBy: string;
};
