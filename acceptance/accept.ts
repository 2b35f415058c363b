/** A deployment is checked from its documents on: what it says of itself, what it does, and whether the two agree. */
import { ALL_CHECKS } from './all-checks.ts';
import { type Check, type Context, demand } from './check.ts';
import { Deployment } from './deployment.ts';
import { MadeSessions } from './made-sessions.ts';
import type { Options } from './options.ts';
import { type Outcome, runChecks } from './run-checks.ts';
import type { Tokens } from './tokens.ts';
import { type ApiPaths, type Coverage, coverageOf, Traffic } from './traffic.ts';

export type Acceptance = {
  readonly outcomes: readonly Outcome[];
  /** Null: it shows no document. */
  readonly coverage: Coverage | null;
  /** Ids of sessions that could not be deleted. */
  readonly left: readonly string[];
};

type Parts = {
  readonly tokens: Tokens;
  readonly onOutcome: (outcome: Outcome) => void;
  /** Aborts when somebody has had enough: no further check is made, and what was made is deleted. */
  readonly interrupted: AbortSignal;
};

/** Makes all checks, then deletes what they made, however they went. */
export async function accept(
  options: Options,
  { tokens, onOutcome, interrupted }: Parts,
): Promise<Acceptance> {
  const traffic = new Traffic();
  if (tokens.ownUser) traffic.note('POST', '/dev/token', 201); // where they are from
  const deployment = new Deployment(options.url, tokens, traffic, interrupted);
  const made = new MadeSessions();
  const context: Context = {
    deployment,
    made,
    origin: options.origin ?? null,
    patienceMs: options.patienceMs,
    forget: options.forget || tokens.ownUser,
    found: {},
  };
  let coverage: Coverage | null = null;
  let paths: ApiPaths | null = null;
  const document: Check = {
    title: 'it says what it can be asked',
    async run() {
      const { status, json } = await deployment.ask('GET', '/openapi.json');
      demand(status === 200 && typeof json.paths === 'object', `GET /openapi.json: ${status}`);
      paths = json.paths as ApiPaths;
      return `${Object.values(paths).flatMap(Object.keys).length} endpoints`;
    },
  };
  const agreement: Check = {
    title: 'each answer was one that it says it gives',
    async run() {
      if (paths === null) return undefined;
      coverage = coverageOf(paths, traffic.seen());
      demand(coverage.unnamed.length === 0, `not in /openapi.json: ${coverage.unnamed.join(', ')}`);
      return undefined;
    },
  };
  let outcomes: readonly Outcome[] = [];
  let left: readonly string[] = [];
  try {
    outcomes = await runChecks([document, ...ALL_CHECKS, agreement], context, onOutcome);
  } finally {
    left = await made.deleteAll(options.url);
  }
  return { outcomes, coverage, left };
}
