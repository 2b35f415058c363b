/**
 * What EVENT_STORE_URL may be: a connection string of KurrentDB, without what its client would warn of by printing all of
 * it, password included, and without what would break what the adapter promises.
 */

const DEFAULT_PORT = 2113;
const SCHEME = /^(kurrentdb|kurrent|kdb)(\+discover)?:\/\//i;
/** A cluster's members stand one behind the other, so this is no URL as URLs go. */
const FORM = /^[^:]+:\/\/(?:([^/?@]*)@)?([^/?@]+)\/?(?:\?(.*))?$/;
const HOST = /^([^\s:,[\]]+)(?::(\d{1,5}))?$/;
const USER = /^[A-Za-z0-9._~-]+:[A-Za-z0-9._~-]+$/;

const TRUE_OR_FALSE = /^(true|false)$/;
const NUMBER = /^\d{1,9}$/;
const FILE = /^[^\s&?=]+$/;
const OPTIONS: Readonly<Record<string, RegExp>> = {
  tls: TRUE_OR_FALSE,
  tlsVerifyCert: TRUE_OR_FALSE,
  tlsCAFile: FILE,
  userCertFile: FILE,
  userKeyFile: FILE,
  connectionName: /^[\w.%-]+$/,
  maxDiscoverAttempts: NUMBER,
  discoveryInterval: NUMBER,
  gossipTimeout: NUMBER,
  keepAliveInterval: NUMBER,
  keepAliveTimeout: NUMBER,
};

export type EventStoreUrl = {
  /** Without ports. */
  readonly hosts: readonly string[];
  /** With them, in lower case and in order: which servers they are, however it is written. */
  readonly members: readonly string[];
  readonly tls: boolean;
  /** Whether the server's certificate is looked at. */
  readonly verified: boolean;
};

/** What it says; or why it cannot be used, in words that hold nothing of it. */
export function readEventStoreUrl(url: string): EventStoreUrl | string {
  if (!SCHEME.test(url)) return 'such as kurrentdb://user:password@host:2113 (docs/kurrentdb.md)';
  const [, user, hosts = '', query = ''] = FORM.exec(url) ?? [];
  const parsed = hosts.split(',').map((host) => HOST.exec(host));
  if (parsed.some((host) => host === null || Number(host[2] ?? DEFAULT_PORT) > 65_535))
    return 'hosts such as a.example:2113,b.example:2113';
  if (user !== undefined && !USER.test(user))
    return 'user:password of letters, digits and . _ ~ - only: the client sends others wrongly';
  const options = new Map<string, string>();
  for (const pair of query === '' ? [] : query.split('&')) {
    const [name = '', value = ''] = pair.split('=');
    if (OPTIONS[name] === undefined) return `after ? only ${Object.keys(OPTIONS).join(', ')}`;
    if (!OPTIONS[name].test(value)) return `${name} has no such value`;
    options.set(name, value);
  }
  const tls = options.get('tls') !== 'false';
  if (user !== undefined && !tls) return 'a password goes with TLS only';
  return {
    hosts: parsed.map((host) => host?.[1] ?? ''),
    members: parsed.map((host) => `${host?.[1]?.toLowerCase()}:${host?.[2] ?? DEFAULT_PORT}`).sort(),
    tls,
    verified: options.get('tlsVerifyCert') !== 'false',
  };
}
