/** Stands between the application and its provider, and changes what that one heard: a test says how. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Heard = {
  readonly text: string;
  readonly language: string;
  /** Seconds of the sound that was sent. */
  readonly duration: number;
  readonly words: readonly { readonly word: string; readonly start: number; readonly end: number }[];
};

/** What is answered instead: another hearing, or the status of a refusal. It may take its time, or ask nobody. */
type Change = (hear: () => Promise<Heard>) => Promise<Heard | number>;

export type AnswerChanger = {
  /** With the version path, as OPENAI_BASE_URL. */
  readonly url: string;
  /** To whom calls are passed on: `http://127.0.0.1:4010`. */
  to(providerUrl: string): void;
  /** From now on; nothing is changed without. */
  change(how?: Change): void;
  /** Transcriptions that were asked for since the last `change`. */
  readonly asked: number;
  stop(): Promise<void>;
};

const TRANSCRIPTIONS = '/v1/audio/transcriptions';

export async function startAnswerChanger(): Promise<AnswerChanger> {
  let provider = '';
  let change: Change = (hear) => hear();
  let asked = 0;

  async function passOn(request: IncomingMessage, body: Buffer<ArrayBuffer>): Promise<Response> {
    const { authorization = '', 'content-type': type = '' } = request.headers;
    const headers = { authorization, 'content-type': type };
    return fetch(`${provider}${request.url}`, { method: 'POST', headers, body });
  }

  async function answerTo(request: IncomingMessage): Promise<Response> {
    const body = Buffer.concat(await request.toArray());
    if (request.url !== TRANSCRIPTIONS) return passOn(request, body);
    asked += 1;
    const answer = await change(async () => {
      const answered = await passOn(request, body);
      if (!answered.ok) throw new Error(`the provider answered ${answered.status}`);
      return (await answered.json()) as Heard;
    });
    return typeof answer === 'number'
      ? Response.json({ error: { message: 'refused for a test' } }, { status: answer })
      : Response.json(answer);
  }

  const server = createServer(async (request, response) => {
    try {
      const answer = await answerTo(request);
      response.writeHead(answer.status, {
        'content-type': answer.headers.get('content-type') ?? 'application/json',
        'x-provider': 'sandbox',
      });
      response.end(Buffer.from(await answer.arrayBuffer()));
    } catch {
      response.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    to(providerUrl) {
      provider = providerUrl;
    },
    change(how = (hear) => hear()) {
      change = how;
      asked = 0;
    },
    get asked() {
      return asked;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
