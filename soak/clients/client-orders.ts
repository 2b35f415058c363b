/** What a client's process is told, and tells. */
import { join } from 'node:path';

export type ClientOrder = {
  readonly type: 'record';
  /** Where the service answers: the gateway that fails requests. */
  readonly url: string;
  readonly tokenSecret: string;
  /** Holds a folder for each person. */
  readonly folder: string;
  readonly seed: number;
  /** Of all people of the run, those who live here, by their number. */
  readonly people: readonly number[];
  /** Of the whole run: person p says the recordings p, p + allPeople, … */
  readonly allPeople: number;
  readonly sessions: number;
  /** Recording n begins no sooner than n / rate seconds after `startedAt`; null: as soon as can be. */
  readonly rate: number | null;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** No recording begins after it; null: all of them. */
  readonly endsAt: number | null;
  readonly clockJumps: boolean;
};

/** Faults are over: what has failed is tried again. */
export type ClientCalm = { readonly type: 'calm' };

export type ClientNews =
  /** Of this process's people, in all: counted from their journals and what is on their devices. */
  | {
      readonly type: 'progress';
      readonly begun: number;
      readonly ready: number;
      /** Nothing is left to be begun. */
      readonly allBegun: boolean;
      /** On devices, not yet entries. */
      readonly unfinished: number;
      readonly clockJumps: number;
    }
  /** It could not go on; its people's recordings stay where they are. */
  | { readonly type: 'broken'; readonly line: string };

/** Of this person, their device and their journal. */
export function folderOf(folder: string, person: number): string {
  return join(folder, `person-${person}`);
}
