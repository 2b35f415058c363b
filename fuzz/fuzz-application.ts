/** Endpoint fuzzing from start to verdict: the program is started, asked, looked at from inside, and stopped. */
import { type EndpointResult, fuzzEndpoints } from './endpoints/run.ts';
import { checkEventLog, type LogChecked } from './event-log.ts';
import { type Fault, Findings } from './findings.ts';
import type { FuzzOptions } from './options.ts';
import { isFlat, type Sample } from './resident-memory.ts';
import { serveApplication } from './served-application.ts';

export type ApplicationVerdict = EndpointResult & {
  readonly faults: readonly Fault[];
  readonly log: LogChecked;
  readonly memory: readonly Sample[];
  readonly seconds: number;
};

export type ApplicationFuzz = Pick<FuzzOptions, 'requests' | 'seed' | 'run' | 'lanes' | 'deadlineMs'> & {
  readonly onProgress: (line: string) => void;
  /** Ends it early. */
  readonly signal?: AbortSignal;
};

const MEASURED_EVERY = 10_000;
const TOLD_EVERY = 1_000;
const NOBODY = { name: null, role: 'sre' } as const;

export async function fuzzApplication(options: ApplicationFuzz): Promise<ApplicationVerdict> {
  const { onProgress, signal, seed } = options;
  const again = `--seed ${seed}`;
  onProgress(`seed ${seed}; starting the application ...`);
  const application = await serveApplication();
  try {
    const findings = new Findings();
    const memory: Sample[] = [];
    const started = performance.now();
    let [measured, told] = [0, 0];
    const result = await fuzzEndpoints({
      ...options,
      url: application.url,
      secret: application.secret,
      findings,
      ...(signal === undefined ? {} : { signal }),
      async onRun(requests) {
        const end = application.ended();
        if (end !== null)
          throw new Error(`the application ended (${end}):\n${application.logged().slice(-2_000)}`);
        if (requests >= told + TOLD_EVERY) {
          told = requests;
          onProgress(`${requests} requests, ${findings.faults.length} kinds of fault`);
        }
        if (requests < measured + MEASURED_EVERY) return;
        measured = requests;
        memory.push({ requests, bytes: await application.residentBytes() });
      },
    });
    const seconds = (performance.now() - started) / 1000;
    memory.push({ requests: result.requests, bytes: await application.residentBytes() });
    if (!isFlat(memory)) findings.add('the memory grows', JSON.stringify(memory), again);
    if (!(await application.isReady()))
      findings.add('the application is not ready afterwards', application.url, again);
    const leaked = result.markers.leaks(application.logged(), NOBODY, '');
    if (leaked.length > 0)
      findings.add('what somebody said, or their name, was logged', leaked.join('; '), again);
    // The log goes with its folder: what it says of our own failures is told here.
    if (findings.faults.length > 0) for (const line of errorsOf(application.logged())) onProgress(line);
    const log = await checkEventLog(application.dataDir, result.markers, findings, again);
    return { ...result, faults: findings.faults, log, memory, seconds };
  } finally {
    await application.stop();
  }
}

const MOST_ERRORS = 50;

function errorsOf(logged: string): string[] {
  return logged
    .split('\n')
    .filter((line) => line.includes('"level":"error"'))
    .slice(0, MOST_ERRORS);
}
