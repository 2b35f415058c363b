/** The traffic of a game day: what `npm run simulate` sends, for as long as the fault lasts. */
import { readOptions, type SimulateOptions, UsageError } from '../simulate/options.ts';
import type { GameDayOptions } from './options.ts';

/** Sessions a second: at 5 % of users a chunked one each 10 s, so that four failures come within a minute. */
const RATE = ['--rate', '2'];
/** What fails, fails by the fault. */
const NO_FAILURES = ['--chunked-failure', '0', '--single-failure', '0'];
const MOST_USERS = 100_000;

/**
 * What is sent: a session of a new user each time, from the beginning to the fault's end. What somebody gave counts before
 * what the fault has.
 * @param given options of `npm run simulate`
 * @throws UsageError
 */
export function trafficOf(
  { fault, forSeconds, url, tokenSecret }: Omit<GameDayOptions, 'traffic'>,
  given: readonly string[],
): SimulateOptions {
  const secret = tokenSecret === undefined ? [] : ['--token-secret', tokenSecret];
  const args = [...RATE, ...NO_FAILURES, ...fault.traffic, ...secret, '--url', url, ...given];
  const options = readOptions(args, {}, Math.random);
  if (options === null) throw new UsageError('for the options of the traffic: npm run simulate -- --help');
  if (given.includes('--users') || options.rate === null) return options;
  const seconds = forSeconds + (fault.warmUpSeconds ?? 0);
  const users = Math.min(MOST_USERS, Math.ceil((options.rate * seconds) / options.shape.sessionsPerUser));
  return { ...options, shape: { ...options.shape, users } };
}
