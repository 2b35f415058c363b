/**
 * The flag `chunked-upload` as code: what it should look like in Unleash. Two strategies, the first that applies wins:
 *
 *   1. `internal`: 100 % of the segment `internal-developers`
 *   2. `chunked`:  N % of all users, by Unleash's hash of the flag's name and `userId`
 *
 * The name of a strategy's variant tells the application which of the two applied, and so who is in the experiment.
 * N is not part of it: moving it is the rollout's business. Neither is a payload within its bounds: tuning that in
 * Unleash is meant to last.
 */
import { CHUNKED_UPLOAD_PLAN, INTERNAL_DEVELOPERS } from '../cohort-plan.ts';
import { CHUNKED_UPLOAD } from '../flags.ts';
import { DEFAULT_SETTINGS, readSettings } from './upload-settings.ts';

export const PROJECT = 'default';
/** Unleash makes it at its first start, beside `production`. */
export const DEFAULT_ENVIRONMENT = 'development';
export const SEGMENT = 'internal-developers';
/** Those who must be in the segment; whoever is added in Unleash stays. */
export const SEGMENT_USERS = INTERNAL_DEVELOPERS;
/** Where a flag that was never there begins. */
export const FIRST_PERCENT = CHUNKED_UPLOAD_PLAN.stages[0]?.percent ?? 0;

/** A strategy of the flag; its variant has this name. */
export type Role = 'internal' | 'chunked';

/** In the order in which they must stand. */
export const ROLES: readonly Role[] = ['internal', 'chunked'];

/** A strategy's variant payload, as Unleash keeps it. */
export type Payload = { readonly type: string; readonly value: string };

export const WANTED_FLAG = {
  name: CHUNKED_UPLOAD,
  type: 'release',
  description: 'Voice notes are uploaded in chunks while they are recorded. Moved by its rollout (/console).',
  impressionData: false,
} as const;

export const WANTED_SEGMENT = {
  name: SEGMENT,
  description: 'Always have chunked upload, and are no part of the experiment.',
} as const;

export const TITLES: Readonly<Record<Role, string>> = {
  internal: 'Internal developers',
  chunked: 'The rollout: moved by /console',
};

export type WantedStrategy = {
  readonly name: 'flexibleRollout';
  readonly parameters: { readonly rollout: string; readonly stickiness: 'userId'; readonly groupId: string };
  readonly segments: readonly number[];
  readonly constraints: readonly never[];
  readonly variants: readonly [
    {
      readonly name: Role;
      readonly weight: 1000;
      readonly weightType: 'variable';
      readonly stickiness: 'userId';
      readonly payload: Payload;
    },
  ];
};

/** `payload`: what is there now; it is kept when it can be used. */
export function wantedStrategy(
  role: Role,
  given: { readonly percent: number; readonly segmentId: number | null; readonly payload: Payload | null },
): WantedStrategy {
  const internal = role === 'internal';
  return {
    name: 'flexibleRollout',
    parameters: {
      rollout: String(internal ? 100 : given.percent),
      stickiness: 'userId',
      groupId: CHUNKED_UPLOAD,
    },
    segments: internal && given.segmentId !== null ? [given.segmentId] : [],
    constraints: [],
    variants: [
      {
        name: role,
        weight: 1000,
        weightType: 'variable',
        stickiness: 'userId',
        payload:
          given.payload !== null && readSettings(given.payload) !== null ? given.payload : DEFAULT_PAYLOAD,
      },
    ],
  };
}

const DEFAULT_PAYLOAD: Payload = { type: 'json', value: JSON.stringify(DEFAULT_SETTINGS) };
