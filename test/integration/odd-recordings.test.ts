/** Recordings that nobody ordered: bad meters, odd sound, answers that cannot be right, chunks late or never. */
import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { dtmfSamples, mulberry32, numberedWords } from '../../src/ai/sandbox/dtmf/encode.ts';
import { type AnswerChanger, type Heard, startAnswerChanger } from '../support/answer-changer.ts';
import { startApplication, type TestApplication } from '../support/application.ts';
import { eventually } from '../support/eventually.ts';
import { filesUnder } from '../support/files-under.ts';
import { httpClient } from '../support/http-client.ts';
import { sessionEvents } from '../support/session-events.ts';
import { chunksOfSound, RATE, type SpokenChunk, spoken } from '../support/spoken-chunks.ts';

let provider: AnswerChanger;
let application: TestApplication;
let me: ReturnType<typeof httpClient>;
let database: pg.Pool;

beforeAll(async () => {
  provider = await startAnswerChanger();
  application = await startApplication({ OPENAI_BASE_URL: provider.url, PROVIDER_HEDGING: 'off' });
  provider.to(application.sandboxUrl);
  me = httpClient(application.url, await application.token('me'));
  database = new pg.Pool({ connectionString: application.connectionString, max: 2 });
}, 300_000);
afterAll(async () => {
  await database?.end();
  await application?.stop();
  await provider?.stop();
});
afterEach(() => provider.change());

const STREAM = { segmenting: { mode: 'stream', seconds: 5 } };
const begin = async (): Promise<string> => (await me.create(STREAM)).body.sessionId;

async function put(id: string, index: number, { bytes }: SpokenChunk) {
  const { body } = await me.request('GET', `/audio/session/${id}/presign?chunks=${index}`);
  return me.put(body.urls[0], bytes);
}

async function send(id: string, index: number, chunk: SpokenChunk | undefined): Promise<void> {
  if (chunk === undefined) throw new RangeError(`no chunk ${index}`);
  const { bytes, ...details } = chunk;
  await put(id, index, chunk);
  const { status, body } = await me.acknowledge(id, index, bytes, details);
  if (status !== 200) throw new Error(JSON.stringify(body));
}

async function sendAll(id: string, chunks: readonly SpokenChunk[]): Promise<void> {
  for (const [index, chunk] of chunks.entries()) await send(id, index, chunk);
}

const stop = (id: string, chunks: readonly SpokenChunk[], durationMs = chunks.at(-1)?.endMs ?? 5_000) =>
  me.complete(
    id,
    chunks.map(({ bytes }) => bytes),
    { durationMs },
  );

/** All of it, as fast as it goes; gives the status at the end. */
async function record(chunks: readonly SpokenChunk[], durationMs?: number) {
  const id = await begin();
  await sendAll(id, chunks);
  expect((await stop(id, chunks, durationMs)).status).toBe(202);
  return me.statusWhen(id, me.ended, 60_000);
}

const eventsOf = (id: string) => sessionEvents(application, id);
const windowsOf = async (id: string) =>
  (await eventsOf(id)).filter(({ type }) => type === 'WindowTranscribed').map(({ data }) => data);
const withLevels = (chunks: readonly SpokenChunk[], levels: (given: readonly number[]) => number[]) =>
  chunks.map((chunk) => ({ ...chunk, levels: levels(chunk.levels ?? []) }));
/** Chunks as the levels of the whole recording would be, moved by so many tenths. */
const movedBy = (tenths: number, chunks: readonly SpokenChunk[]) => {
  const all = chunks.flatMap(({ levels = [] }) => levels);
  let at = 0;
  return withLevels(chunks, (given) => given.map(() => all.at((at++ - tenths) % all.length) ?? 0));
};
const timed = (chunks: readonly SpokenChunk[], factor: number) =>
  chunks.map(({ startMs = 0, endMs = 0, levels = [], ...chunk }) => ({
    ...chunk,
    startMs: startMs * factor,
    endMs: endMs * factor,
    levels: Array.from(
      { length: Math.round(levels.length * factor) },
      (_, tenth) => levels[Math.min(levels.length - 1, Math.floor(tenth / factor))] ?? 0,
    ),
  }));

