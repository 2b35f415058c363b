/** Whose tokens the checks have: those that were given, or a development server's. */
import { randomUUID } from 'node:crypto';
import { ApiError, createVoiceApi } from '@thankly/voice-client';
import { type Options, UsageError } from './options.ts';

export type Tokens = {
  readonly user: string;
  readonly internal: string | undefined;
  readonly sre: string | undefined;
  readonly releaseManager: string | undefined;
  readonly metrics: string | undefined;
  /** The user is nobody: made for this run. */
  readonly ownUser: boolean;
};

/** The account of the recorder page, which always has chunks (flags/cohort-plan.ts). */
const INTERNAL_USER = 'demo';

/** @throws UsageError when there is none to be had, ApiError when nothing answers */
export async function tokensFor(options: Options): Promise<Tokens> {
  const { token, internalToken, sreToken, releaseToken, metricsToken: metrics } = options;
  if (token !== undefined)
    return {
      user: token,
      internal: internalToken,
      sre: sreToken,
      releaseManager: releaseToken,
      metrics,
      ownUser: false,
    };
  const api = createVoiceApi({ baseUrl: options.url, token: '' });
  try {
    const [user, internal, sre, releaseManager] = await Promise.all([
      api.devToken(`acceptance-${randomUUID().slice(0, 8)}`),
      internalToken ?? api.devToken(INTERNAL_USER),
      sreToken ?? api.devToken('acceptance-sre', 'sre'),
      releaseToken ?? api.devToken('acceptance-release-manager', 'release-manager'),
    ]);
    return { user, internal, sre, releaseManager, metrics, ownUser: true };
  } catch (error) {
    const isNone = error instanceof ApiError && [401, 403, 404, 405].includes(error.status);
    throw isNone ? new UsageError(`${options.url} gives no development tokens: use --token`) : error;
  }
}
