/**
 * Endpoint fuzzing: runs of some dozen steps, each with people of its own, several at once, until enough requests are
 * made. A run's steps come from its own seed, so that it can be given again alone (`--run`), and made smaller.
 */
import fc from 'fast-check';
import type { Findings } from '../findings.ts';
import { seedOf } from '../seed.ts';
import { checksOf } from './answers.ts';
import { type ApiDocument, operationsOf } from './api-document.ts';
import { Markers } from './markers.ts';
import { type Play, playRun } from './play.ts';
import { wireTo } from './send.ts';
import { anyStep, type Step } from './step.ts';
import { World } from './world.ts';

export type EndpointOptions = {
  readonly url: string;
  /** Signs the tokens. */
  readonly secret: string;
  readonly requests: number;
  readonly seed: number;
  /** Runs at once. */
  readonly lanes: number;
  /** A request without an answer for so long hangs. */
  readonly deadlineMs: number;
  /** Only this run, made smaller when it fails. */
  readonly run: number | undefined;
  readonly findings: Findings;
  /** After each run, with the requests so far. */
  readonly onRun: (requests: number) => Promise<void>;
  /** Ends it after the runs under way. */
  readonly signal?: AbortSignal;
};

export type EndpointResult = {
  readonly requests: number;
  readonly runs: number;
  /** How often each operation was answered with each status; 0: not at all. */
  readonly statuses: ReadonlyMap<string, ReadonlyMap<number, number>>;
  /** Milliseconds, sorted; event streams, which are listened to for a moment, aside. */
  readonly latencies: Float64Array;
  readonly markers: Markers;
};

const STEPS = { minLength: 10, maxLength: 60 } as const;
const LISTEN_MS = 60;

export async function fuzzEndpoints(options: EndpointOptions): Promise<EndpointResult> {
  const { url, secret, seed, findings } = options;
  const document = await documentOf(url);
  const operations = operationsOf(document);
  const steps = fc.array(anyStep(operations, document), { ...STEPS, size: 'max' });
  const markers = new Markers();
  const statuses = new Map<string, Map<number, number>>();
  const latencies: number[] = [];
  let requests = 0;
  let runs = 0;
  const wire = wireTo(url, { deadlineMs: options.deadlineMs, listenMs: LISTEN_MS });
  const play: Play = {
    wire,
    checks: checksOf(document),
    markers,
    findings,
    operations: new Map(operations.map((operation) => [operation.id, operation])),
    secret,
    again: (run) => `--seed ${seed} --run ${run}`,
    onAnswered(operation, status, ms) {
      requests++;
      const of = statuses.get(operation) ?? new Map<number, number>();
      statuses.set(operation, of.set(status, (of.get(status) ?? 0) + 1));
      if (!operation.endsWith('/events')) latencies.push(ms);
    },
  };
  const goOn = () => requests < options.requests && options.signal?.aborted !== true;

  async function lane(): Promise<void> {
    while (goOn()) {
      const run = runs++;
      const [played] = fc.sample(steps, { seed: seedOf(seed, run), numRuns: 1 });
      await playRun(run, played ?? [], new World(run, markers), play);
      await options.onRun(requests);
    }
  }
  try {
    if (options.run === undefined) await Promise.all(Array.from({ length: options.lanes }, lane));
    else await alone(options.run, steps, seed, play);
  } finally {
    wire.close();
  }
  return { requests, runs, statuses, latencies: Float64Array.from(latencies).sort(), markers };
}

/** @throws Error with the smallest run that shows a fault */
async function alone(run: number, steps: fc.Arbitrary<Step[]>, seed: number, play: Play): Promise<void> {
  let attempt = run;
  const property = fc.asyncProperty(steps, async (each) => {
    // Each attempt has people of its own: what a longer one left behind is not in its way.
    const faults = await playRun(attempt, each, new World(attempt, play.markers), play);
    attempt += 1_000_000;
    if (faults.length > 0) throw new Error(faults.join('\n'));
  });
  await fc.assert(property, { seed: seedOf(seed, run), numRuns: 1, interruptAfterTimeLimit: 120_000 });
}

async function documentOf(url: string): Promise<ApiDocument> {
  const answer = await fetch(`${url}/openapi.json`, { signal: AbortSignal.timeout(10_000) });
  if (!answer.ok) throw new Error(`${url}/openapi.json: ${answer.status}`);
  return (await answer.json()) as ApiDocument;
}
