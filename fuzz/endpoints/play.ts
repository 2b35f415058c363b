/** Plays the steps of one run against the server: makes each its requests, has each answer judged, learns from it. */
import { createHash } from 'node:crypto';
import type { Findings } from '../findings.ts';
import type { Checks } from './answers.ts';
import type { Operation } from './api-document.ts';
import { faultsOf, type Meant } from './judge.ts';
import type { Markers } from './markers.ts';
import { type Answer, NoAnswer, type Sent, type Wire } from './send.ts';
import { bodyOf } from './spoilt-body.ts';
import type { Call, OneStep, Put, Recording, Step, Told } from './step.ts';
import { authorization, type Caller } from './tokens.ts';
import type { KnownSession, SignedUrl, World } from './world.ts';

export type Play = {
  readonly wire: Wire;
  readonly checks: Checks;
  readonly markers: Markers;
  readonly findings: Findings;
  readonly operations: ReadonlyMap<string, Operation>;
  readonly secret: string;
  /** How a run is given again: for a person. */
  readonly again: (run: number) => string;
  /** Told of each request: its operation, its status (0: none), its milliseconds. */
  readonly onAnswered: (operation: string, status: number, ms: number) => void;
};

/** Faults are noted in `findings`; gives what they were in this run. */
export async function playRun(
  run: number,
  steps: readonly Step[],
  world: World,
  play: Play,
): Promise<string[]> {
  const faults: string[] = [];
  const player = new Player(run, world, play, faults);
  for (const step of steps) {
    if (step.does === 'at-once') await Promise.all(step.steps.map((each) => player.step(each)));
    else await player.step(step);
  }
  return faults;
}

class Player {
  readonly #run: number;
  readonly #world: World;
  readonly #play: Play;
  readonly #faults: string[];

  constructor(run: number, world: World, play: Play, faults: string[]) {
    this.#run = run;
    this.#world = world;
    this.#play = play;
    this.#faults = faults;
  }

  async step(step: OneStep): Promise<void> {
    switch (step.does) {
      case 'call':
        await this.#call(step);
        return;
      case 'record':
        await this.#record(step);
        return;
      case 'put':
        await this.#put(step);
        return;
      case 'acknowledge':
      case 'complete':
        await this.#tell(step);
        return;
      default:
        step satisfies never;
    }
  }

