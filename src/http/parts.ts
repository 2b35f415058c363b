/** What the routers are given: ports only. */
import type { RequestHandler } from 'express';
import type { Flags } from '../../flags/flags.ts';
import type { ProviderState } from '../ai/provider.ts';
import type { Consumers } from '../eventlog/consumers.ts';
import type { Projections } from '../eventlog/projections.ts';
import type { NodeRegistry } from '../nodes/node-registry.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import type { RetryPolicy } from '../recording/limits.ts';
import type { RolloutDesk } from '../rollouts/desk.ts';
import type { SessionChanges } from '../sessions/changes.ts';
import type { EntryList } from '../sessions/entry-list.ts';
import type { Erasures } from '../sessions/erasures.ts';
import type { Pseudonyms } from '../sessions/pseudonyms.ts';
import type { SessionList } from '../sessions/session-list.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { Texts } from '../sessions/texts.ts';
import type { Tracing } from '../telemetry/tracing.ts';
import type { AdmissionOptions } from './admission/admission.ts';
import type { Measured } from './measure.ts';
import type { TokenKeys } from './token-verifier.ts';

export type ProviderView = {
  /** Where it is; without a path, a query or whoever's name and password. */
  readonly host: string;
  readonly state: () => ProviderState;
  readonly retry: RetryPolicy;
  /** Milliseconds. */
  readonly timeouts: {
    readonly transcribe: { readonly baseMs: number; readonly perMebibyteMs: number };
    readonly chat: { readonly baseMs: number; readonly perThousandCharactersMs: number };
    readonly describeImageMs: number;
  };
};

export type HttpParts = {
  readonly sessions: Sessions;
  readonly objects: ObjectStore;
  readonly texts: Texts;
  readonly changes: SessionChanges;
  readonly entries: EntryList;
  readonly pseudonyms: Pseudonyms;
  readonly erasures: Erasures;
  readonly flags: Flags;
  readonly desk: RolloutDesk;
  readonly sessionList: SessionList;
  readonly consumers: Consumers;
  readonly projections: Projections;
  readonly tokenKeys: TokenKeys;
  /** Pages of these origins may ask; none: our own alone. */
  readonly webOrigins: readonly string[];
  readonly admission: AdmissionOptions;
  /** Which proxies' X-Forwarded-For is believed, as Express's `trust proxy` has it; `false`: nobody's. */
  readonly trustProxy: false | number | string;
  /** Serves the disk store's signed URLs; absent when objects are elsewhere (S3). */
  readonly objectUploads?: RequestHandler;
  /** The secret of `/dev/token`; absent outside of embedded mode, and then there is no such route. */
  readonly devTokenSecret?: string;
  /** The folder of the built web pages; it may be missing. */
  readonly pages: string;
  /** Who reads the recordings; `sandbox` is not the real thing. */
  readonly provider: 'openai' | 'sandbox';
  /** How it stands with that, for those on call. */
  readonly providerView: ProviderView;
  /** This process among the nodes: host and port. */
  readonly node: string;
  readonly nodes: Pick<NodeRegistry, 'alive'>;
  /** The parts that readiness asks, by name; each rejects with its reason. */
  readonly readiness: Readonly<Record<string, () => Promise<void>>>;
  /** Whether requests had better go to another node. */
  readonly isStopping: () => boolean;
  /** ISO 8601, UTC. */
  readonly now: () => string;
  readonly newId: () => string;
  /** Whether an error says that the database was away or busy. */
  readonly isTransient: (error: unknown) => boolean;
  readonly log: (
    level: 'error' | 'warn' | 'info',
    message: string,
    fields?: Readonly<Record<string, unknown>>,
  ) => void;
  readonly urlLifeSeconds: number;
  /** The metrics as Prometheus reads them. */
  readonly scrape: () => Promise<{ readonly contentType: string; readonly text: string }>;
  /** Who reads the metrics must have it; absent: anybody who reaches us. */
  readonly metricsToken?: string;
  readonly tracing: Tracing;
  readonly onAnswered: (measured: Measured) => void;
};
