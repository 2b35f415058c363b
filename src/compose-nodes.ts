/** Configuration → what this node lets the others know, and its place among them (src/nodes). Only compose.ts uses it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { environmentOf } from '../flags/unleash/address.ts';
import { tokenSecret } from './compose-adapters.ts';
import type { Config } from './config.ts';
import { keptSecret } from './database/secrets.ts';
import { readEventStoreUrl } from './event-store-url.ts';
import { fingerprints, type Setting } from './nodes/fingerprints.ts';
import { joinNodes, type Membership } from './nodes/membership.ts';
import type { NodeRegistry } from './nodes/node-registry.ts';
import type { SettingName } from './nodes/settings.ts';
import { RETENTION_VARIABLES } from './retention/retention-environment.ts';
import type { Log } from './telemetry/logger.ts';

/** Of whoever does something of it; others need not have them. */
const OF_ANSWERS = ['WEB_ORIGINS', 'S3_PUBLIC_ENDPOINT'] as const;
const OF_WORK = [
  'OPENAI_BASE_URL',
  'PROVIDER_HEDGING',
  'PROVIDER_HEDGING_SHARE',
  'CONSUMER_PARTITIONS',
  ...(Object.keys(RETENTION_VARIABLES) as (keyof typeof RETENTION_VARIABLES)[]),
] as const;
const OF_ALL = [
  'NODE_ENV',
  'S3_ENDPOINT',
  'S3_REGION',
  'UNLEASH_URL',
  'SESSION_IDLE_SECONDS',
  'UPLOAD_URL_SECONDS',
  'PROVIDER_PATIENCE_SECONDS',
] as const;

export async function joinService(
  config: Config,
  {
    registry,
    id,
    name,
    log,
  }: {
    readonly registry: NodeRegistry;
    readonly id: string;
    /** Host and port. */
    readonly name: string;
    readonly log: Log;
  },
): Promise<Membership> {
  const version = codeVersion();
  const node = {
    id,
    name,
    role: config.ROLE,
    version,
    changing: config.CONFIG_CHANGE,
    settings: await fingerprints(settingsOf(config, version), await registry.key()),
  };
  return joinNodes({
    registry,
    node,
    only: config.embedded,
    onDifference({ setting, nodes }, how) {
      log(how === 'harmful' ? 'error' : 'warn', 'nodes differ in a setting', { setting, nodes, how });
    },
    onError: (error) => log('warn', 'the list of nodes', { err: error }),
  });
}

/** What others are to have, too: no password, no key, no token but the one that signs tokens. */
export function settingsOf(config: Config, version: string): Setting[] {
  const answers = config.ROLE !== 'worker';
  const works = config.ROLE !== 'api';
  const written = (names: readonly (SettingName & keyof Config)[]) =>
    names.map((name) => ({ name, value: text(config[name]) }));
  return [
    { name: 'version', value: version },
    { name: 'EVENT_STORE_URL', value: eventStore(config) },
    { name: 'S3_BUCKET', value: config.S3_BUCKET ?? folderOf(config) },
    { name: 'UNLEASH_API_TOKEN', value: environmentOf(config.UNLEASH_API_TOKEN ?? '') ?? '' },
    ...written(OF_ALL),
    ...(answers ? [...tokens(config), ...written(OF_ANSWERS)] : []),
    ...(works
      ? [
          {
            name: 'OPENAI_API_KEY' as const,
            value: config.OPENAI_API_KEY === undefined ? 'sandbox' : 'real',
          },
          ...written(OF_WORK),
        ]
      : []),
  ];
}

function tokens(config: Config): Setting[] {
  const { JWKS_URL: jwks } = config;
  return [
    { name: 'JWT_SECRET', value: jwks === undefined ? tokenSecret(config) : '', isSecret: true },
    { name: 'JWKS_URL', value: text(jwks) },
    { name: 'JWT_ISSUER', value: text(config.JWT_ISSUER) },
    { name: 'JWT_AUDIENCE', value: text(config.JWT_AUDIENCE) },
  ];
}

/** Which servers, whoever we are there. */
function eventStore({ EVENT_STORE_URL: url }: Config): string {
  const read = url === undefined ? 'in the database' : readEventStoreUrl(url);
  return typeof read === 'string' ? read : read.members.join();
}

/** The folder of files, by a secret that is kept beside it: nodes that share the one, from however many machines, share both. */
function folderOf({ dataDir }: Config): string {
  return `files ${keptSecret(dataDir, 'url-secret')}`;
}

function text(value: unknown): string {
  if (value === undefined) return '';
  return JSON.stringify(Array.isArray(value) ? value.toSorted() : value);
}

function codeVersion(): string {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8'));
  return version;
}
