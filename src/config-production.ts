/**
 * What `NODE_ENV=production` demands: what embedded mode makes easy must not happen there by a forgotten variable, and
 * nothing goes over a network in the clear. A service beside us (loopback) needs no TLS, nor one of PLAINTEXT_HOSTS.
 */

import { readEventStoreUrl } from './event-store-url.ts';

export type ProductionEnvironment = {
  readonly [name in (typeof REQUIRED)[number] | (typeof HTTPS)[number]]?: string | undefined;
} & {
  readonly JWT_SECRET?: string | undefined;
  readonly JWT_ISSUER?: string | undefined;
  readonly JWT_AUDIENCE?: string | undefined;
  readonly EVENT_STORE_URL?: string | undefined;
  readonly PLAINTEXT_HOSTS: readonly string[];
};

const REQUIRED = [
  'DATABASE_URL',
  'S3_BUCKET',
  'UNLEASH_URL',
  'OPENAI_API_KEY',
  'METRICS_TOKEN',
  'JWKS_URL',
] as const;
const WHY: Readonly<Partial<Record<(typeof REQUIRED)[number], string>>> = {
  S3_BUCKET: ': recordings on the disk of one machine go with it',
  OPENAI_API_KEY: ': the sandbox provider is refused',
  METRICS_TOKEN: ': figures about users are not for everybody',
};
const HTTPS = [
  'JWKS_URL',
  'S3_ENDPOINT',
  'S3_PUBLIC_ENDPOINT',
  'UNLEASH_URL',
  'OPENAI_BASE_URL',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'PUBLIC_URL',
] as const;

/** Each with the variable's name; never a value. */
export function unfitForProduction(env: ProductionEnvironment): [name: string, message: string][] {
  return [...missing(env), ...unscoped(env), ...inTheClear(env)];
}

function missing(env: ProductionEnvironment): [string, string][] {
  return REQUIRED.filter((name) => env[name] === undefined)
    .filter((name) => name !== 'JWKS_URL' || env.JWT_SECRET === undefined)
    .map((name) => [
      name,
      name === 'JWKS_URL'
        ? 'or JWT_SECRET is required in production'
        : `is required in production${WHY[name] ?? ''}`,
    ]);
}

/** An issuer's keys sign tokens for its other services too. */
function unscoped(env: ProductionEnvironment): [string, string][] {
  if (env.JWKS_URL === undefined) return [];
  return (['JWT_ISSUER', 'JWT_AUDIENCE'] as const)
    .filter((name) => env[name] === undefined)
    .map((name) => [name, 'is required in production with JWKS_URL']);
}

function inTheClear(env: ProductionEnvironment): [string, string][] {
  const allowed = (host: string) => isLoopback(host) || env.PLAINTEXT_HOSTS.includes(host);
  const found: [string, string][] = HTTPS.filter((name) => {
    const url = URL.parse(env[name] ?? '');
    return url !== null && url.protocol !== 'https:' && !allowed(url.hostname);
  }).map((name) => [name, 'must be https in production, or its host in PLAINTEXT_HOSTS']);
  const database = URL.parse(env.DATABASE_URL ?? '');
  // The other modes either do not look at the certificate, or will not in the driver's next version.
  if (
    database !== null &&
    database.searchParams.get('sslmode') !== 'verify-full' &&
    !allowed(database.hostname)
  )
    found.push([
      'DATABASE_URL',
      'must have ?sslmode=verify-full in production, or its host in PLAINTEXT_HOSTS',
    ]);
  return [...found, ...eventStore(env, allowed)];
}

function eventStore(
  { EVENT_STORE_URL: url }: ProductionEnvironment,
  allowed: (host: string) => boolean,
): [string, string][] {
  const read = url === undefined ? '' : readEventStoreUrl(url);
  if (typeof read === 'string' || (read.tls && read.verified) || read.hosts.every(allowed)) return [];
  return [['EVENT_STORE_URL', 'must have TLS, verified, in production, or its hosts in PLAINTEXT_HOSTS']];
}

function isLoopback(host: string): boolean {
  return host === '' || host === 'localhost' || host === '[::1]' || /^127\./.test(host);
}
