/**
 * A double of the rollout's endpoints that answers `fetch`: the documents it is given, a move that moves, 409 for who saw
 * an older rollout, and event streams that a test can write to, cut and refuse. It decides nothing else: what a real
 * rollout allows is the server's own matter.
 */
import type { ExperimentAnswer, RolloutAnswer } from '../api-types.ts';
import { byPerson, historyItem } from './documents.ts';
import type { Scenario } from './scenarios.ts';

export type RolloutServer = {
  readonly fetch: typeof fetch;
  /** Method, path and If-Match of each request. */
  readonly requests: readonly string[];
  readonly streams: number;
  readonly rollout: RolloutAnswer;
  /** Shows another document to all streams. */
  show(documents: Partial<Scenario>): void;
  /** Somebody else moves it. */
  moveTo(percent: number, name: string, reason: string): void;
  /** As written, to all streams. */
  write(text: string): void;
  /** Ends all streams. */
  cut(): void;
  /** Each answer is for one request, before it is treated as usual. */
  answerOnce(...answers: (Response | Error)[]): void;
  /** Answers every request until null is given. */
  answerAlways(answer: (() => Response | Error) | null): void;
};

export type RolloutServerOptions = {
  readonly retryMs?: number;
  readonly now?: () => number;
  readonly roleOf?: (authorization: string | null) => string | null;
};

export function createRolloutServer(
  first: Scenario,
  { retryMs = 10, now = Date.now, roleOf = () => 'release-manager' }: RolloutServerOptions = {},
): RolloutServer {
  let { rollout, experiment } = first;
  const requests: string[] = [];
  const once: (Response | Error)[] = [];
  let always: (() => Response | Error) | null = null;
  const streams = new Set<ReadableStreamDefaultController<Uint8Array>>();

  function write(text: string): void {
    for (const stream of streams) stream.enqueue(new TextEncoder().encode(text));
  }

  function show(documents: Partial<Scenario>): void {
    if (documents.rollout !== undefined) {
      rollout = documents.rollout;
      write(eventText('rollout', rollout));
    }
    if (documents.experiment !== undefined) {
      experiment = documents.experiment;
      write(eventText('experiment', experiment));
    }
  }

  function moved(changes: Partial<RolloutAnswer>, text: string, name: string, reason: string): void {
    const at = new Date(now()).toISOString();
    const percent = changes.percent ?? null;
    const item = historyItem(at, 'StageEntered', text, { percent, ...byPerson(name, reason) });
    show({
      rollout: { ...rollout, ...changes, moves: rollout.moves + 1, history: [item, ...rollout.history] },
    });
  }

  function moveTo(percent: number, name: string, reason: string): void {
    const next = rollout.plan.stages.find((stage) => stage.percent > percent)?.percent ?? null;
    const stage = { enteredAt: new Date(now()).toISOString(), ...byPerson(name, reason) };
    const state = percent === 0 ? 'rolled-back' : 'running';
    moved({ percent, next, stage, state }, `Moved to ${percent} %`, name, reason);
  }

  function open(signal: AbortSignal | null): Response {
    const beginning = `retry: ${retryMs}\n\n${eventText('rollout', rollout)}${eventText('experiment', experiment)}`;
    let stream: ReadableStreamDefaultController<Uint8Array>;
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        stream = controller;
        streams.add(controller);
        controller.enqueue(new TextEncoder().encode(beginning));
      },
      cancel: () => void streams.delete(stream),
    });
    signal?.addEventListener('abort', () => {
      if (streams.delete(stream)) stream.error(signal.reason);
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
  }

  async function answer(input: string, init: RequestInit): Promise<Response> {
    const { pathname } = new URL(input);
    const { method = 'GET' } = init;
    const headers = new Headers(init.headers);
    const ifMatch = headers.get('if-match');
    requests.push(`${method} ${pathname}${ifMatch === null ? '' : ` ${ifMatch}`}`);
    const given = once.shift() ?? always?.();
    if (given instanceof Error) throw given;
    if (given !== undefined) return given;
    const role = roleOf(headers.get('authorization'));
    if (role === null) return problem(401, 'token_invalid', 'the token is not valid here');
    if (role === 'user')
      return problem(403, 'role_forbidden', 'this needs the role viewer; the token has user');
    const [, kind, flag, rest] = pathname.split('/');
    if (flag !== rollout.flag) return problem(404, 'flag_unknown', `there is no rollout of a flag ${flag}`);
    if (kind === 'experiments') return Response.json(experiment);
    if (rest === undefined) return Response.json(rollout);
    if (rest === 'events') return open(init.signal ?? null);
    const isBrake = role === 'sre' && rest === 'rollback';
    if (role !== 'release-manager' && !isBrake)
      return problem(403, 'role_forbidden', `the token has ${role}`);
    return move(rest, JSON.parse(String(init.body)), ifMatch);
  }

  function move(kind: string, body: Record<string, unknown>, ifMatch: string | null): Response {
    if (ifMatch !== null && ifMatch !== `"${rollout.moves}"`) {
      return problem(409, 'rollout_moved', 'somebody else moved it', { rollout });
    }
    const reason = String(body.reason);
    if (kind === 'percent') moveTo(Number(body.percent), 'pm', reason);
    else if (kind === 'rollback') moveTo(0, 'pm', reason);
    else if (kind === 'pause') moved({ state: 'paused' }, 'Paused', 'pm', reason);
    else if (kind === 'resume') moved({ state: 'running' }, 'Resumed', 'pm', reason);
    else if (kind === 'complete') moved({ state: 'completed' }, 'Completed', 'pm', reason);
    else {
      const enabled = body.enabled === true;
      const text = `Autopilot switched ${enabled ? 'on' : 'off'}`;
      moved({ autopilot: { ...rollout.autopilot, enabled } }, text, 'pm', reason);
    }
    return Response.json(rollout);
  }

  return {
    fetch: (input, init = {}) => answer(String(input), init),
    requests,
    get streams() {
      return streams.size;
    },
    get rollout() {
      return rollout;
    },
    show,
    moveTo,
    write,
    cut() {
      for (const stream of streams) stream.close();
      streams.clear();
    },
    answerOnce: (...answers) => void once.push(...answers),
    answerAlways(answer) {
      always = answer;
    },
  };
}

export function problem(
  status: number,
  code: string,
  detail: string,
  details: Readonly<Record<string, unknown>> = {},
): Response {
  const body = JSON.stringify({
    ...details,
    type: `/docs/errors#${code}`,
    title: code,
    status,
    code,
    detail,
  });
  return new Response(body, { status, headers: { 'content-type': 'application/problem+json' } });
}

const eventText = (name: string, document: RolloutAnswer | ExperimentAnswer) =>
  `event: ${name}\ndata: ${JSON.stringify(document)}\n\n`;