  async #call(step: Call): Promise<Answer | null> {
    const world = this.#world;
    const { operation, token, body } = step;
    const caller = this.#callerOf(step);
    const values = new Map<string, string>();
    let onPath = step.more === '' || step.more.startsWith('?');
    for (const { name, in: place } of operation.parameters) {
      const value = step.values[name];
      if (value === undefined) continue;
      if ('text' in value) {
        values.set(name, value.text);
        if (value.spoilt && place === 'path') onPath = false;
        continue;
      }
      const known = world.known(value.known, caller, value.own);
      const list = known.length === 0 ? world.known(value.known, caller, false) : known;
      values.set(name, list[value.pick % Math.max(1, list.length)] ?? value.otherwise);
    }
    const header = await authorization(token, caller, this.#play.secret);
    const headers = {
      ...body?.headers,
      ...headersOf(operation, values),
      ...step.headers,
      ...(header === undefined ? {} : { authorization: header }),
    };
    const sent = {
      method: operation.method,
      target: `${targetOf(operation, values)}${step.more}`,
      headers,
      body: body?.bytes ?? null,
    };
    const session = operation.parameters.some(({ name }) => name === 'id')
      ? world.session(values.get('id') ?? '')
      : undefined;
    const good = token === 'good';
    return await this.#exchange({
      sent,
      operation,
      // Without a Host the HTTP server itself refuses (RFC 9112 §3.2).
      onPath: onPath && step.headers.host !== '',
      token,
      caller: good ? caller : null,
      value: body?.value,
      session,
    });
  }

  #callerOf({ by }: Call): Caller {
    const { people, operators } = this.#world;
    const of = by.role === 'user' ? people : operators.filter(({ role }) => role === by.role);
    return of[by.pick % of.length] as Caller;
  }

  /** Sends, has the answer judged, learns. Null when there was none. */
  async #exchange(asked: Asked): Promise<Answer | null> {
    const { caller, session, operation } = asked;
    const world = this.#world;
    const owns = caller !== null && session?.owner === caller.name;
    // Whether or not the path is still theirs: what the server makes of `/users/me/` is for the server to say.
    const forgets = caller !== null && operation?.id === 'DELETE /users/me';
    if (forgets) world.forgetting(caller.name);
    if (owns && session !== undefined && operation?.id === 'DELETE /audio/session/{id}')
      session.erasing = true;
    const epoch = caller === null ? 0 : world.epochOf(caller.name);
    const stood = owns && session?.erasing === false;
    const name = operation?.id ?? `${asked.sent.method} /objects`;
    const started = performance.now();
    let answer: Answer;
    try {
      answer = await this.#play.wire.send(asked.sent);
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      this.#play.onAnswered(name, 0, performance.now() - started);
      // A server may hang up on whoever still sends more than it takes (RFC 9112 §9.6).
      if (error.code !== 'cut' || (asked.sent.body?.length ?? 0) < 100_000)
        this.#fault(name, error.message, asked.sent);
      return null;
    }
    this.#play.onAnswered(name, answer.status, performance.now() - started);
    if (forgets) world.forgotten(caller.name);
    const meant: Meant = {
      ...asked,
      reader: { name: caller?.name ?? null, role: caller?.role ?? null },
      owner: session?.owner,
      stands: stood && session?.erasing === false,
    };
    for (const what of faultsOf(meant, answer, this.#play.checks, this.#play.markers))
      this.#fault(name, what, asked.sent, answer);
    if (caller !== null && answer.mediaType === 'application/json' && answer.status < 300)
      this.#learn(JSON.parse(answer.text), caller, session, epoch, answer);
    return answer;
  }

  #fault(operation: string, what: string, { method, target, headers, body }: Sent, answer?: Answer): void {
    const { authorization: _token, ...told } = headers;
    const text = body === null ? '' : ` ${JSON.stringify(Buffer.from(body.subarray(0, 600)).toString())}`;
    const answered =
      answer === undefined ? '' : `\n      answered ${answer.status} ${answer.text.slice(0, 600)}`;
    const example = `${method} ${target.slice(0, 300)} ${JSON.stringify(told)}${text}${answered}`;
    this.#faults.push(`${operation}: ${what}`);
    this.#play.findings.add(`${operation}: ${what}`, example, this.#play.again(this.#run));
  }

  #learn(
    body: Learnable,
    caller: Caller,
    named: KnownSession | undefined,
    epoch: number,
    { headers }: Answer,
  ): void {
    const world = this.#world;
    const isOwner = caller.role === 'user';
    let session = isOwner && named?.owner === caller.name ? named : undefined;
    if (isOwner && typeof body.sessionId === 'string' && body.upload !== undefined) {
      session = world.created(body.sessionId, caller.name, epoch);
    }
    for (const url of [...(body.upload?.urls ?? []), ...(body.urls ?? [])]) session?.urls.set(url.index, url);
    if (typeof body.next === 'string') world.learn('cursor', body.next);
    if (typeof body.id === 'string' && body.sessionsLeft !== undefined) world.learn('erasure', body.id);
    for (const { id } of body.deadLetters ?? []) world.learn('dead-letter', id);
    if (body.moves !== undefined && typeof headers.etag === 'string') world.learn('moves', headers.etag);
  }

  async #record({ by, sound, pieces, ends, acknowledged }: Recording): Promise<void> {
    const caller = this.#world.people[by % this.#world.people.length] as Caller;
    const spoken = this.#world.soundOf(caller.name);
    const mimeType = sound === 'other-type' ? 'audio/webm;codecs=opus' : 'audio/wav';
    const created = await this.#as(caller, 'POST /audio/session/create', undefined, { mimeType });
    const session =
      created?.status === 201 ? this.#world.session(JSON.parse(created.text).sessionId) : undefined;
    if (session === undefined) return;
    const whole =
      sound === 'noise' ? noise(spoken.length) : sound === 'cut' ? spoken.subarray(0, 30) : spoken;
    const size = Math.ceil(whole.length / pieces);
    for (let index = 0; index < pieces; index++) {
      await this.#putBytes(session, index, whole.subarray(index * size, (index + 1) * size), 'none');
      if (acknowledged) await this.step({ does: 'acknowledge', session: this.#numberOf(session), index });
    }
    if (ends) await this.step({ does: 'complete', session: this.#numberOf(session), index: 0 });
  }

  #numberOf(session: KnownSession): number {
    return this.#world.sessions.indexOf(session);
  }

  #sessionOf({ session }: Put | Told): KnownSession | undefined {
    const { sessions } = this.#world;
    return sessions[session % Math.max(1, sessions.length)];
  }

  async #put(step: Put): Promise<void> {
    const session = this.#sessionOf(step);
    if (session === undefined) return;
    const sound = this.#world.soundOf(session.owner);
    await this.#putBytes(session, step.index, sound, step.fault);
  }

  async #putBytes(
    session: KnownSession,
    index: number,
    bytes: Uint8Array,
    fault: Put['fault'],
  ): Promise<void> {
    const signed = session.urls.get(index);
    if (signed === undefined) return;
    const sent = transferOf(signed, bytes, fault);
    const answer = await this.#exchange({
      sent,
      operation: null,
      onPath: true,
      token: 'none',
      caller: null,
      value: undefined,
      session: undefined,
    });
    if (answer?.status === 200 && sent.method === 'PUT' && sent.body !== null)
      session.stored.set(index, { bytes: sent.body.length, sha256: sha256(sent.body) });
  }

  async #tell(step: Told): Promise<void> {
    const session = this.#sessionOf(step);
    const owner = this.#world.people.find(({ name }) => name === session?.owner);
    if (session === undefined || owner === undefined) return;
    const stored = session.stored.get(step.index);
    if (step.does === 'acknowledge') {
      if (stored === undefined) return;
      const id = `/audio/session/{id}/chunks/{index}`;
      await this.#as(owner, `POST ${id}`, session, stored, { index: String(step.index) });
      return;
    }
    const chunks = [...session.stored].map(([index, each]) => ({ index, ...each }));
    const body = { chunks, durationMs: 2_000, stoppedAt: '2026-11-28T12:00:00.000Z' };
    await this.#as(owner, 'POST /audio/session/{id}/complete', session, body);
  }

  /** A request that is as it should be. */
  async #as(
    caller: Caller,
    id: string,
    session: KnownSession | undefined,
    value: unknown,
    more: Readonly<Record<string, string>> = {},
  ): Promise<Answer | null> {
    const operation = this.#play.operations.get(id);
    if (operation === undefined) throw new Error(`the document has no ${id}`);
    const body = bodyOf(value);
    const values = new Map(Object.entries({ ...more, ...(session === undefined ? {} : { id: session.id }) }));
    const header = (await authorization('good', caller, this.#play.secret)) ?? '';
    return this.#exchange({
      sent: {
        method: operation.method,
        target: targetOf(operation, values),
        headers: { ...body.headers, authorization: header },
        body: body.bytes,
      },
      operation,
      onPath: true,
      token: 'good',
      caller,
      value,
      session,
    });
  }
}

