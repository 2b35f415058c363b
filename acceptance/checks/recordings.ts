/** Recordings in chunks and as one file, of both kinds, each until its entry stands; and a chunk that is not what it says. */
import { randomUUID } from 'node:crypto';
import { ApiError, type CreatedSession, putObject, systemPatience } from '@thankly/voice-client';
import { type Check, CheckFailed, type Context, demand, finished, NotChecked } from '../check.ts';
import { create, type Kind, requestFor, sendAndFollow, sha256 } from '../record.ts';
import { type Sample, sampleFor } from '../samples.ts';

const NETWORK_MS = 20_000;

function inChunks(kind: Kind): Check {
  return {
    title: `${named(kind)} sent in chunks becomes an entry`,
    async run(context) {
      const sample = sampleFor(context.found.provider);
      const { token, session } = await chunkedSession(context, sample, kind);
      const done = await sendAndFollow({ context, token, sample, session }, null);
      context.found.finished ??= done;
      return `${session.upload.urls.length} URLs came along; ${providerOf(context)}`;
    },
  };
}

function asOneFile(kind: Kind): Check {
  return {
    title: `${named(kind)} sent as one file becomes an entry`,
    async run(context) {
      const token = context.deployment.tokens.user;
      const sample = sampleFor(context.found.provider);
      const session = await create(context, token, requestFor(sample, kind));
      const api = context.deployment.api(token);
      const urls =
        session.strategy === 'single'
          ? session.upload.urls
          : await api.fallback(session.sessionId, 'acceptance');
      demand(urls.length > 0, 'it gave no URL for the whole file');
      const done = await sendAndFollow({ context, token, sample, session }, urls);
      context.found.finished ??= done;
      return `${session.strategy === 'single' ? 'its arm' : 'after a fallback'}; ${providerOf(context)}`;
    },
  };
}

/** Of the user, or of one who always has chunks. @throws NotChecked */
async function chunkedSession(
  context: Context,
  sample: Sample,
  kind: Kind,
): Promise<{ token: string; session: CreatedSession }> {
  const { user, internal } = context.deployment.tokens;
  let reason = '';
  for (const token of internal === undefined ? [user] : [user, internal]) {
    const session = await create(context, token, requestFor(sample, kind));
    if (session.strategy === 'chunked') return { token, session };
    reason = `${session.assignment.reason}, ${session.assignment.percent} %`;
  }
  throw new NotChecked(`this user has the single upload (${reason}): give --internal-token`);
}

const fellBack: Check = {
  title: 'a recording that was begun in chunks can go on as one file',
  async run(context) {
    const sample = sampleFor(context.found.provider);
    const { token, session } = await chunkedSession(context, sample, 'voice');
    const [first] = session.upload.urls;
    if (first === undefined) throw new CheckFailed('create gave no URL');
    const none = () => Promise.reject(new CheckFailed('its URL was no longer good'));
    const chunk = sample.bytes.subarray(0, sample.bytes.length / 2);
    await putObject(chunk, first, none, { patience: systemPatience(NETWORK_MS) });
    const urls = await context.deployment.api(token).fallback(session.sessionId, 'acceptance');
    demand(urls.length === 1, `POST fallback: ${urls.length} URLs for one file`);
    await sendAndFollow({ context, token, sample, session }, urls);
    return undefined;
  },
};

const wrongChecksum: Check = {
  title: 'a chunk with a wrong checksum is refused, and one that is missing is asked for',
  async run(context) {
    const { deployment } = context;
    const token = deployment.tokens.user;
    const api = deployment.api(token);
    const sample = sampleFor(context.found.provider);
    const { sessionId, upload } = await create(context, token, requestFor(sample, 'voice'));
    const { bytes } = sample;
    const [url] = upload.urls;
    if (url === undefined) throw new CheckFailed('create gave no URL');
    const described = { index: 0, bytes: bytes.length, sha256: sha256(bytes) };
    const rest = { durationMs: sample.durationMs, stoppedAt: new Date().toISOString() };

    await refusedWith('chunks_missing', 409, () => api.complete(sessionId, { chunks: [described], ...rest }));
    const fresh = async () => (await api.presign(sessionId, '0'))[0] ?? url;
    await putObject(bytes, url, fresh, { patience: systemPatience(NETWORK_MS) });
    const wrong = { ...described, sha256: sha256(Buffer.from('something else')) };
    await refusedWith('chunk_mismatch', 422, () => api.acknowledge(sessionId, wrong));
    return undefined;
  },
};

async function refusedWith(code: string, status: number, call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    demand(
      error.code === code && error.status === status,
      `${error.status} ${error.code}, where ${status} ${code} is due`,
    );
    return;
  }
  throw new CheckFailed(`it was taken, where ${status} ${code} is due`);
}

const createdOnce: Check = {
  title: 'a create that is sent again finds the session of the first',
  async run(context) {
    const { user } = context.deployment.tokens;
    const request = requestFor(sampleFor(context.found.provider), 'voice');
    const key = randomUUID();
    const first = await create(context, user, request, key);
    const second = await create(context, user, request, key);
    demand(first.sessionId === second.sessionId, 'the same Idempotency-Key gave two sessions');
    return undefined;
  },
};

const statusDocument: Check = {
  title: 'the status has an ETag, and nothing is sent twice; what is done cannot be retried',
  async run(context) {
    const { sessionId, token } = finished(context);
    const path = `/audio/session/${sessionId}/status`;
    const first = await context.deployment.ask('GET', path, { token });
    const etag = first.headers.get('etag');
    demand(first.status === 200 && etag !== null, `GET status: ${first.status}, ETag ${etag}`);
    const headers = { 'if-none-match': etag };
    const second = await context.deployment.ask('GET', path, { token, headers });
    demand(second.status === 304, `GET status with that ETag: ${second.status}, where 304 is due`);
    await refusedWith('not_retriable', 409, () => context.deployment.api(token).retry(sessionId));
    return undefined;
  },
};

const named = (kind: Kind) => (kind === 'voice' ? 'a recording' : 'a recording with a picture');
const providerOf = ({ found }: Context) => `${found.provider ?? 'no'} provider`;

export const recordings: readonly Check[] = [
  inChunks('voice'),
  inChunks('voice-with-images'),
  asOneFile('voice'),
  asOneFile('voice-with-images'),
  fellBack,
  createdOnce,
  wrongChecksum,
  statusDocument,
];
