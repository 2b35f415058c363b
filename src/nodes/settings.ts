/** The settings in which nodes of one service have to agree, and how each may be changed. */

/**
 * - `stopped`: with all nodes stopped. Two nodes that differ would write to two places, and each miss what the other has.
 * - `announced`: one node after the other, once CONFIG_CHANGE says that it is meant. Until all have it, tokens that are
 *   good at one node are refused by another; or a store is written to by two addresses, which had better be one store.
 * - `freely`: one node after the other. That they differ is told, nobody is refused.
 */
export type Change = 'stopped' | 'announced' | 'freely';

/** By the name of the variable; `version` is the code's. */
export const CHANGES = {
  EVENT_STORE_URL: 'stopped',
  S3_BUCKET: 'stopped',
  S3_ENDPOINT: 'announced',
  JWT_SECRET: 'announced',
  JWKS_URL: 'announced',
  JWT_ISSUER: 'announced',
  JWT_AUDIENCE: 'announced',
  version: 'freely',
  NODE_ENV: 'freely',
  S3_REGION: 'freely',
  S3_PUBLIC_ENDPOINT: 'freely',
  UNLEASH_URL: 'freely',
  UNLEASH_API_TOKEN: 'freely',
  OPENAI_API_KEY: 'freely',
  OPENAI_BASE_URL: 'freely',
  PROVIDER_HEDGING: 'freely',
  PROVIDER_HEDGING_SHARE: 'freely',
  PROVIDER_PATIENCE_SECONDS: 'freely',
  SESSION_IDLE_SECONDS: 'freely',
  UPLOAD_URL_SECONDS: 'freely',
  WEB_ORIGINS: 'freely',
  CONSUMER_PARTITIONS: 'freely',
  RETENTION_CHUNKS_DAYS: 'freely',
  RETENTION_SINGLE_DAYS: 'freely',
  RETENTION_IMAGES_DAYS: 'freely',
  RETENTION_AUDIO_DAYS: 'freely',
  RETENTION_TEXTS_DAYS: 'freely',
  RETENTION_ABANDONED_DAYS: 'freely',
} as const satisfies Record<string, Change>;

export type SettingName = keyof typeof CHANGES;

export const SETTING_NAMES = Object.keys(CHANGES) as readonly SettingName[];

/** What CONFIG_CHANGE may name. */
export const ANNOUNCED = SETTING_NAMES.filter((name) => CHANGES[name] === 'announced');
