/** Every game day, in the order in which they are told. */
import type { Fault } from './fault.ts';
import { badCohort } from './faults/bad-cohort.ts';
import { dbRestart } from './faults/db-restart.ts';
import { diskFull } from './faults/disk-full.ts';
import { poisonEvent } from './faults/poison-event.ts';
import { providerDown } from './faults/provider-down.ts';
import { providerSlow } from './faults/provider-slow.ts';
import { slowUploads } from './faults/slow-uploads.ts';
import { unleashDown } from './faults/unleash-down.ts';

export const ALL_FAULTS: readonly Fault[] = [
  providerDown,
  providerSlow,
  slowUploads,
  badCohort,
  poisonEvent,
  dbRestart,
  diskFull,
  unleashDown,
];
