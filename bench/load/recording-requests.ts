/** What the load is made of: recordings, request by request, each as a client sends it, and what became of them. */
import { createHash } from 'node:crypto';
import type { Request } from 'autocannon';
import { dtmfSamples, numberedWords } from '../../src/ai/sandbox/dtmf/encode.ts';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';

const CHUNK = wavBytes(dtmfSamples(numberedWords(2), { rate: 8_000 }), 8_000);
const DIGEST = { bytes: CHUNK.length, sha256: createHash('sha256').update(CHUNK).digest('hex') };

export type Kind = 'create' | 'put' | 'confirm' | 'complete' | 'status';
export const KINDS: readonly Kind[] = ['create', 'put', 'confirm', 'complete', 'status'];

/** What was accepted must be found afterwards. */
export type Accepted = { readonly confirmed: Set<string>; readonly completed: Set<string> };

export type Answers = Record<Kind, { accepted: number; refused: number }> & {
  /** Neither success nor refusal: how often which, as in `put 500`. */
  readonly unexpected: Map<string, number>;
  withoutRetryAfter: number;
  /** Milliseconds, of `performance.now`. */
  lastRefusedAt: number;
};

export function noAnswers(): Answers {
  const none = () => ({ accepted: 0, refused: 0 });
  return {
    create: none(),
    put: none(),
    confirm: none(),
    complete: none(),
    status: none(),
    unexpected: new Map(),
    withoutRetryAfter: 0,
    lastRefusedAt: Number.NEGATIVE_INFINITY,
  };
}

/** Of all kinds of requests. */
export function totalOf(answers: Answers, what: 'accepted' | 'refused'): number {
  return KINDS.reduce((sum, kind) => sum + answers[kind][what], 0);
}

type Signed = { readonly url: string; readonly headers: Record<string, string> };
/** Of one connection: the recording that it is sending, and the last of its requests that was accepted. Begun anew with each. */
type Recording = { token?: string; sessionId?: string; signed?: Signed; reached?: Kind };
type Told = { readonly answers: Answers; readonly accepted: Accepted };

/**
 * One recording after the other, a request a second on each connection. One of whose requests was refused, or not
 * answered, is not gone on with: a client would ask that again, and what comes after it makes no sense before.
 */
export function recordingRequests(nextToken: () => string, told: Told): Request[] {
  const { confirmed, completed } = told.accepted;
  const own = (recording: Recording) => ({
    authorization: `Bearer ${recording.token}`,
    'content-type': 'application/json',
  });
  const of = (recording: Recording, rest: string) => `/audio/session/${recording.sessionId}${rest}`;
  return [
    {
      method: 'POST',
      path: '/audio/session/create',
      setupRequest(request, context) {
        const recording = context as Recording;
        recording.token = nextToken();
        delete recording.reached;
        return { ...request, headers: own(recording), body: JSON.stringify({ mimeType: 'audio/wav' }) };
      },
      onResponse(status, body, context, headers) {
        const recording = context as Recording;
        if (count(told.answers, 'create', status, headers) && status === 201) {
          const { sessionId, upload } = JSON.parse(body);
          recording.sessionId = sessionId;
          recording.signed = upload.urls[0];
          recording.reached = 'create';
        }
      },
    },
    step('put', 'PUT', ({ signed }) => ({
      path: pathOf(signed?.url ?? ''),
      headers: signed?.headers ?? {},
      body: Buffer.from(CHUNK),
    })),
    step(
      'confirm',
      'POST',
      (recording) => ({
        path: of(recording, '/chunks/0'),
        headers: own(recording),
        body: JSON.stringify(DIGEST),
      }),
      confirmed,
    ),
    step(
      'complete',
      'POST',
      (recording) => ({
        path: of(recording, '/complete'),
        headers: own(recording),
        body: JSON.stringify({
          chunks: [{ index: 0, ...DIGEST }],
          durationMs: 1_000,
          stoppedAt: new Date().toISOString(),
        }),
      }),
      completed,
    ),
    step('status', 'GET', (recording) => ({ path: of(recording, '/status'), headers: own(recording) })),
  ];

  function step(
    kind: Kind,
    method: 'GET' | 'POST' | 'PUT',
    made: (recording: Recording) => Pick<Request, 'path' | 'headers' | 'body'>,
    accepted?: Set<string>,
  ): Request {
    return {
      method,
      path: '/',
      setupRequest(request, context) {
        const recording = context as Recording;
        // Nothing begins the list anew; the types don't know it.
        if (recording.reached !== KINDS[KINDS.indexOf(kind) - 1]) return undefined as unknown as Request;
        return { ...request, ...made(recording) };
      },
      onResponse(status, _body, context, headers) {
        const recording = context as Recording;
        if (!count(told.answers, kind, status, headers)) return;
        recording.reached = kind;
        if (recording.sessionId !== undefined) accepted?.add(recording.sessionId);
      },
    };
  }
}

/** Whether it was accepted. */
function count(answers: Answers, kind: Kind, status: number, headers: Request['headers']): boolean {
  const isAccepted = status >= 200 && status < 400;
  const isRefused = status === 429 || status === 503;
  if (isAccepted || isRefused) answers[kind][isAccepted ? 'accepted' : 'refused'] += 1;
  else {
    const what = `${kind} ${status}`;
    answers.unexpected.set(what, (answers.unexpected.get(what) ?? 0) + 1);
  }
  if (!isRefused) return isAccepted;
  answers.lastRefusedAt = performance.now();
  const names = Object.keys(headers ?? {}).map((name) => name.toLowerCase());
  if (!names.includes('retry-after')) answers.withoutRetryAfter += 1;
  return false;
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return `${pathname}${search}`;
}
