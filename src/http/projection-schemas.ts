/** The shapes of `/admin/projections`; see schemas.ts. */
import { z } from 'zod';

const Instant = z.iso.datetime({ offset: true });

export const RebuildAnswer = z
  .object({
    name: z.string(),
    generation: z.number().int(),
    state: z.enum(['building', 'cancelled']),
  })
  .meta({ id: 'Rebuild' });

export const ProjectionsAnswer = z
  .object({
    projections: z.array(
      z.object({
        name: z.string(),
        version: z.number().int().meta({ description: 'Of the code of the node that answers.' }),
        live: z
          .object({
            generation: z.number().int(),
            version: z.number().int(),
            swappedAt: Instant.nullable().meta({ description: 'Null when it was there from the first.' }),
          })
          .nullable(),
        building: z
          .object({
            generation: z.number().int(),
            state: z.enum(['building', 'blocked']).meta({
              description:
                '`blocked`: it passes over streams that the live one shows. Requeue them, or cancel.',
            }),
            parkedStreams: z.number().int(),
            eventsDone: z.number().int(),
            eventsTotal: z.number().int(),
            percent: z.number(),
            since: Instant,
            eta: Instant.nullable(),
            requestedBy: z.string(),
          })
          .nullable(),
      }),
    ),
  })
  .meta({ id: 'Projections' });