type Asked = Pick<Meant, 'sent' | 'operation' | 'onPath' | 'token' | 'value'> & {
  /** Null: whoever it is does not come in. */
  readonly caller: Caller | null;
  readonly session: KnownSession | undefined;
};

/** What of an answer's body may be of use later; its shape has been judged before. */
type Learnable = {
  readonly sessionId?: string;
  readonly upload?: { readonly urls: readonly SignedUrl[] };
  readonly urls?: readonly SignedUrl[];
  readonly next?: string | null;
  readonly id?: string | null;
  readonly sessionsLeft?: number;
  readonly deadLetters?: readonly { readonly id: string }[];
  readonly moves?: number;
};

function targetOf({ path, parameters }: Operation, values: ReadonlyMap<string, string>): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encoded(values.get(name) ?? ''));
  const query = parameters.flatMap(({ in: place, name }) => {
    const value = values.get(name);
    return place === 'query' && value !== undefined ? [`${encoded(name)}=${encoded(value)}`] : [];
  });
  return query.length === 0 ? filled : `${filled}?${query.join('&')}`;
}

/** A text that is percent-encoded already stays so: what it means is for the server to say. */
function encoded(text: string): string {
  return /^(%[0-9a-f]{2})+$/i.test(text) ? text : encodeURIComponent(text.toWellFormed());
}

/** Only what a header may hold (RFC 9110 §5.5); the rest cannot be sent at all. */
function headersOf({ parameters }: Operation, values: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries(
    parameters.flatMap(({ in: place, name }) => {
      const value = values.get(name);
      return place === 'header' && value !== undefined && /^[\x20-\x7e\x80-\xff]*$/.test(value)
        ? [[name, value]]
        : [];
    }),
  );
}

function transferOf({ url, headers }: SignedUrl, sound: Uint8Array, fault: Put['fault']): Sent {
  const { pathname, search } = new URL(url);
  const put: Sent = { method: 'PUT', target: `${pathname}${search}`, headers, body: sound };
  switch (fault) {
    case 'none':
      return put;
    case 'other-bytes':
      return { ...put, body: noise(1_000) };
    case 'type':
      return { ...put, headers: { ...headers, 'content-type': 'text/html' } };
    case 'longer':
      return { ...put, headers: { ...headers, 'content-encoding': 'gzip' }, body: noise(600_000) };
    case 'signature':
      return { ...put, target: put.target.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')) };
    case 'key':
      return { ...put, target: put.target.replace('/chunks/', '/chunks/../') };
    case 'read':
      return { ...put, method: 'GET', body: null, headers: { range: 'bytes=0-99' } };
    case 'delete':
      return { ...put, method: 'DELETE', body: null };
    default:
      return fault satisfies never;
  }
}

const NOISE = new Uint8Array(600_000).map((_, index) => Math.imul(index, 0x9e3779b1) >>> 24);

/** Bytes that are no sound, always the same. */
function noise(length: number): Uint8Array {
  return NOISE.subarray(0, length);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
