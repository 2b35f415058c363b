/**
 * The connections: one client to append with, one to read with, one to follow with, so that what is wrong with one cuts
 * off no other.
 *
 *   none ──first used──▶ in use ──did not answer, or is no use any more──▶ dropped ──▶ none
 *
 * The client finds the leader by itself and connects again by itself, but for two things: a call of which nothing comes
 * back stays open for ever, and reads, which go through a native library, are over for good once that library has failed
 * to connect. In both cases the client is thrown away and another is made when it is needed.
 */
import { KurrentDBClient } from '@kurrent/kurrentdb-client';

export type Clients = {
  /** The one that is in use for this. @throws EventStoreUrlInvalid */
  of(use: Use): KurrentDBClient;
  /** Throws it away, unless another took its place already; what is under way on it fails. */
  drop(use: Use, client: KurrentDBClient): void;
  close(): Promise<void>;
};

export type Use = 'append' | 'read' | 'follow';

/** EVENT_STORE_URL cannot be used. It is not shown: it may hold a password. */
export class EventStoreUrlInvalid extends Error {
  readonly code = 'event_store_url_invalid';
  constructor(why: string) {
    super(`EVENT_STORE_URL cannot be used: ${why}`);
    this.name = 'EventStoreUrlInvalid';
  }
}

export function createClients(given: string): Clients {
  const url = connectingSoon(given);
  const inUse = new Map<Use, KurrentDBClient>();
  return {
    of(use) {
      const client = inUse.get(use) ?? connect(url);
      inUse.set(use, client);
      return client;
    },
    drop(use, client) {
      if (inUse.get(use) === client) inUse.delete(use);
      void end(client);
    },
    async close() {
      const clients = [...inUse.values()];
      inUse.clear();
      await Promise.all(clients.map(end));
    },
  };
}

/** What the native library waits before each try to connect, the first one too; half a second by default. */
const DISCOVERY_INTERVAL_MS = 50;

function connectingSoon(url: string): string {
  if (/[?&]discoveryInterval=/i.test(url)) return url;
  return `${url}${url.includes('?') ? '&' : '?'}discoveryInterval=${DISCOVERY_INTERVAL_MS}`;
}

/** These name a file, and nothing secret; whatever else the client says of a URL may quote it. */
const MAY_BE_TOLD = /^(Failed to load certificate|userCertFile must)/;

function connect(url: string): KurrentDBClient {
  try {
    return KurrentDBClient.connectionString(url);
  } catch (error) {
    const said = error instanceof Error ? error.message : '';
    throw new EventStoreUrlInvalid(MAY_BE_TOLD.test(said) ? said : 'it is not understood');
  }
}

const END_MS = 2_000;

/** Ends its calls and its connection. Its own `dispose` leaves the connection open. */
async function end(client: KurrentDBClient): Promise<void> {
  const channel = (client as unknown as { getChannel(): Promise<{ close(): void }> }).getChannel();
  const ended = (async () => {
    await client.dispose();
    (await channel).close();
  })().catch(() => undefined);
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, END_MS);
  await Promise.race([ended, late.promise]);
  clearTimeout(timer);
}
