/** What goes through a port, counted and timed: the same port, with the metrics beside it. */
import type { Ai, AiCall } from '../ai/ai.ts';
import { AiError } from '../ai/ai.ts';
import { aroundEachCall } from '../ai/around-each-call.ts';
import { type EventLog, WrongExpectedVersion } from '../eventlog/event-log.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import type { Later } from './later.ts';
import type { Metrics } from './metrics.ts';
import type { Tracing } from './tracing.ts';

/** Of one operation. */
type Watch = {
  readonly count: (result: string, seconds: number) => void;
  readonly codeOf: (error: unknown) => string;
};

async function watched<T>(call: () => Promise<T>, { count, codeOf }: Watch, later: Later): Promise<T> {
  const started = performance.now();
  let result = 'ok';
  try {
    return await call();
  } catch (error) {
    result = codeOf(error);
    throw error;
  } finally {
    const seconds = (performance.now() - started) / 1000;
    later(() => count(result, seconds));
  }
}

/** Result: `ok`, the AiError's code, or `aborted`. Each call is a span. */
export function meteredAi(ai: Ai, metrics: Metrics, tracing: Tracing, later: Later): Ai {
  const { providerRequests, providerSeconds } = metrics;
  const of = (call: AiCall): Watch => ({
    count(result, seconds) {
      providerRequests.inc({ call, result });
      providerSeconds.observe({ call }, seconds);
    },
    codeOf: (error) => (error instanceof AiError ? error.code : 'aborted'),
  });
  return aroundEachCall(ai, (call, run) =>
    watched(() => tracing.span(`provider ${call}`, { kind: 'client' }, run), of(call), later),
  );
}

/** Appends only: `ok`, `conflict` (another writer was first) or `failed`. */
export function meteredEventLog(log: EventLog, { appends, appendSeconds }: Metrics, later: Later): EventLog {
  const watch: Watch = {
    count(result, seconds) {
      appends.inc({ result });
      appendSeconds.observe(seconds);
    },
    codeOf: (error) => (error instanceof WrongExpectedVersion ? 'conflict' : 'failed'),
  };
  return {
    ...log,
    append: (stream, expected, events) => watched(() => log.append(stream, expected, events), watch, later),
  };
}

/** Result: `ok`, `missing` (nothing there) or `failed`. A `get` is timed until its stream begins. */
export function meteredObjects(
  objects: ObjectStore,
  { objectRequests, objectSeconds }: Metrics,
  later: Later,
): ObjectStore {
  const of = (operation: string) => {
    const watch: Watch = {
      count(result, seconds) {
        objectRequests.inc({ operation, result });
        objectSeconds.observe({ operation }, seconds);
      },
      codeOf: (error) =>
        error instanceof Error && 'code' in error && error.code === 'object_not_found' ? 'missing' : 'failed',
    };
    return <T>(run: () => Promise<T>) => watched(run, watch, later);
  };
  const [put, get, read, head, digest] = [of('put'), of('get'), of('read'), of('head'), of('digest')];
  const [erase, presign] = [of('delete'), of('presign')];
  return {
    put: (...args) => put(() => objects.put(...args)),
    get: (...args) => get(() => objects.get(...args)),
    read: (...args) => read(() => objects.read(...args)),
    head: (...args) => head(() => objects.head(...args)),
    digest: (...args) => digest(() => objects.digest(...args)),
    delete: (...args) => erase(() => objects.delete(...args)),
    deletePrefix: (...args) => erase(() => objects.deletePrefix(...args)),
    list: (prefix) => objects.list(prefix),
    presignPut: (...args) => presign(() => objects.presignPut(...args)),
    presignGet: (...args) => presign(() => objects.presignGet(...args)),
    ping: () => objects.ping(),
    close: () => objects.close(),
  };
}
