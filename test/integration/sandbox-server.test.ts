/** The sandbox provider as a process, spoken to by OpenAI's own client. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import OpenAI, { APIConnectionError, APIError, toFile } from 'openai';
import sharp from 'sharp';
import { dtmfSamples, numberedWords } from '../../src/ai/sandbox/dtmf/encode.ts';
import { type Sandbox, startSandbox } from '../../src/ai/sandbox/launch.ts';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';
import { eventually } from '../support/eventually.ts';

const RATE = 16_000;
const words = numberedWords(24, 130);
const recording = wavBytes(dtmfSamples(words, { pauseEvery: 12 }), RATE);
const tenMinutes = () => wavBytes(dtmfSamples(numberedWords(1_200)), RATE);
const wav = (bytes: Uint8Array = recording) => toFile(bytes, 'recording.wav', { type: 'audio/wav' });

let sandbox: Sandbox;
let client: OpenAI;

beforeAll(async () => {
  sandbox = await startSandbox({ recogniser: 'none' });
  client = connect();
});
afterAll(() => sandbox?.stop());
afterEach(() => setFault({ mode: 'none' }));

function connect(apiKey = 'sk-test'): OpenAI {
  return new OpenAI({
    apiKey,
    baseURL: `${sandbox.url}/v1`,
    maxRetries: 0,
    timeout: 20_000,
    logLevel: 'off',
  });
}

async function control(path: string, body?: object): Promise<{ status: number; json: any }> {
  const response = await fetch(`${sandbox.url}/sandbox/${path}`, {
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(5_000),
  });
  return { status: response.status, json: await response.json() };
}
async function setFault(fault: object): Promise<void> {
  const { status, json } = await control('faults', fault);
  if (status !== 200) throw new Error(JSON.stringify(json));
}
const transcriptionCalls = async () =>
  (await control('stats')).json.requests['/v1/audio/transcriptions'] ?? {};

async function refused(call: Promise<unknown>): Promise<APIError> {
  const error = await call.then(
    () => new Error('it was not refused'),
    (reason) => reason,
  );
  if (error instanceof APIError) return error;
  throw error;
}

const transcribe = async (bytes: Uint8Array, model = 'whisper-1') =>
  client.audio.transcriptions.create({ file: await wav(bytes), model });
const ask = (fields: Partial<OpenAI.ChatCompletionCreateParamsNonStreaming>) =>
  client.chat.completions.create({ model: 'gpt-4o-mini', messages: [], ...fields });
const user = (content: OpenAI.ChatCompletionUserMessageParam['content']) => [
  { role: 'user' as const, content },
];
const schema = (name: string, properties: Record<string, object>) => ({
  type: 'json_schema' as const,
  json_schema: {
    name,
    strict: true,
    schema: { type: 'object', properties, required: Object.keys(properties), additionalProperties: false },
  },
});
const text = { type: 'string' };

describe('transcriptions', () => {
  it('of whisper-1 have text, words with their times, segments, length and usage', async () => {
    const { data, response } = await client.audio.transcriptions
      .create({
        file: await wav(),
        model: 'whisper-1',
        response_format: 'verbose_json',
        timestamp_granularities: ['word', 'segment'],
        prompt: 'numbers',
        language: 'en',
      })
      .withResponse();
    expect(data.text).toBe(words.join(' '));
    expect(data.words?.map(({ word }) => word)).toEqual(words);
    expect(data.words?.[1]?.start).toBeCloseTo(0.5, 1);
    expect(data.words?.[12]?.start).toBeCloseTo(7.2, 1);
    expect(data.segments?.map((segment) => [segment.id, segment.text.trim()])).toEqual([
      [0, words.slice(0, 12).join(' ')],
      [1, words.slice(12).join(' ')],
    ]);
    expect(data).toMatchObject({ duration: 13.2, language: 'english', provider: 'sandbox' });
    expect(data.usage).toEqual({ type: 'duration', seconds: 14 });
    expect(response.headers.get('x-provider')).toBe('sandbox');
  });

  it('of whisper-1 have only what was asked for', async () => {
    const file = await wav();
    const verbose = { file, model: 'whisper-1', response_format: 'verbose_json' as const };
    const plain = await client.audio.transcriptions.create(verbose);
    expect([plain.words, plain.segments?.length]).toEqual([undefined, 2]);
    const timed = await client.audio.transcriptions.create({ ...verbose, timestamp_granularities: ['word'] });
    expect([timed.words?.length, timed.segments]).toEqual([24, undefined]);
    expect(
      await client.audio.transcriptions.create({ file, model: 'whisper-1', response_format: 'text' }),
    ).toBe(`${words.join(' ')}\n`);
  });

  it('of gpt-4o-mini-transcribe have text and tokens, and no times', async () => {
    const heard = await transcribe(recording, 'gpt-4o-mini-transcribe');
    expect(heard).toMatchObject({ text: words.join(' '), usage: { type: 'tokens', input_tokens: 132 } });
    const verbose = client.audio.transcriptions.create({
      file: await wav(),
      model: 'gpt-4o-transcribe',
      response_format: 'verbose_json' as 'json',
    });
    expect(await refused(verbose)).toMatchObject({ status: 400, param: 'response_format' });
  });

  it.each([
    [
      'no sound file',
      Buffer.from('this is not a recording'),
      { status: 400, message: /Invalid file format/ },
    ],
    ['a broken one', Buffer.from('RIFF\x10\0\0\0WAVEfmt ', 'latin1'), { status: 400, code: 'invalid_value' }],
    ['nothing', Buffer.alloc(0), { status: 400, code: 'audio_too_short' }],
    ['a header only', wavBytes(new Float32Array(), RATE), { status: 400, code: 'audio_too_short' }],
    ['50 ms', wavBytes(new Float32Array(800), RATE), { status: 400, code: 'audio_too_short' }],
    ['more than 25 MB', Buffer.alloc(26_214_401), { status: 413, message: /26214400/ }],
    ['much more than 25 MB', Buffer.alloc(40_000_000), { status: 413, message: /26214400/ }],
  ])('of %s are refused', async (_, bytes, { message = /./, ...expected }: any) => {
    const error = await refused(transcribe(bytes));
    expect(error).toMatchObject(expected);
    expect(error.message).toMatch(message);
  });

  it('by a model that does not exist are refused', async () => {
    expect(await refused(transcribe(recording, 'whisper-9'))).toMatchObject({
      status: 404,
      code: 'model_not_found',
    });
  });

  it('of speech that cannot be read say so, and of silence are empty', async () => {
    const voice = Float32Array.from({ length: 4 * RATE }, (_, i) => {
      const t = i / RATE;
      return t < 1 || t > 3 ? 0 : 0.2 * Math.sin(2 * Math.PI * 140 * t) * (1 + Math.sin(2 * Math.PI * 4 * t));
    });
    expect((await transcribe(wavBytes(voice, RATE))).text).toMatch(
      /^\[speech, [12]\.\d s: set OPENAI_API_KEY, or install pocketsphinx, to read it\]$/,
    );
    expect((await transcribe(wavBytes(new Float32Array(RATE), RATE))).text).toBe('');
  });

  it('do not keep others waiting: chat is answered while ten minutes are decoded', async () => {
    let decoded = false;
    const transcription = transcribe(tenMinutes()).then((heard) => {
      decoded = true;
      return heard;
    });
    await eventually(async () => expect((await control('stats')).json.underWay).toBeGreaterThan(0));
    let answered = 0;
    while (!decoded) {
      await ask({ messages: user('hello') });
      if (!decoded) answered++;
    }
    expect((await transcription).text.split(' ')).toHaveLength(1_200);
    expect(answered).toBeGreaterThan(3);
  });

  it('that are given up are counted as such, and what comes next is answered', async () => {
    const before = (await transcriptionCalls()).cut ?? 0;
    const controller = new AbortController();
    const given = client.audio.transcriptions.create(
      { file: await wav(tenMinutes()), model: 'whisper-1' },
      { signal: controller.signal },
    );
    const ended = expect(given).rejects.toThrow('aborted');
    await eventually(async () => expect((await control('stats')).json.underWay).toBeGreaterThan(0));
    controller.abort();
    await ended;
    await eventually(async () => expect((await control('stats')).json.underWay).toBe(0));
    expect((await transcriptionCalls()).cut).toBe(before + 1);
    expect((await transcribe(recording)).text).toBe(words.join(' '));
  });
});

describe('chat', () => {
  it('writes an entry of what was said, by the schema that was sent', async () => {
    const transcript = 'today I walked to the river and the heron was there';
    const answer = await ask({
      messages: user(JSON.stringify({ transcript, imageDescriptions: ['A grey heron.'] })),
      response_format: schema('entry', { title: text, text }),
    });
    expect(JSON.parse(answer.choices[0]?.message.content ?? '')).toEqual({
      title: 'Today I walked to the river',
      text: 'Today I walked to the river and the heron was there. A grey heron.',
    });
    expect(answer).toMatchObject({ object: 'chat.completion', model: 'gpt-4o-mini', provider: 'sandbox' });
    expect(answer.usage?.total_tokens).toBeGreaterThan(20);
  });

  it('names an emotion of the list that was sent, and answers with feedback', async () => {
    const messages = user('I was so worried');
    const emotion = await ask({
      messages,
      response_format: schema('emotion', { emotion: { ...text, enum: ['joy', 'worry'] }, intensity: {} }),
    });
    expect(JSON.parse(emotion.choices[0]?.message.content ?? '')).toEqual({
      emotion: 'worry',
      intensity: 0.5,
    });
    const feedback = await ask({ messages, response_format: schema('feedback', { feedback: text }) });
    expect(feedback.choices[0]?.message.content).toContain('I was so worried');
  });

  it('looks at a picture', async () => {
    const jpeg = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#1838d0' } })
      .jpeg()
      .toBuffer();
    const see = (url: string) =>
      ask({
        messages: user([{ type: 'image_url', image_url: { url } }]),
        response_format: schema('image_description', { description: text }),
      });
    const answer = await see(`data:image/jpeg;base64,${jpeg.toString('base64')}`);
    expect(JSON.parse(answer.choices[0]?.message.content ?? '')).toEqual({
      description: 'A medium bright, mostly blue picture of 64 by 48 pixels.',
    });
    expect(await refused(see('https://example.com/a.jpg'))).toMatchObject({ code: 'invalid_image_url' });
    expect(await refused(see(`data:image/png;base64,${Buffer.from('no').toString('base64')}`))).toMatchObject(
      {
        status: 400,
        code: 'invalid_image_format',
      },
    );
  });

  it('streams the same that it would say at once', async () => {
    const said = { messages: user('开心的一天，我们去了公园 and it was good'), model: 'gpt-4o-mini' };
    const whole = (await ask(said)).choices[0]?.message.content;
    const stream = await client.chat.completions.create({
      ...said,
      stream: true,
      stream_options: { include_usage: true },
    });
    const pieces: string[] = [];
    let tokens = 0;
    let finish: string | null = null;
    for await (const chunk of stream) {
      pieces.push(chunk.choices[0]?.delta.content ?? '');
      finish = chunk.choices[0]?.finish_reason ?? finish;
      tokens = chunk.usage?.total_tokens ?? tokens;
    }
    expect(pieces.join('')).toBe(whole);
    expect(pieces.length).toBeGreaterThan(3);
    expect(finish).toBe('stop');
    expect(tokens).toBeGreaterThan(0);
  });

  it('refuses what it cannot answer, and names the field', async () => {
    expect(await refused(ask({ messages: [] }))).toMatchObject({ status: 400, param: 'messages' });
    expect(
      await refused(ask({ messages: user('hi'), response_format: schema('poem', { poem: text }) })),
    ).toMatchObject({ status: 400, param: 'response_format' });
    const { name } = schema('entry', {}).json_schema;
    const loose = {
      type: 'json_schema' as const,
      json_schema: { name, strict: true, schema: { type: 'object', properties: { title: text } } },
    };
    expect((await refused(ask({ messages: user('hi'), response_format: loose }))).message).toContain(
      'additionalProperties',
    );
  });
});

describe('the door', () => {
  it('knows a wrong key and a missing one', async () => {
    const call = connect('sk-invalid').chat.completions.create({ model: 'm', messages: user('hi') });
    expect(await refused(call)).toMatchObject({ status: 401, code: 'invalid_api_key' });
    const response = await fetch(`${sandbox.url}/v1/chat/completions`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(401);
    expect(await response.json()).toEqual({
      error: {
        message: "You didn't provide an API key.",
        type: 'invalid_request_error',
        param: null,
        code: null,
      },
      provider: 'sandbox',
    });
  });

  it('knows no other address, and says who answers', async () => {
    expect(await refused(client.models.list().then(() => undefined))).toMatchObject({ status: 404 });
  });
});

describe('faults on demand', () => {
  const hi = () => ask({ messages: user('hi') });

  it('are a status with its Retry-After, for so many calls, of one path', async () => {
    await setFault({ mode: 'status', status: 429, retryAfter: 1.5, path: 'chat', count: 2 });
    expect((await transcribe(recording)).text).toBe(words.join(' '));
    for (let call = 0; call < 2; call++) {
      const error = await refused(hi());
      expect(error).toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
      expect(error.headers?.get('retry-after')).toBe('2');
      expect(error.headers?.get('retry-after-ms')).toBe('1500');
    }
    expect((await hi()).choices[0]?.message.content).toBe('Hi.');
    expect((await control('faults')).json).toMatchObject({ mode: 'status', left: 0, provider: 'sandbox' });
  });

  it('are a 503 also for a body that is not read', async () => {
    await setFault({ mode: 'status', status: 503 });
    expect(await refused(transcribe(Buffer.alloc(20_000_000)))).toMatchObject({ status: 503 });
  });

  it('are a connection that breaks in the middle of the answer', async () => {
    await setFault({ mode: 'cut', path: 'transcriptions' });
    const before = (await transcriptionCalls()).cut ?? 0;
    await expect(transcribe(recording)).rejects.toThrow(/terminated|Premature|other side closed/);
    await eventually(async () => expect((await transcriptionCalls()).cut).toBe(before + 1));
  });

  it('are an answer that never comes', async () => {
    await setFault({ mode: 'timeout', count: 1 });
    const call = client.chat.completions.create({ model: 'm', messages: user('hi') }, { timeout: 200 });
    await expect(call).rejects.toBeInstanceOf(APIConnectionError);
    expect((await hi()).choices).toHaveLength(1);
  });

  it('are the right answer, late', async () => {
    await setFault({ mode: 'slow', delayMs: 250, count: 1 });
    const started = performance.now();
    expect((await hi()).choices).toHaveLength(1);
    expect(performance.now() - started).toBeGreaterThan(240);
  });

  it('are an answer that is no JSON, or not the one that was asked for', async () => {
    await setFault({ mode: 'bad-json' });
    await expect(hi()).rejects.toBeInstanceOf(SyntaxError);
    await setFault({ mode: 'wrong-schema' });
    expect((await hi()).choices[0]?.message.content).toBe('{"wrong": true}');
    expect(await transcribe(recording)).toEqual({ wrong: true, provider: 'sandbox' });
  });

  it('that make no sense are refused, and nothing changes', async () => {
    const { status, json } = await control('faults', { mode: 'status', status: 200 });
    expect([status, json.error.param]).toEqual([400, 'status']);
    expect((await control('faults')).json.mode).toBe('none');
  });
});

it('what was asked of it can be counted', async () => {
  const before = await transcriptionCalls();
  await transcribe(recording);
  await refused(transcribe(Buffer.from('no sound')));
  const after = await transcriptionCalls();
  expect(after['200'] - (before['200'] ?? 0)).toBe(1);
  expect(after['400'] - (before['400'] ?? 0)).toBe(1);
});
