/** `npm run acceptance`: a deployment, checked from outside. The exit code says how it ended; see --help. */
import { ApiError, createVoiceApi } from '@thankly/voice-client';
import { type Acceptance, accept } from './accept.ts';
import { HELP, type Options, readOptions, UsageError } from './options.ts';
import { line, notCalledLines, printable, summary } from './report.ts';
import { type Tokens, tokensFor } from './tokens.ts';

const EXIT = { holds: 0, usage: 1, fails: 2, notReached: 3, left: 4, interrupted: 130 } as const;

async function main(): Promise<number> {
  try {
    const options = readOptions(process.argv.slice(2), process.env);
    if (options === null) {
      process.stdout.write(HELP);
      return EXIT.holds;
    }
    const tokens = await tokensFor(options);
    await reached(options, tokens);
    return await check(options, tokens);
  } catch (error) {
    if (error instanceof UsageError) return told(EXIT.usage, error.message);
    if (!(error instanceof ApiError)) throw error;
    return told(EXIT.notReached, `it cannot be checked: ${error.message} (${error.code})`);
  }
}

/** One request, so that a wrong URL or a stale token is one line, and not thirty. @throws ApiError */
async function reached({ url }: Options, { user }: Tokens): Promise<void> {
  await createVoiceApi({ baseUrl: url, token: user }).flags();
}

async function check(options: Options, tokens: Tokens): Promise<number> {
  const interrupted = interruption();
  const lines = options.json ? process.stderr : process.stdout;
  lines.write(`${options.url}, as it is seen from here\n`);
  const acceptance = await accept(options, {
    tokens,
    interrupted,
    onOutcome: (outcome) => lines.write(`${line(outcome)}\n`),
  });
  const { outcomes, coverage, left } = acceptance;
  if (coverage !== null) {
    const given = { sre: tokens.sre !== undefined, releaseManager: tokens.releaseManager !== undefined };
    for (const each of notCalledLines(coverage, given)) lines.write(`${each}\n`);
  }
  for (const each of summary(outcomes, coverage, left)) lines.write(`${each}\n`);
  if (options.json) process.stdout.write(`${JSON.stringify({ url: options.url, ...acceptance })}\n`);
  return exitCode(acceptance, options, interrupted);
}

function exitCode({ outcomes, left }: Acceptance, { strict }: Options, interrupted: AbortSignal): number {
  if (interrupted.aborted) return EXIT.interrupted;
  const bad = outcomes.some(
    ({ result, harmful }) => result === 'fails' || (strict && result === 'not checked' && !harmful),
  );
  if (bad) return EXIT.fails;
  return left.length > 0 ? EXIT.left : EXIT.holds;
}

/** Ctrl-C: no further check. Again: at once, and what was made stays. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(EXIT.interrupted);
      process.stderr.write('interrupted: deleting what was made ...\n');
      controller.abort(new Error('interrupted'));
    });
  }
  return controller.signal;
}

function told(code: number, line: string): number {
  process.stderr.write(`acceptance: ${printable(line)}\n`);
  return code;
}

const code = await main();
await new Promise((written) => process.stdout.write('', written));
// A check that was given up on must not keep the process.
process.exit(code);
