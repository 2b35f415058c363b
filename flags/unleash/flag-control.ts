/** The port FlagControl on Unleash's admin API. */
import type { FlagControl } from '../flag-control.ts';
import { CHUNKED_UPLOAD } from '../flags.ts';
import { unleashAddress } from './address.ts';
import { adminApi } from './admin-api.ts';
import { PROJECT } from './definition.ts';
import { effectOf } from './difference.ts';
import { syncFlag } from './sync.ts';

export type UnleashFlagControlOptions = {
  readonly url: string;
  readonly adminToken: string;
  readonly environment: string;
  /** Where people reach Unleash, when that is elsewhere. */
  readonly publicUrl?: string;
  /** For one call; default 5,000. A write makes four, and more when there is something to mend. */
  readonly timeoutMs?: number;
};

export function unleashFlagControl(options: UnleashFlagControlOptions): FlagControl {
  const api = adminApi(options);
  const { environment, publicUrl = options.url } = options;
  return {
    read: async () => effectOf(await api.find()),
    async write(percent) {
      if (!Number.isInteger(percent) || percent < 0 || percent > 100) {
        throw new RangeError(`a percentage is a whole number from 0 to 100, not ${percent}`);
      }
      const { found } = await syncFlag(api, { environment, percent });
      return effectOf(found);
    },
    page: `${unleashAddress(publicUrl)}/projects/${PROJECT}/features/${CHUNKED_UPLOAD}`,
  };
}