const WORDS = numberedWords(90, 100);
/** Pauses long enough that what is silent in them is not sent. */
const SPEECH = spoken(WORDS, { pauseEvery: 9, pauseSeconds: 3 });
const random = mulberry32(7);
/** A quiet room; of long ones the first ten seconds again and again. */
function noise(seconds: number): Float32Array {
  const samples = new Float32Array(seconds * RATE);
  const first = samples.subarray(0, 10 * RATE);
  for (let i = 0; i < first.length; i += 1) first[i] = (random() * 2 - 1) * 0.001;
  for (let at = first.length; at < samples.length; at += first.length)
    samples.set(first.subarray(0, samples.length - at), at);
  return samples;
}

/** The provider answers when it is told to. */
function holdAnswers() {
  const { promise, resolve: release } = Promise.withResolvers<void>();
  provider.change(async (hear) => {
    const heard = await hear();
    await promise;
    return heard;
  });
  return { release };
}

/** Nothing of it is due or under way. */
async function quiet(id: string): Promise<void> {
  await eventually(async () => {
    const { rows } = await database.query(
      'select key from graphile_worker._private_jobs where key like $1 and run_at <= now()',
      [`${id}/%`],
    );
    expect(rows).toEqual([]);
  }, 20_000);
}

async function filesOf(id: string): Promise<string[]> {
  const files = await filesUnder(`${application.dataDir}/objects`);
  return files.filter((path) => path.includes(id)).map((path) => basename(path));
}

describe('levels', () => {
  const whole = { state: 'completed', transcript: { text: WORDS.join(' ') }, coverage: { gaps: [] } };
  it.each<[string, readonly SpokenChunk[]]>([
    ['are missing', SPEECH.map(({ levels: _levels, ...chunk }) => chunk)],
    ['are missing, and times too,', SPEECH.map(({ bytes }) => ({ bytes }))],
    ['are all −100 dBFS', withLevels(SPEECH, (given) => given.map(() => -100))],
    ['are all −10 dBFS', withLevels(SPEECH, (given) => given.map(() => -10))],
    ['are random', withLevels(SPEECH, (given) => given.map(() => -60 + 50 * random()))],
    ['are two seconds late', movedBy(20, SPEECH)],
    ['are two seconds early', movedBy(-20, SPEECH)],
    ['are too few', withLevels(SPEECH, (given) => given.slice(0, 31))],
    ['are too many', withLevels(SPEECH, (given) => [...given, ...given])],
  ])('that %s lose no word', async (_, chunks) => {
    expect(await record(chunks)).toMatchObject(whole);
  });

  it('that are right cost no request beyond the windows', async () => {
    const { sessionId, ...done } = await record(SPEECH);
    expect(done).toMatchObject(whole);
    expect(provider.asked).toBe((await windowsOf(sessionId)).length);
  });

  describe('and times that run at', () => {
    const words = numberedWords(420, 100);
    const samples = dtmfSamples(words, { rate: RATE, pauseEvery: 11, pauseSeconds: 2.5 });
    const chunks = chunksOfSound(samples, 10_000);
    it.each([0.99, 1.01])(
      '%d of the sound lose no word of five minutes',
      async (factor) => {
        const done = await record(timed(chunks, factor));
        expect(done.state).toBe('completed');
        expect(done.transcript.text.split(' ')).toEqual(words);
      },
      60_000,
    );
  });

  it('and times of a clock that is a day off cost no more than the sound has', async () => {
    const far = SPEECH.map((chunk, index) => (index < 3 ? chunk : { ...chunk, startMs: 3e7, endMs: 8e7 }));
    const done = await record(far, 72_000);
    expect(provider.asked).toBeLessThan(20);
    expect(done.transcript.text).toBe(WORDS.join(' '));
  });
});

