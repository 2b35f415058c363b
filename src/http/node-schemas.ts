/** The shape of `/admin/nodes`; see schemas.ts. */
import { z } from 'zod';

const Instant = z.iso.datetime({ offset: true });

export const NodesAnswer = z
  .object({
    node: z.string().meta({ description: 'Who answers.' }),
    nodes: z.array(
      z.object({
        name: z.string().meta({ description: 'Host and port.', example: 'app-1:8080' }),
        role: z.string().meta({ description: '`api`, `worker` or `all`.' }),
        version: z.string().meta({ description: 'Of its code.' }),
        startedAt: Instant,
        beatAt: Instant.meta({
          description: 'When it last said that it lives; one that has not for 8 s is not told.',
        }),
        changing: z.array(z.string()).meta({ description: 'Its CONFIG_CHANGE.' }),
      }),
    ),
    areAll: z.boolean().meta({ description: 'False when there are more than 200.' }),
    differences: z
      .array(
        z.object({
          setting: z
            .string()
            .meta({ description: 'The variable; never a value.', example: 'SESSION_IDLE_SECONDS' }),
          change: z.enum(['stopped', 'announced', 'freely']).meta({
            description:
              'How it may be changed: with all nodes stopped, one after the other once CONFIG_CHANGE says so, or freely.',
          }),
          groups: z
            .array(z.array(z.string()))
            .meta({ description: 'Names of nodes: those that have the same value stand together.' }),
        }),
      )
      .meta({ description: 'Empty when all agree.' }),
  })
  .meta({ id: 'Nodes' });
export type NodesAnswer = z.input<typeof NodesAnswer>;
