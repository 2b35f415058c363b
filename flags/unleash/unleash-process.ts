/**
 * The embedded Unleash: a process of its own, so that its some hundred megabytes, its event loop and its crashes are
 * not the application's.
 *
 *   waiting ──start──▶ starting ──▶ running ──channel closed, SIGTERM──▶ ending ──▶ gone
 *                          └──▶ failed ──▶ gone
 *
 * All that lasts is in PostgreSQL, in transactions of Unleash's own: a crash in any state leaves what the next start
 * goes on with. It asks nobody outside for anything (no version check, no telemetry), and neither do its pages.
 */
import pg from 'pg';
import type { EmbeddedSecrets } from './embedded-secrets.ts';
import { quickImports } from './quick-imports.ts';

/** From the application; secrets in neither arguments nor environment, which others on the machine may see. */
export type UnleashOrder =
  | {
      readonly type: 'start';
      readonly connectionString: string;
      readonly port: number;
      readonly url: string;
      readonly adminUser: string;
      readonly environment: string;
      readonly secrets: EmbeddedSecrets;
    }
  /** The password has been told to a person. */
  | { readonly type: 'told' };

/** To the application. */
export type UnleashNews =
  | { readonly type: 'ready'; readonly passwordToTell: boolean }
  | { readonly type: 'failed'; readonly line: string; readonly portTaken: boolean }
  | { readonly type: 'log'; readonly level: 'warn' | 'error'; readonly text: string };

type Start = Extract<UnleashOrder, { type: 'start' }>;
type Running = Awaited<ReturnType<typeof startUnleash>>;

const SCHEMA = 'unleash';
/** In Unleash's own table of settings: it belongs to this database, as the password does. */
const TOLD = 'thankly.adminPasswordTold';
const SYSTEM_USER = -1337;
const END_MS = 2_000;
/** The same words again are told once in this time. */
const SAME_WORDS_MS = 60_000;

/** Unleash's pages ask Google for fonts and Gravatar for faces; where no one answers, they hang. */
const OWN_PAGES_ONLY = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "worker-src 'self' blob:",
  "frame-ancestors 'self'",
].join('; ');

let running: Running | null = null;
let telling: Promise<unknown> = Promise.resolve();
let ending = false;

function tell(news: UnleashNews): void {
  if (process.connected) process.send?.(news, () => undefined);
}

async function end(code: number): Promise<void> {
  if (ending) return;
  ending = true;
  setTimeout(() => process.exit(code), END_MS);
  await telling;
  await running?.stop().catch(() => undefined);
  process.exit(code);
}

async function start(order: Start): Promise<void> {
  try {
    await makeSchema(order.connectionString);
    running = await startUnleash(order);
    await knowTokens(running, order);
    tell({ type: 'ready', passwordToTell: await isPasswordToTell(running, order) });
  } catch (error) {
    if (ending) return;
    const line = error instanceof Error ? error.message : String(error);
    tell({ type: 'failed', line, portTaken: (error as { code?: unknown } | null)?.code === 'EADDRINUSE' });
    await end(1);
  }
}

/** Its migrations run in a schema as they do in a database: one database to keep and to copy. */
async function makeSchema(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000, query_timeout: 15_000 });
  await client.connect();
  try {
    await client.query(`create schema if not exists ${SCHEMA}`);
  } finally {
    await client.end();
  }
}

async function startUnleash({ connectionString, port, url, adminUser, secrets }: Start) {
  quickImports();
  const { start: startServer } = await import('unleash-server'); // two seconds: not before there is an order
  return startServer({
    databaseUrl: connectionString,
    db: { schema: SCHEMA, applicationName: 'thankly-unleash' },
    server: {
      host: '127.0.0.1',
      port,
      unleashUrl: url,
      secret: secrets.sessionSecret, // its default is a word that everybody knows
      serverMetrics: false,
      gracefulShutdownEnable: false, // `end` is ours
    },
    authentication: {
      initialAdminUser: { username: adminUser, password: secrets.adminPassword },
      initApiTokens: [], // see knowTokens
    },
    versionCheck: { enable: false },
    frontendApiOrigins: [], // no page of ours asks it
    preHook: (app: { use(handler: (...args: [unknown, HeaderSink, () => void]) => void): void }) =>
      app.use((_request, response, next) => {
        response.setHeader('content-security-policy', OWN_PAGES_ONLY);
        next();
      }),
    getLogger: logger,
  });
}

type HeaderSink = { setHeader(name: string, value: string): void };

/**
 * Unleash itself takes initial tokens only when it has none at all. Ours must also be known to a database that
 * outlived our DATA_DIR, and after somebody deleted them in its pages.
 */
async function knowTokens({ stores, services }: Running, { environment, secrets }: Start): Promise<void> {
  const { ApiTokenType } = await import('unleash-server');
  const tokens = [
    {
      type: ApiTokenType.ADMIN,
      secret: secrets.adminToken,
      tokenName: 'thankly-admin',
      environment: '*',
      projects: ['*'],
    },
    {
      type: ApiTokenType.BACKEND,
      secret: secrets.clientToken,
      tokenName: 'thankly-app',
      environment,
      projects: ['default'],
    },
  ];
  for (const token of tokens) {
    if (!(await stores.apiTokenStore.exists(token.secret)))
      await stores.apiTokenStore.insert(token, SYSTEM_USER);
  }
  await services.apiTokenService.fetchActiveTokens();
}

/** It never was, and it is the one that this Unleash was made with and still has. */
async function isPasswordToTell(
  { stores, services }: Running,
  { adminUser, secrets }: Start,
): Promise<boolean> {
  if ((await stores.settingStore.get(TOLD)) !== undefined) return false;
  return services.userService.loginUser(adminUser, secrets.adminPassword).then(
    () => true,
    () => false,
  );
}

function logger(category?: string) {
  const relay =
    (level: 'warn' | 'error') =>
    (...said: unknown[]) => {
      const text = said.map((each) => (each instanceof Error ? each.message : String(each))).join(' ');
      if (isNew(text)) tell({ type: 'log', level, text: text.slice(0, 1_000) });
    };
  const error = relay('error');
  const nothing = () => undefined;
  // Its query builder warns of how Unleash uses it.
  return {
    debug: nothing,
    info: nothing,
    warn: category === 'db-pool.js' ? nothing : relay('warn'),
    error,
    fatal: error,
  };
}

const toldAt = new Map<string, number>();
function isNew(text: string): boolean {
  const now = performance.now();
  for (const [each, at] of toldAt) if (now - at > SAME_WORDS_MS) toldAt.delete(each);
  if (toldAt.has(text)) return false;
  toldAt.set(text, now);
  return true;
}

process.on('message', (order: UnleashOrder) => {
  if (order.type === 'start') void start(order);
  else telling = running?.stores.settingStore.insert(TOLD, true).catch(() => undefined) ?? telling;
});
process.on('disconnect', () => void end(0));
process.on('SIGTERM', () => void end(0));
process.on('SIGINT', () => void end(0));
