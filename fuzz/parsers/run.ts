/** Parser fuzzing: each parser gets so many damaged files, and either refuses them by name or gives a sane, bounded result. */
import fc from 'fast-check';
import { Findings } from '../findings.ts';
import { seedOf } from '../seed.ts';
import { makeCorpus } from './corpus.ts';
import { anyDamage, type Damaged, damaged } from './damage.ts';
import { type ParserThread, parserThread } from './parser-thread.ts';
import { TARGETS } from './targets.ts';

export type ParserOptions = {
  /** Damaged files for each parser. */
  readonly cases: number;
  /** Names of parsers; none: all. */
  readonly only: readonly string[];
  readonly seed: number;
  /** Only this case of each, made smaller when it fails. */
  readonly run: number | undefined;
  readonly timeoutMs: number;
  readonly onProgress: (line: string) => void;
  readonly signal?: AbortSignal;
};

export type ParserCounts = {
  readonly parser: string;
  readonly files: number;
  readonly refused: number;
  readonly slowestMs: number;
};
export type ParserVerdict = { readonly counts: readonly ParserCounts[]; readonly findings: Findings };

/** A file may give so many times its bytes, and this much beside: headers, tables, a window's own container. */
const MOST_GROWTH = 10;
const MOST_BESIDE = 512 * 1024;

export class UnknownParser extends Error {}

/** @throws UnknownParser */
export async function fuzzParsers(options: ParserOptions): Promise<ParserVerdict> {
  const { only, cases, seed, run, timeoutMs, onProgress, signal } = options;
  const unknown = only.find((name) => TARGETS[name] === undefined);
  if (unknown !== undefined)
    throw new UnknownParser(`no parser ${unknown}: there are ${Object.keys(TARGETS).join(', ')}`);
  const corpus = await makeCorpus();
  const findings = new Findings();
  const counts: ParserCounts[] = [];
  const thread = parserThread(timeoutMs);
  try {
    for (const [parser, { feeds }] of Object.entries(TARGETS)) {
      if (only.length > 0 && !only.includes(parser)) continue;
      const fuzzed = { parser, files: corpus[feeds], thread };
      if (run !== undefined) await alone(fuzzed, seedOf(seed, run));
      else {
        counts.push(
          await fuzzOne(fuzzed, { cases, seed, findings, ...(signal === undefined ? {} : { signal }) }),
        );
        onProgress(`${parser}: ${counts.at(-1)?.files} files, ${findings.faults.length} kinds of fault`);
      }
    }
  } finally {
    await thread.close();
  }
  return { counts, findings };
}

type Fuzzed = {
  readonly parser: string;
  readonly files: readonly Uint8Array[];
  readonly thread: ParserThread;
};

async function fuzzOne(
  fuzzed: Fuzzed,
  {
    cases,
    seed,
    findings,
    signal,
  }: Pick<ParserOptions, 'cases' | 'seed' | 'signal'> & { findings: Findings },
): Promise<ParserCounts> {
  const { parser } = fuzzed;
  let [done, refused, slowestMs] = [0, 0, 0];
  for (; done < cases && signal?.aborted !== true; done++) {
    const [damage] = fc.sample(anyDamage, { seed: seedOf(seed, done), numRuns: 1 });
    if (damage === undefined) break;
    const started = performance.now();
    const { fault, refused: isRefused } = await judged(fuzzed, damage);
    slowestMs = Math.max(slowestMs, performance.now() - started);
    if (isRefused) refused++;
    if (fault === null) continue;
    const example = fc.stringify(damage).slice(0, 400);
    findings.add(`${parser}: ${fault}`, example, `--parsers --only ${parser} --seed ${seed} --run ${done}`);
  }
  return { parser, files: done, refused, slowestMs };
}

/** @throws Error with the smallest damage that shows the fault */
async function alone(fuzzed: Fuzzed, seed: number): Promise<void> {
  const property = fc.asyncProperty(anyDamage, async (damage) => {
    const { fault } = await judged(fuzzed, damage);
    if (fault !== null) throw new Error(`${fuzzed.parser}: ${fault}`);
  });
  await fc.assert(property, { seed, numRuns: 1, interruptAfterTimeLimit: 120_000 });
}

async function judged({ parser, files, thread }: Fuzzed, damage: Damaged) {
  const bytes = damaged(files, damage);
  const size = bytes.length;
  const whole = files[damage.file % files.length] ?? new Uint8Array();
  const answer = await thread.run({ target: parser, bytes, whole });
  const isBounded = answer.out <= (size + whole.length) * MOST_GROWTH + MOST_BESIDE;
  return isBounded ? answer : { ...answer, fault: 'more comes out than a file of its size can hold' };
}