describe('sound', () => {
  it('without any pause is heard whole', async () => {
    const words = numberedWords(120, 300);
    expect((await record(spoken(words))).transcript.text).toBe(words.join(' '));
  });

  it('of music gives an empty transcript that says so, after three tries a window at most', async () => {
    provider.change(async () => ({ text: '', words: [], language: 'nynorsk', duration: 1 }));
    const music = Float32Array.from({ length: 60 * RATE }, (_, i) => {
      const beat = 0.02 + 0.25 * Math.exp(-((i / RATE) % 2) * 5);
      return beat * [262, 330, 392].reduce((sum, hz) => sum + Math.sin((2 * Math.PI * hz * i) / RATE) / 3, 0);
    });
    const id = await begin();
    const chunks = chunksOfSound(music);
    await sendAll(id, chunks);
    await stop(id, chunks);
    const done = await me.statusWhen(id, me.ended);
    expect(done).toMatchObject({
      state: 'completed',
      transcript: { text: '' },
      coverage: { gaps: [{ reason: 'no_words' }] },
    });
    expect(done).not.toHaveProperty('entry');
    expect(provider.asked).toBeLessThanOrEqual(3 * (await windowsOf(id)).length);
  });

  it('of ten minutes of silence is sent nobody once the meter is believed', async () => {
    const sound = noise(600);
    const words = numberedWords(9, 100);
    sound.set(dtmfSamples(words, { rate: RATE }), RATE);
    const done = await record(chunksOfSound(sound, 20_000));
    expect(done).toMatchObject({
      state: 'completed',
      transcript: { text: words.join(' ') },
      coverage: { transcribedMs: 600_000, gaps: [] },
    });
    expect(provider.asked).toBe(1);
  }, 60_000);

  it('of nothing but silence is heard once, and the session completes without an entry', async () => {
    const done = await record(chunksOfSound(noise(90)));
    expect(done).toMatchObject({ state: 'completed', transcript: { text: '' }, coverage: { gaps: [] } });
    expect(done).not.toHaveProperty('entry');
    expect(provider.asked).toBeLessThanOrEqual(7);
  });

  it('of a single word is that word', async () => {
    expect((await record(spoken(['042']))).transcript.text).toBe('042');
  });

  it.each([0.3, 0.09, 0.02])('of %d s completes with nothing said', async (seconds) => {
    const done = await record(chunksOfSound(noise(seconds)));
    expect(done).toMatchObject({ state: 'completed', transcript: { text: '' }, coverage: { gaps: [] } });
  });
});

describe('an answer', () => {
  it('in another language half-way is stitched as it is; the transcript’s language is the one most is said in', async () => {
    provider.change(async (hear) => {
      const heard = await hear();
      return Number(heard.words[0]?.word) < 130 ? { ...heard, language: 'german' } : heard;
    });
    expect((await record(SPEECH)).transcript).toEqual({ text: WORDS.join(' '), language: 'en' });
  });

  it('that refuses one window leaves a gap there, told in the status, and the rest whole', async () => {
    provider.change(async (hear) => {
      const heard = await hear();
      return heard.text.includes('140') ? 400 : heard;
    });
    const done = await record(SPEECH);
    const lost = WORDS.filter((word) => !done.transcript.text.includes(word));
    expect(done).toMatchObject({ state: 'completed', coverage: { gaps: [{ reason: 'refused' }] } });
    expect(done.coverage.gaps).toHaveLength(1);
    // The phrase around it: what its window's neighbours did not hear.
    expect(lost).toEqual(numberedWords(9, 136));
    expect(done.coverage.transcribedMs).toBeGreaterThan(60_000);
  });

  it('with another window’s text is asked for again', async () => {
    let before: Heard | undefined;
    let wrong = 0;
    provider.change(async (hear) => {
      const heard = await hear();
      if (before !== undefined && wrong === 0 && heard.text.includes('140')) {
        wrong += 1;
        return before;
      }
      before = heard;
      return heard;
    });
    const id = await begin();
    for (const [index, chunk] of SPEECH.entries()) {
      await send(id, index, chunk);
      await quiet(id);
    }
    await stop(id, SPEECH);
    const done = await me.statusWhen(id, me.ended);
    expect(wrong).toBe(1);
    expect(done).toMatchObject({ transcript: { text: WORDS.join(' ') }, coverage: { gaps: [] } });
  });
});

