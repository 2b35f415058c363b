/** The shape of `/admin/provider`; see schemas.ts. */
import { z } from 'zod';
import { AI_CALLS, AI_ERROR_CODES } from '../ai/ai.ts';

const Instant = z.iso.datetime({ offset: true });
const Count = z.number().int().nonnegative();
const Seconds = z.number().nonnegative();

const Calls = z.object({
  calls: Count.meta({
    description: 'Ended; what the breaker or the full queue turned away is not among them.',
  }),
  failures: Count,
  p50Seconds: Seconds.nullable().meta({ description: 'Of those that were answered; right to ±10 %.' }),
  p95Seconds: Seconds.nullable(),
});

export const ProviderAnswer = z
  .object({
    node: z.string().meta({ description: 'Whose view this is: another node may see otherwise.' }),
    kind: z.enum(['openai', 'sandbox']),
    host: z.string(),
    startedAt: Instant.meta({ description: 'Of the node: it knows nothing of what was before.' }),
    breaker: z.object({ state: z.enum(['closed', 'open', 'half_open']), since: Instant }),
    waiting: Count.meta({ description: 'Calls that wait for their turn.' }),
    operations: z.array(
      z.object({
        operation: z.enum(AI_CALLS),
        inFlight: Count,
        last5Minutes: Calls,
        last60Minutes: Calls,
        lastFailure: z.object({ code: z.enum(AI_ERROR_CODES), at: Instant }).nullable(),
      }),
    ),
    policy: z.object({
      retry: z.object({
        tries: Count,
        firstDelaySeconds: Seconds,
        maxDelaySeconds: Seconds,
        patienceSeconds: Seconds,
      }),
      breaker: z.object({ failures: Count, openSeconds: Seconds }),
      atOnce: Count,
      mayWait: Count,
      timeouts: z.object({
        transcribe: z.object({ baseSeconds: Seconds, perMebibyteSeconds: Seconds }),
        chat: z.object({ baseSeconds: Seconds, perThousandCharactersSeconds: Seconds }),
        describeImageSeconds: Seconds,
      }),
    }),
  })
  .meta({ id: 'Provider' });
export type ProviderAnswer = z.input<typeof ProviderAnswer>;
