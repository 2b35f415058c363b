/** What goes through a port, counted and timed: the same port, with the metrics beside it. */
import type { Ai } from '../ai/ai.ts';
import { AiError } from '../ai/ai.ts';
import { aroundEachCall } from '../ai/around-each-call.ts';
import { type EventLog, WrongExpectedVersion } from '../eventlog/event-log.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import type { Metrics } from './metrics.ts';
import type { Tracing } from './tracing.ts';

type Watch = { readonly seconds: (seconds: number) => void; readonly result: (result: string) => void };

async function watched<T>(
  call: () => Promise<T>,
  { seconds, result }: Watch,
  codeOf: (error: unknown) => string,
): Promise<T> {
  const started = performance.now();
  try {
    const value = await call();
    result('ok');
    return value;
  } catch (error) {
    result(codeOf(error));
    throw error;
  } finally {
    seconds((performance.now() - started) / 1000);
  }
}

/** Result: `ok`, the AiError's code, or `aborted`. Each call is a span. */
export function meteredAi(ai: Ai, { providerRequests, providerSeconds }: Metrics, tracing: Tracing): Ai {
  return aroundEachCall(ai, (call, run) =>
    watched(
      () => tracing.span(`provider ${call}`, { kind: 'client' }, run),
      {
        seconds: (seconds) => providerSeconds.observe({ call }, seconds),
        result: (result) => providerRequests.inc({ call, result }),
      },
      (error) => (error instanceof AiError ? error.code : 'aborted'),
    ),
  );
}

/** Appends only: `ok`, `conflict` (another writer was first) or `failed`. */
export function meteredEventLog(log: EventLog, { appends, appendSeconds }: Metrics): EventLog {
  return {
    ...log,
    append: (stream, expected, events) =>
      watched(
        () => log.append(stream, expected, events),
        { seconds: (seconds) => appendSeconds.observe(seconds), result: (result) => appends.inc({ result }) },
        (error) => (error instanceof WrongExpectedVersion ? 'conflict' : 'failed'),
      ),
  };
}

/** Result: `ok`, `missing` (nothing there) or `failed`. A `get` is timed until its stream begins. */
export function meteredObjects(
  objects: ObjectStore,
  { objectRequests, objectSeconds }: Metrics,
): ObjectStore {
  const watch = <T>(operation: string, run: () => Promise<T>) =>
    watched(
      run,
      {
        seconds: (seconds) => objectSeconds.observe({ operation }, seconds),
        result: (result) => objectRequests.inc({ operation, result }),
      },
      (error) =>
        error instanceof Error && 'code' in error && error.code === 'object_not_found' ? 'missing' : 'failed',
    );
  return {
    put: (...args) => watch('put', () => objects.put(...args)),
    get: (...args) => watch('get', () => objects.get(...args)),
    read: (...args) => watch('read', () => objects.read(...args)),
    head: (...args) => watch('head', () => objects.head(...args)),
    digest: (...args) => watch('digest', () => objects.digest(...args)),
    delete: (...args) => watch('delete', () => objects.delete(...args)),
    deletePrefix: (...args) => watch('delete', () => objects.deletePrefix(...args)),
    list: (prefix) => objects.list(prefix),
    presignPut: (...args) => watch('presign', () => objects.presignPut(...args)),
    presignGet: (...args) => watch('presign', () => objects.presignGet(...args)),
    ping: () => objects.ping(),
    close: () => objects.close(),
  };
}