describe('chunks', () => {
  it('that come in disorder and twice while recording are heard once, in order', async () => {
    const id = await begin();
    const last = SPEECH.length - 1;
    for (let index = 0; index <= last; index += 1) {
      const swapped = index % 2 === 0 ? Math.min(index + 1, last) : index - 1;
      await send(id, swapped, SPEECH[swapped]);
      const { bytes, ...details } = SPEECH[swapped] ?? { bytes: new Uint8Array() };
      expect((await me.acknowledge(id, swapped, bytes, details)).status).toBe(200);
    }
    await stop(id, SPEECH);
    const done = await me.statusWhen(id, me.ended);
    expect(done.transcript.text).toBe(WORDS.join(' '));
    const windows = await windowsOf(id);
    expect(windows.map(({ window }) => window).sort((a, b) => a - b)).toEqual([...windows.keys()]);
  });

  it('that are missing at the end are named, and once they are there all is heard', async () => {
    const id = await begin();
    for (const [index, chunk] of SPEECH.entries()) if (index !== 4) await send(id, index, chunk);
    expect(await stop(id, SPEECH)).toMatchObject({
      status: 409,
      body: { code: 'chunks_missing', missing: [4] },
    });
    await send(id, 4, SPEECH[4]);
    expect((await stop(id, SPEECH)).status).toBe(202);
    const done = await me.statusWhen(id, me.ended);
    expect(done).toMatchObject({ transcript: { text: WORDS.join(' ') }, coverage: { gaps: [] } });
  });

  it('that were acknowledged are not replaced by others, before or after they were heard', async () => {
    const id = await begin();
    const other = spoken(numberedWords(90, 500), { pauseEvery: 9, pauseSeconds: 3 });
    const replaces = async (index: number) => {
      const chunk = other[index];
      if (chunk === undefined) throw new RangeError();
      const stored = (await put(id, index, chunk)).status;
      const { status, body } = await me.acknowledge(id, index, chunk.bytes, { startMs: chunk.startMs });
      return [stored, status, body.code];
    };
    await send(id, 0, SPEECH[0]);
    expect(await replaces(0)).toEqual([412, 422, 'chunk_mismatch']);
    for (const [index, chunk] of SPEECH.entries()) if (index > 0) await send(id, index, chunk);
    await me.statusWhen(id, (status) => status.partialTranscript !== undefined);
    expect(await replaces(0)).toEqual([412, 422, 'chunk_mismatch']);
    expect((await stop(id, other)).body).toMatchObject({ code: 'chunk_mismatch' });
    await stop(id, SPEECH);
    expect((await me.statusWhen(id, me.ended)).transcript.text).toBe(WORDS.join(' '));
  });

  it('whose upload was given up for the whole file are forgotten, and what runs of them ends quietly', async () => {
    const held = holdAnswers();
    const id = await begin();
    await sendAll(id, SPEECH.slice(0, 6));
    await eventually(() => expect(provider.asked).toBeGreaterThan(0));
    const { body } = await me.request('POST', `/audio/session/${id}/fallback`, { reason: 'chunks_failed' });
    const words = numberedWords(20, 700);
    const [whole] = chunksOfSound(dtmfSamples(words, { rate: RATE }), 60_000);
    if (whole === undefined) throw new RangeError();
    await me.put(body.urls[0], whole.bytes);
    held.release();
    await stop(id, [whole]);
    const done = await me.statusWhen(id, me.ended);
    expect(done).toMatchObject({ state: 'completed', transcript: { text: words.join(' ') } });
    await quiet(id);
    const types = (await eventsOf(id)).map(({ type }) => type);
    for (const type of ['WindowTranscribed', 'StepAttemptFailed', 'StepFailed'])
      expect(types).not.toContain(type);
  });

  it('of a session that is erased while a window is heard leave no text, no event, no object', async () => {
    const held = holdAnswers();
    const id = await begin();
    await sendAll(id, SPEECH.slice(0, 6));
    await eventually(() => expect(provider.asked).toBeGreaterThan(0));
    expect((await me.request('DELETE', `/audio/session/${id}`)).status).toBe(204);
    await eventually(async () => expect(await filesOf(id)).toEqual([]));
    held.release();
    await quiet(id);
    expect((await eventsOf(id)).at(-1)?.type).toBe('SessionErased');
    expect(await filesOf(id)).toEqual([]);
  });
});

