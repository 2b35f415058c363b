/**
 * The port Flags on unleash-client: evaluated here, from what was last heard of Unleash.
 *
 *   waiting ──an answer, or the last known state from disk──▶ knowing ──an answer──▶ knowing (newer)
 *
 * While waiting everybody has the single upload, with reason `unleash-down`. There is no way back from knowing:
 * whatever Unleash does then (away, refusing, answering nonsense), what was last heard holds; a crash and a start
 * without Unleash go on with it from the file (`last-known.ts`).
 *
 * Who has the flag is what unleash-client says. In the experiment are those to whom the rollout's strategy applies, and
 * its percentage is told, also when somebody has changed it by hand (stickiness, a constraint, a second strategy): the
 * drift is seen by the rollout, and a share that is not the percentage by its sample ratio test. Without that strategy
 * there is no known share: nobody but internal developers has chunked upload then, whatever else is on.
 */
import type { EventEmitter } from 'node:events';
import { Agent } from 'node:http';
import { Unleash, type UnleashConfig, type Variant } from 'unleash-client';
import { FlagServerError } from '../flag-control.ts';
import { type AssignmentReason, CHUNKED_UPLOAD, type ChunkedUploadFlag, type Flags } from '../flags.ts';
import { requireToken, unleashAddress } from './address.ts';
import { DEFAULT_ENVIRONMENT } from './definition.ts';
import { percentOf, rolloutStrategy } from './known-strategies.ts';
import { lastKnown } from './last-known.ts';
import { DEFAULT_SETTINGS, readSettings, type UploadSettings } from './upload-settings.ts';

export type UnleashFlagsOptions = {
  /** With or without `/api`. */
  readonly url: string;
  readonly clientToken: string;
  /** Only told to Unleash: what holds is the token's. Default `development`. */
  readonly environment?: string;
  /** Default `thankly-voice`. */
  readonly appName?: string;
  /** Keeps the last known state; made if need be. Of one server and environment. */
  readonly backupFolder: string;
  /** Between two questions; default 1,000. */
  readonly refreshMs?: number;
  /** FlagServerErrors of the connection, each once until Unleash answers again; payloads that cannot be used, each once. */
  readonly onError: (error: Error) => void;
  /** The flag or its segment is another than before. */
  readonly onChange?: () => void;
};

export type FlagsState = {
  /** Unleash answered within the last 10 s (or ten refreshes). */
  readonly synchronized: boolean;
  /** Of the rollout's strategy; null without one, and while nothing is known. */
  readonly percent: number | null;
  /** On in the environment. */
  readonly enabled: boolean;
};

export interface UnleashFlags extends Flags {
  state(): FlagsState;
  close(): Promise<void>;
}

/** A start waits so long for Unleash's first answer. */
const FIRST_ANSWER_MS = 2_000;
const REQUEST_TIMEOUT_MS = 5_000;
const METRICS_INTERVAL_MS = 60_000;

/** What was last heard, as far as it is asked for again and again. */
type Known = {
  readonly enabled: boolean;
  readonly percent: number | null;
  readonly settings: ReadonlyMap<string, UploadSettings>;
};

/** @throws FlagServerError `unauthorized` for a token that cannot be one; nothing else keeps it from starting. */
export async function startUnleashFlags(options: UnleashFlagsOptions): Promise<UnleashFlags> {
  const { backupFolder, refreshMs = 1_000, onError, onChange = () => undefined } = options;
  const storage = lastKnown(backupFolder, onError);
  const remembered = await storage.read(); // before the first question, so that a quick refusal does not overtake it
  const client = createClient(options, refreshMs, { get: async () => remembered, set: storage.write });
  const { repository } = client as unknown as Inside;
  const firstAnswer = Promise.withResolvers<void>();
  const told = new Set<string>();
  const badPayloads = new Set<string>();
  let known: Known | null = null;
  let fingerprint: string | null = null;
  let heardAt = Number.NEGATIVE_INFINITY; // by performance.now(): the clock may jump
  let again: NodeJS.Timeout | undefined;

  function heard(): void {
    heardAt = performance.now();
    told.clear();
  }

  function onTrouble(error: FlagServerError): void {
    if (!told.has(error.message)) onError(error);
    told.add(error.message);
    if (error.code !== 'unauthorized' && error.code !== 'forbidden') return;
    firstAnswer.resolve();
    // unleash-client asks no more after a refusal. But a token may be put right, an Unleash may have come up too early.
    clearTimeout(again);
    again = setTimeout(() => void repository.fetch(), 10 * refreshMs).unref();
  }

  function learn(): void {
    const feature = client.getFeatureToggleDefinitions(true).find(({ name }) => name === CHUNKED_UPLOAD);
    const strategies = client.getFeatureToggleDefinition(CHUNKED_UPLOAD)?.strategies ?? [];
    const rollout = rolloutStrategy(strategies);
    known = {
      enabled: feature?.enabled ?? false,
      percent: rollout === null ? null : percentOf(rollout),
      settings: settingsOf(strategies.flatMap(({ variants }) => variants ?? [])),
    };
    const before = fingerprint;
    fingerprint = JSON.stringify(feature ?? null);
    if (before !== fingerprint) onChange();
    if (heardAt !== Number.NEGATIVE_INFINITY) firstAnswer.resolve();
  }

  /** Null, and told, when unleash-client stumbles over what it was given. */
  function trying<Result>(work: () => Result): Result | null {
    try {
      return work();
    } catch (error) {
      onTrouble(toldAs(error));
      return null;
    }
  }

  function settingsOf(
    variants: readonly { readonly name: string; readonly payload?: { readonly value: string } }[],
  ): ReadonlyMap<string, UploadSettings> {
    const settings = new Map<string, UploadSettings>();
    for (const { name, payload } of variants) {
      const read = readSettings(payload);
      if (read !== null && !settings.has(name)) settings.set(name, read);
      const bad = read === null ? `${name} ${payload?.value.slice(0, 200)}` : null;
      if (bad === null || badPayloads.has(bad)) continue;
      badPayloads.add(bad);
      onError(new Error(`the payload of a variant of the flag cannot be used, the defaults hold: ${bad}`));
    }
    return settings;
  }

  // It says "changed" before it is ready, and off to everybody until it is.
  let ready = false;
  client.on('ready', () => {
    ready = true;
    trying(learn);
  });
  client.on('changed', () => {
    heard();
    if (ready) trying(learn);
  });
  client.on('unchanged', heard);
  client.on('error', (error) => onTrouble(toldAs(error)));
  client.on('warn', (warning) => {
    // Of the rest (metrics, registration) nothing is lost when Unleash is away.
    if (typeof warning === 'string' && warning.includes('/client/features')) onTrouble(toldAs(warning));
  });
  client.start().catch((error) => onTrouble(toldAs(error)));
  const timer = setTimeout(firstAnswer.resolve, FIRST_ANSWER_MS);
  await firstAnswer.promise;
  clearTimeout(timer);

  return {
    chunkedUpload: (userId) =>
      evaluate(known, () => trying(() => client.getVariant(CHUNKED_UPLOAD, { userId }))),
    state: () => ({
      synchronized: performance.now() - heardAt < Math.max(10_000, 10 * refreshMs),
      percent: known?.percent ?? null,
      enabled: known?.enabled ?? false,
    }),
    async close() {
      clearTimeout(again);
      client.destroy();
      repository.on('error', () => undefined); // of a question under way: without a listener it would be thrown
      await storage.close();
    },
  };
}

