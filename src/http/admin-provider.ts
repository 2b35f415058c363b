/** `GET /admin/provider`: how it stands with the AI provider, as this node sees it. Role `sre`. */
import { Router } from 'express';
import { AI_CALLS } from '../ai/ai.ts';
import type { CallSummary } from '../ai/call-ring.ts';
import type { HttpParts } from './parts.ts';
import type { ProviderAnswer } from './provider-schemas.ts';
import { requireRole } from './roles.ts';

type Parts = Pick<HttpParts, 'node' | 'provider' | 'providerView'>;

export function adminProvider(parts: Parts): Router {
  return Router().get('/provider', requireRole('sre'), (_request, response) => {
    response.json(answerOf(parts));
  });
}

function answerOf({ node, provider, providerView }: Parts): ProviderAnswer {
  const { host, state, retry, timeouts } = providerView;
  const { startedAt, breaker, waiting, calls, resilience } = state();
  const { transcribe, chat } = timeouts;
  return {
    node,
    kind: provider,
    host,
    startedAt,
    breaker,
    waiting,
    operations: AI_CALLS.map((operation) => {
      const { inFlight, last5Minutes, last60Minutes, lastFailure } = calls[operation];
      return {
        operation,
        inFlight,
        last5Minutes: inSeconds(last5Minutes),
        last60Minutes: inSeconds(last60Minutes),
        lastFailure,
      };
    }),
    policy: {
      retry: {
        tries: retry.tries,
        firstDelaySeconds: retry.firstDelayMs / 1000,
        maxDelaySeconds: retry.maxDelayMs / 1000,
        patienceSeconds: retry.patienceMs / 1000,
      },
      breaker: {
        failures: resilience.breaker.failures,
        openSeconds: resilience.breaker.halfOpenAfterMs / 1000,
      },
      atOnce: resilience.concurrency,
      mayWait: resilience.queue,
      timeouts: {
        transcribe: {
          baseSeconds: transcribe.baseMs / 1000,
          perMebibyteSeconds: transcribe.perMebibyteMs / 1000,
        },
        chat: {
          baseSeconds: chat.baseMs / 1000,
          perThousandCharactersSeconds: chat.perThousandCharactersMs / 1000,
        },
        describeImageSeconds: timeouts.describeImageMs / 1000,
      },
    },
  };
}

function inSeconds({ calls, failures, p50Ms, p95Ms }: CallSummary) {
  return { calls, failures, p50Seconds: seconds(p50Ms), p95Seconds: seconds(p95Ms) };
}

/** To the millisecond: more would seem exact. */
function seconds(milliseconds: number | null): number | null {
  return milliseconds === null ? null : Math.round(milliseconds) / 1000;
}