describe('a recording that goes quiet', () => {
  let idle: TestApplication;
  let before: typeof me;
  beforeAll(async () => {
    idle = await startApplication({ OPENAI_BASE_URL: provider.url, SESSION_IDLE_SECONDS: '5' });
    before = me;
    me = httpClient(idle.url, await idle.token('me'));
  }, 60_000);
  afterAll(async () => {
    me = before;
    await idle?.stop();
  });

  it('is heard up to a chunk that never came; what came behind it is told as a gap', async () => {
    const id = await begin();
    // The chunk that makes a window due comes last.
    for (const index of [5, 6, 7, 8, 0, 1, 3, 2]) await send(id, index, SPEECH[index]);
    const done = await me.statusWhen(id, me.ended);
    expect(done).toMatchObject({
      state: 'completed',
      transcript: { text: numberedWords(27, 100).join(' ') },
      coverage: { capturedMs: 45_000, storedMs: 20_000, transcribedMs: 20_000 },
    });
    expect(done.coverage.gaps).toEqual([{ startMs: 20_000, endMs: 45_000, reason: 'not_stored' }]);
  }, 60_000);

  it('is an entry of what came, until its client is back: what it brings is added, and all of it is heard once', async () => {
    const id = await begin();
    for (const index of [0, 1, 2, 3, 5]) await send(id, index, SPEECH[index]);
    const sealed = await me.statusWhen(id, me.ended);
    expect(sealed).toMatchObject({ state: 'completed', sealedBy: 'server', coverage: { storedMs: 20_000 } });
    const heardBefore = (await windowsOf(id)).length;
    for (const index of SPEECH.keys()) if (index > 3 && index !== 5) await send(id, index, SPEECH[index]);
    expect((await me.status(id)).body).toMatchObject({ state: 'recording' });
    expect((await stop(id, SPEECH)).status).toBe(202);
    const whole = await me.statusWhen(id, me.ended, 60_000);
    expect(whole).toMatchObject({
      state: 'completed',
      sealedBy: 'client',
      transcript: { text: WORDS.join(' ') },
      coverage: { gaps: [] },
    });
    // What stood of the first windows was not asked for again.
    const heard = (await windowsOf(id)).map(({ window }) => window);
    expect(heard.slice(heardBefore)).not.toContain(0);
    const { body } = await me.request('GET', `/entries/${id}`);
    expect(body.transcript).toBe(WORDS.join(' '));
    expect(
      (await me.request('GET', '/entries')).body.entries.filter((entry: any) => entry.id === id),
    ).toHaveLength(1);
  }, 120_000);

  it('can go quiet again after its client was back', async () => {
    const id = await begin();
    await send(id, 0, SPEECH[0]);
    await me.statusWhen(id, ({ sealedBy }) => sealedBy === 'server');
    await send(id, 1, SPEECH[1]);
    const again = await me.statusWhen(
      id,
      ({ state, coverage }) => state === 'completed' && coverage?.storedMs === 10_000,
    );
    expect(again.coverage.gaps).toEqual([]);
  }, 60_000);

  // The deadline that was set at `create` is passed too early, and nothing sets it again until a window is heard.
  it('is sealed also when nothing but a chunk came since its deadline was set', async () => {
    const id = await begin();
    await delay(1_500);
    await send(id, 0, SPEECH[0]);
    expect((await me.statusWhen(id, me.ended, 10_000)).state).toBe('completed');
  });
});
