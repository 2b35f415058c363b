/** What Unleash's admin API says of a flag and a segment, as far as it matters here. */
import { z } from 'zod';

const Constraint = z.object({
  contextName: z.string(),
  operator: z.string(),
  inverted: z.boolean().optional(),
  values: z.array(z.string()).default([]),
});

const Strategy = z.object({
  id: z.string(),
  name: z.string(),
  sortOrder: z.number().nullish(),
  disabled: z.boolean().nullish(),
  parameters: z.record(z.string(), z.unknown()).default({}),
  segments: z.array(z.number()).default([]),
  constraints: z.array(z.unknown()).default([]),
  variants: z
    .array(
      z.object({
        name: z.string(),
        payload: z.object({ type: z.string(), value: z.string() }).nullish(),
      }),
    )
    .default([]),
});

export const Feature = z.object({
  environments: z.array(
    z.object({ name: z.string(), enabled: z.boolean(), strategies: z.array(Strategy).default([]) }),
  ),
});

export const Segments = z.object({
  segments: z.array(z.object({ id: z.number(), name: z.string(), constraints: z.array(Constraint) })),
});

export const SearchedFeatures = z.object({ features: z.array(z.object({ name: z.string() })) });

export type FoundStrategy = z.output<typeof Strategy>;
export type FoundSegment = z.output<typeof Segments>['segments'][number];

/** In one environment. */
export type FoundFlag =
  | { readonly state: 'missing' }
  | { readonly state: 'archived' }
  | {
      readonly state: 'present';
      readonly enabled: boolean;
      /** In the order in which Unleash tries them. */
      readonly strategies: readonly FoundStrategy[];
    };

export type Found = { readonly flag: FoundFlag; readonly segment: FoundSegment | null };