/** The parts of unleash-client (pinned in package.json) that its interface does not show. */
type Inside = { readonly repository: EventEmitter & { fetch(): Promise<void> } };

/** `ask`: null when it cannot be said. */
function evaluate(known: Known | null, ask: () => Variant | null): ChunkedUploadFlag {
  if (known === null) return single('unleash-down', 0);
  const { enabled, percent, settings } = known;
  const variant = enabled ? ask() : null;
  if (variant === null) return single('flag-off', 0);
  const on = variant.feature_enabled === true;
  if (on && variant.name === 'internal') return chunked('internal', percent ?? 0);
  if (percent === null) return single('flag-off', 0);
  return on ? chunked('rollout', percent) : single('control', percent, settings);

  function chunked(reason: AssignmentReason, ofUsers: number): ChunkedUploadFlag {
    const ofVariant = settings.get(variant?.name ?? '') ?? settings.get('chunked') ?? DEFAULT_SETTINGS;
    return {
      assignment: { flag: CHUNKED_UPLOAD, variant: 'chunked', percent: ofUsers, reason },
      ...ofVariant,
    };
  }
}

function single(
  reason: AssignmentReason,
  percent: number,
  settings?: ReadonlyMap<string, UploadSettings>,
): ChunkedUploadFlag {
  const assignment = { flag: CHUNKED_UPLOAD, variant: 'single', percent, reason } as const;
  return { assignment, ...(settings?.get('chunked') ?? DEFAULT_SETTINGS) };
}

function createClient(
  { url, clientToken, environment = DEFAULT_ENVIRONMENT, appName = 'thankly-voice' }: UnleashFlagsOptions,
  refreshMs: number,
  storageProvider: NonNullable<UnleashConfig['storageProvider']>,
): Unleash {
  const address = unleashAddress(url);
  return new Unleash({
    url: `${address}/api`,
    appName,
    environment,
    customHeaders: { Authorization: requireToken(clientToken) },
    refreshInterval: refreshMs,
    timeout: REQUEST_TIMEOUT_MS,
    metricsInterval: METRICS_INTERVAL_MS,
    metricsJitter: METRICS_INTERVAL_MS / 6,
    storageProvider,
    disableAutoStart: true,
    skipInstanceCountWarning: true,
    // An HTTP_PROXY in the environment is for the world outside.
    ...(isLoopback(address) ? { httpOptions: { agent: () => new Agent() } } : {}),
  });
}

function isLoopback(url: string): boolean {
  return url.startsWith('http:') && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);
}

/** unleash-client tells by words; some of them quote a whole answer. */
function toldAs(trouble: unknown): FlagServerError {
  const { message, code, type } = (typeof trouble === 'string' ? { message: trouble } : (trouble ?? {})) as {
    readonly message?: unknown;
    /** With `type`: of make-fetch-happen. */
    readonly code?: unknown;
    readonly type?: unknown;
  };
  const words = String(message ?? trouble).slice(0, 300);
  const status = Number(/responded (?:[A-Z_]+ \()?(\d{3})/.exec(words)?.[1] ?? Number.NaN);
  if (status === 401) return new FlagServerError('unauthorized', words);
  if (status === 403) return new FlagServerError('forbidden', words);
  if (status >= 500) return new FlagServerError('failing', words);
  if (status >= 400) return new FlagServerError('rejected', words);
  const unreachable = typeof code === 'string' && type !== 'invalid-json';
  return new FlagServerError(unreachable ? 'unreachable' : 'invalid_answer', words);
}
