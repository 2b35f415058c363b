/** All that watches the application, as one part. */
import type { Ai } from '../ai/ai.ts';
import { NOBODY_WATCHES, type ProviderWatch } from '../ai/provider.ts';
import type { ConsumerDefinition } from '../eventlog/consumer-definition.ts';
import type { EventLog } from '../eventlog/event-log.ts';
import type { Refusal } from '../http/admission/admission.ts';
import { isEventStream, type Measured } from '../http/measure.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import type { AttemptOutcome, StepRun } from '../steps/run-step.ts';
import { tellAttempts } from './attempts.ts';
import { type GaugeParts, gauges } from './gauges.ts';
import { countLater } from './later.ts';
import type { Log } from './logger.ts';
import { meteredAi, meteredEventLog, meteredObjects } from './metered.ts';
import { createMetrics } from './metrics.ts';
import { sessionMetrics } from './session-metrics.ts';
import { createTracing, NO_TRACING, type Tracing } from './tracing.ts';

export interface Telemetry {
  readonly tracing: Tracing;
  /** The same ports, watched. */
  ai(ai: Ai): Ai;
  eventLog(log: EventLog): EventLog;
  objects(objects: ObjectStore): ObjectStore;
  /** Consumers of the log that write nothing but their checkpoint. */
  consumers(log: EventLog): readonly ConsumerDefinition[];
  /** Appends that went in one transaction. */
  onGroup(appends: number): void;
  readonly provider: ProviderWatch;
  onAttempt(run: StepRun, outcome: AttemptOutcome): void;
  onAnswered(measured: Measured): void;
  /** A request was turned away by the admission. */
  onRefused(why: Refusal): void;
  /** Gives what `/metrics` answers with. */
  scrape(parts: GaugeParts): () => Promise<{ readonly contentType: string; readonly text: string }>;
  /** Sends what is left. */
  close(): Promise<void>;
}

export type TelemetryOptions = {
  readonly log: Log;
  /** Of a collector; without one no trace is sent. */
  readonly endpoint?: string;
  readonly onError: (error: unknown) => void;
};

export function createTelemetry({ log, endpoint, onError }: TelemetryOptions): Telemetry {
  const metrics = createMetrics();
  const later = countLater();
  const tracing = createTracing({ ...(endpoint === undefined ? {} : { endpoint }), onError });
  return {
    tracing,
    ai: (ai) => meteredAi(ai, metrics, tracing, later),
    eventLog: (eventLog) => meteredEventLog(eventLog, metrics, later),
    objects: (objects) => meteredObjects(objects, metrics, later),
    consumers: (eventLog) => [sessionMetrics(metrics, eventLog)],
    onGroup: (appends) => later(() => metrics.groupSize.observe(appends)),
    provider: {
      onBreaker: (state) => metrics.providerBreakerOpen.set(state === 'closed' ? 0 : 1),
      onHedge: (outcome) => metrics.providerHedges.inc({ outcome }),
      onPace: (atOnce) => metrics.providerAtOnce.set(atOnce),
      onSoundSent: (seconds) => metrics.providerAudioSeconds.inc(seconds),
      onTokens(tokens) {
        metrics.providerTokens.inc({ direction: 'in' }, tokens.in);
        metrics.providerTokens.inc({ direction: 'out' }, tokens.out);
      },
    },
    onAttempt: tellAttempts(log, metrics),
    onAnswered({ route, method, status, seconds }) {
      later(() => {
        metrics.httpRequests.inc({ route, method, status });
        if (!isEventStream(route)) metrics.httpSeconds.observe({ route }, seconds);
      });
    },
    onRefused: (reason) => metrics.httpRefused.inc({ reason }),
    scrape(parts) {
      const { known, readAnew } = gauges(metrics, parts);
      return async () => {
        await known();
        later.settle();
        const { contentType } = metrics.registry;
        const text = await metrics.registry.metrics();
        void readAnew();
        return { contentType, text };
      };
    },
    close: () => tracing.close(),
  };
}

/** Nothing is watched: to measure what watching costs (`npm run bench -- telemetry`). */
export const NO_TELEMETRY: Telemetry = {
  tracing: NO_TRACING,
  ai: (ai) => ai,
  eventLog: (log) => log,
  objects: (objects) => objects,
  consumers: () => [],
  onGroup: () => undefined,
  provider: NOBODY_WATCHES,
  onAttempt: () => undefined,
  onAnswered: () => undefined,
  onRefused: () => undefined,
  scrape: () => async () => ({ contentType: 'text/plain', text: '' }),
  close: async () => undefined,
};
