/** Sends the traffic of a game day in this process, through the code of `npm run simulate`. */
import { systemClock } from '../simulate/clock.ts';
import type { SimulateOptions } from '../simulate/options.ts';
import { INTERRUPTED } from '../simulate/run-traffic.ts';
import type { SessionRecord } from '../simulate/session-record.ts';
import type { Show } from '../simulate/show.ts';
import { simulate } from '../simulate/simulate.ts';
import type { RunningTraffic } from './run-game-day.ts';

/** What a phone does when its recording is refused: it keeps it, and tries again until the fault is over, and longer. */
const PATIENCE_AFTER_MS = 60_000;

/**
 * @param forSeconds how long the fault lasts
 * @param records filled while it goes on
 */
export function startTraffic(
  options: SimulateOptions,
  forSeconds: number,
  { note, history: onHistory }: Pick<Show, 'note' | 'history'>,
  records: SessionRecord[],
): RunningTraffic {
  const halt = new AbortController();
  const patienceMs = forSeconds * 1000 + PATIENCE_AFTER_MS;
  const ended = simulate(options, { clock: systemClock, note, onHistory, records, halt, patienceMs }).then(
    ({ error }) => {
      if (error !== null) note(`the traffic has ended early: ${error.message} (${error.code})`);
    },
    (error) => note(`there is no traffic: ${error instanceof Error ? error.message : String(error)}`),
  );
  return { ended, halt: () => halt.abort(INTERRUPTED) };
}
