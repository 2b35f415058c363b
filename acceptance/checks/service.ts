/** The service itself: whether it is well, what it says of itself, its pages, what it measures. */
import { type Check, CheckFailed, type Context, demand, NotChecked } from '../check.ts';

const health: Check = {
  title: 'the process answers',
  async run({ deployment }) {
    const { status, json } = await deployment.ask('GET', '/healthz');
    demand(status === 200 && json.status === 'ok', `GET /healthz: ${status}`);
    return undefined;
  },
};

const readiness: Check = {
  title: 'what it stands on answers, too',
  async run({ deployment }) {
    const { status, json } = await deployment.ask('GET', '/readyz');
    const checks = Object.entries((json.checks ?? {}) as Record<string, string>);
    const down = checks.filter(([, state]) => state !== 'ok').map(([name]) => name);
    demand(
      status === 200,
      `GET /readyz: ${status}${down.length > 0 ? `, not ready: ${down.join(', ')}` : ''}`,
    );
    return checks.map(([name]) => name).join(', ');
  },
};

const documents: Check = {
  title: 'it shows its documents',
  async run({ deployment }) {
    const docs = await deployment.ask('GET', '/docs');
    demand(docs.status === 200 && docs.text.includes('/docs/start.js'), `GET /docs: ${docs.status}`);
    return undefined;
  },
};

const pages: Check = {
  title: 'the pages are there, with what they load',
  async run({ deployment }) {
    let assets = 0;
    for (const path of ['/', '/console']) {
      const page = await deployment.ask('GET', path, { headers: { accept: 'text/html' } });
      demand(page.status === 200, `GET ${path}: ${page.status}`);
      const policy = page.headers.get('content-security-policy') ?? '';
      demand(policy.includes('connect-src'), `GET ${path}: without a Content-Security-Policy`);
      const named = [...page.text.matchAll(/(?:src|href)="(\/assets\/[\w./-]+)"/g)].flatMap(
        ([, name]) => name ?? [],
      );
      demand(named.length > 0, `GET ${path}: a page that loads nothing`);
      for (const name of named) {
        const { status } = await deployment.ask('GET', name);
        demand(status === 200, `GET ${name}: ${status}`);
        assets++;
      }
    }
    return `${assets} files`;
  },
};

/** DESIGN §7: what dashboards and alerts rely on. */
const METRICS = [
  'thankly_sessions_created_total',
  'thankly_sessions_finished_total',
  'thankly_session_stage_seconds_bucket',
  'thankly_chunks_total',
  'thankly_upload_fallbacks_total',
  'thankly_step_seconds_bucket',
  'thankly_step_attempts_total',
  'thankly_dead_letters',
  'thankly_queue_depth',
  'thankly_oldest_unfinished_session_seconds',
  'thankly_consumer_lag_events',
  'thankly_consumer_lag_seconds',
  'thankly_transcript_gap_milliseconds_total',
];

const metrics: Check = {
  title: 'the metrics of the dashboards are there',
  async run({ deployment }) {
    const open = await deployment.ask('GET', '/metrics');
    const token = deployment.tokens.metrics;
    if (open.status !== 200 && token === undefined)
      throw new NotChecked(
        `GET /metrics: ${open.status}; give --metrics-token, where they can be read from here`,
      );
    const { status, text } = open.status === 200 ? open : await deployment.ask('GET', '/metrics', { token });
    demand(status === 200, `GET /metrics: ${status}`);
    const missing = METRICS.filter((name) => !new RegExp(`^${name}[{ ]`, 'm').test(text));
    demand(missing.length === 0, `missing: ${missing.join(', ')}`);
    return `${METRICS.length} of them${open.status === 200 ? ', and anybody may read them' : ''}`;
  },
};

const flags: Check = {
  title: 'it says what the app shall do for this user',
  async run({ deployment }) {
    const { chunkedUpload } = await deployment.api(deployment.tokens.user).flags();
    return `${chunkedUpload.variant}, ${chunkedUpload.chunkSeconds} s`;
  },
};

const crossOrigin: Check = {
  title: 'pages of other origins may not call it',
  async run(context) {
    const foreign = await allowedOrigin(context, 'https://foreign.invalid');
    demand(foreign === null, `GET /flags: ${foreign} may`);
    if (context.origin === null) return undefined;
    const own = await allowedOrigin(context, context.origin);
    demand(own === context.origin, `GET /flags: ${context.origin} may not: is it in WEB_ORIGINS?`);
    return `${context.origin} may`;
  },
};

async function allowedOrigin({ deployment }: Context, origin: string): Promise<string | null> {
  const answer = await deployment.ask('OPTIONS', '/flags', {
    headers: {
      origin,
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'authorization',
    },
  });
  if (answer.headers.has('access-control-allow-credentials'))
    throw new CheckFailed('it lets pages send credentials along');
  return answer.headers.get('access-control-allow-origin');
}

export const service: readonly Check[] = [health, readiness, documents, pages, flags, crossOrigin];
/** Last: then there is something to count. */
export const measured: readonly Check[] = [metrics];
