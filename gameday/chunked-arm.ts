/** Whether there is a chunked arm that could misbehave. */
import { ApiError } from '../client/src/api-error.ts';
import { systemPatience } from '../client/src/patiently.ts';
import { createRolloutApi } from '../simulate/rollout-api.ts';
import { tokenSource } from '../simulate/tokens.ts';
import { CannotBegin, type Target } from './fault.ts';

const PATIENCE_MS = 5_000;

/** In words. @throws CannotBegin when nobody has chunked upload; ApiError when the server cannot be asked */
export async function chunkedArm({ url, tokenSecret }: Target): Promise<string> {
  const token = await tokenSource(url, tokenSecret, systemPatience(PATIENCE_MS))('gameday', 'viewer');
  try {
    const { percent, autopilot } = await createRolloutApi(url, token).rollout();
    if (percent === 0) {
      throw new CannotBegin(
        'nobody_chunked',
        'nobody has chunked upload: move the rollout first, in the console or with npm run simulate -- --percent 20 --users 10',
      );
    }
    const then = autopilot.enabled ? '; the autopilot is on and will roll it back' : '; the autopilot is off';
    return `the rollout stands at ${percent} %${then}`;
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
    return 'this server has no rollout control: everybody is in the arm that its flags say';
  }
}
