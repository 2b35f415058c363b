/**
 * Whatever happens, in whatever order: a recording ends up whole on the server, or whole on the device and said to be.
 * The upload is played against a model of the server with a virtual clock: results come late, twice, wrong or never; the
 * link goes and comes; the app is killed and opened again; sessions are lost or sealed behind our back. A failure prints
 * its seed and the smallest run that shows it.
 */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Strategy } from '../contract.ts';
import { dueActions, nextLook } from './due-actions.ts';
import { evolveUpload } from './evolve-upload.ts';
import type { ActionResult, Happening } from './happenings.ts';
import type { KeptRecording } from './kept-recording.ts';
import { wantsLiveWords } from './live-words.ts';
import { newRecording } from './new-recording.ts';
import { newServer, type ServerModel, serve, statusOf, wholeDigest } from './testing/server-model.ts';
import { type Action, type Upload, uploadOf } from './upload.ts';
import { viewRecording } from './view-recording.ts';

const RUNS = 10_000;

const NEW = newRecording({
  recordingId: 'r',
  format: { mimeType: 'audio/webm', mode: 'stream', chunkSeconds: 5 },
  wanted: 'chunked',
  wallTime: Date.parse('2026-11-24T10:00:00Z'),
});

type Move =
  | {
      readonly move:
        | 'capture'
        | 'stop'
        | 'kill'
        | 'offline'
        | 'online'
        | 'hide'
        | 'show'
        | 'lose'
        | 'seal'
        | 'retry'
        | 'flag-off';
    }
  | { readonly move: 'tick'; readonly milliseconds: number }
  /** One of the actions under way comes to this end. */
  | { readonly move: 'answer' | 'answer-lost' | 'fail' | 'reject'; readonly pick: number };

const anyMove: fc.Arbitrary<Move> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ move: fc.constant('capture' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ move: fc.constantFrom('stop', 'offline', 'lose', 'seal', 'retry', 'flag-off') }),
  },
  { weight: 2, arbitrary: fc.record({ move: fc.constantFrom('kill', 'online') }) },
  { weight: 1, arbitrary: fc.record({ move: fc.constantFrom('hide', 'show') }) },
  { weight: 3, arbitrary: fc.record({ move: fc.constant('tick' as const), milliseconds: fc.nat(40_000) }) },
  { weight: 12, arbitrary: fc.record({ move: fc.constant('answer' as const), pick: fc.nat(5) }) },
  {
    weight: 4,
    arbitrary: fc.record({ move: fc.constantFrom('answer-lost', 'fail', 'reject'), pick: fc.nat(5) }),
  },
);

/** The device, its app and the world around them. */
class World {
  readonly server: ServerModel;
  readonly underWay: { action: Action; epoch: number }[] = [];
  upload: Upload = uploadOf(NEW, true);
  /** What the store holds: written after each change, before anything else happens. */
  kept: KeptRecording = NEW;
  now = 0;
  captured = 0;
  cuts = 0;

  constructor(strategy: Strategy, mergeFails: boolean) {
    this.server = newServer(strategy, mergeFails);
    this.work();
  }

  tell(happening: Happening): void {
    const before = this.upload.record;
    this.upload = evolveUpload(this.upload, happening);
    this.kept = this.upload.record;
    // The runner cuts off what is of an older epoch, has no way, or is in vain; for every second one it comes too late.
    for (const each of [...this.underWay]) {
      const inVain = each.action.kind === 'follow' && !wantsFollowing(this.upload);
      if (each.epoch === this.upload.epoch && this.upload.online && !inVain) continue;
      const tooLate = this.cuts++ % 2 === 1;
      this.finish(each, tooLate ? serve(this.server, each.action, before) : { type: 'cut-off' });
    }
    this.work();
  }

  work(): void {
    for (;;) {
      const [action] = dueActions(this.upload, this.now);
      if (action === undefined) return;
      this.underWay.push({ action, epoch: this.upload.epoch });
      this.upload = evolveUpload(this.upload, { type: 'begun', action });
    }
  }

  finish(each: { action: Action; epoch: number }, result: ActionResult): void {
    const place = this.underWay.indexOf(each);
    if (place < 0) return;
    this.underWay.splice(place, 1);
    const timed = result.type === 'failed' ? { ...result, now: this.now, random: 0.5 } : result;
    this.tell({ type: 'result', ...each, result: timed });
  }

  answer(each: { action: Action; epoch: number }): void {
    const result = serve(this.server, each.action, this.upload.record);
    if (each.action.kind === 'follow') {
      const status = statusOf(this.server, this.upload.record);
      if (status !== null) this.tell({ type: 'status', epoch: each.epoch, status });
      if (!this.underWay.includes(each)) return; // what it told has cut it off
    }
    this.finish(each, result);
  }

  play(move: Move): void {
    const each = 'pick' in move ? this.underWay[move.pick % Math.max(1, this.underWay.length)] : undefined;
    switch (move.move) {
      case 'capture':
        if (this.upload.record.ended === null) this.capture();
        break;
      case 'stop':
        if (this.captured > 0) this.stop(false);
        break;
      case 'kill':
        this.kill();
        break;
      case 'offline':
      case 'online':
        this.tell({ type: 'connection', online: move.move === 'online' });
        break;
      case 'hide':
      case 'show':
        this.tell({ type: 'visibility', visible: move.move === 'show' });
        break;
      case 'lose':
        for (const session of this.server.sessions.values()) {
          if (session.state !== 'completed') session.state = 'lost';
        }
        break;
      case 'seal':
        for (const session of this.server.sessions.values()) {
          if (session.state === 'recording' && session.chunks.size > 0) session.state = 'processing';
        }
        break;
      case 'retry':
        this.tell({ type: 'retry-wanted' });
        break;
      case 'flag-off':
        this.tell({ type: 'fallback-wanted', reason: 'flag_off' });
        break;
      case 'tick':
        this.now += move.milliseconds;
        this.work();
        break;
      case 'answer':
        if (each !== undefined) this.answer(each);
        break;
      case 'answer-lost':
        if (each === undefined) break;
        serve(this.server, each.action, this.upload.record);
        this.finish(each, failure(0, 'unreachable', true));
        break;
      case 'fail':
        if (each !== undefined) this.finish(each, failure(503, 'event_log_unavailable', true));
        break;
      case 'reject':
        if (each !== undefined) this.finish(each, failure(422, 'chunk_mismatch', false));
        break;
      default:
        move satisfies never;
        break;
    }
  }

  capture(): void {
    const index = this.captured++;
    const [startMs, endMs] = [index * 5_000, (index + 1) * 5_000];
    this.tell({
      type: 'captured',
      chunk: { index, bytes: 100, sha256: `digest-${index}`, startMs, endMs, acknowledged: false },
    });
  }

  stop(cutOff: boolean): void {
    const ended = { durationMs: this.captured * 5_000, stoppedAt: '2026-11-24T10:10:00.000Z', cutOff };
    this.tell({ type: 'ended', ended });
  }

  /** Some of what was under way arrives at the server all the same. */
  kill(): void {
    for (const [index, { action }] of this.underWay.entries()) {
      if (index % 2 === 0) serve(this.server, action, this.upload.record);
    }
    this.underWay.length = 0;
    this.upload = uploadOf(JSON.parse(JSON.stringify(this.kept)) as KeptRecording, this.upload.online);
    this.work();
    if (this.captured > 0) this.stop(true);
  }

  /** The bad days are over: everything is answered, time passes. */
  heal(): void {
    this.tell({ type: 'connection', online: true });
    for (let step = 0; step < 500; step++) {
      const [each] = this.underWay;
      const wait = nextLook(this.upload, this.now);
      if (each !== undefined) this.answer(each);
      else if (wait !== null) this.play({ move: 'tick', milliseconds: wait });
      else return;
    }
    throw new Error('it never comes to rest');
  }

  /** The server has every chunk, in one session that it has completed. */
  get wholeOnServer(): boolean {
    const session = this.server.sessions.get(this.upload.record.session?.sessionId ?? '');
    if (session === undefined || (session.state !== 'processing' && session.state !== 'completed'))
      return false;
    const digests = this.upload.record.chunks.map(({ sha256 }) => sha256);
    return session.strategy === 'single'
      ? session.chunks.get(0) === wholeDigest(this.upload.record)
      : session.chunks.size === digests.length &&
          digests.every((d, index) => session.chunks.get(index) === d);
  }
}

function failure(status: number, code: string, passing: boolean): ActionResult {
  return { type: 'failed', failure: { status, code, message: code, passing }, now: 0, random: 0 };
}

const anyRun = fc.record({
  strategy: fc.constantFrom<Strategy>('chunked', 'chunked', 'single'),
  mergeFails: fc.boolean(),
  moves: fc.array(anyMove, { maxLength: 60 }),
});

function wantsFollowing(upload: Upload): boolean {
  return upload.record.uploaded || wantsLiveWords(upload);
}

/** Nothing is ever said that is not so. */
function expectTruth(world: World): void {
  const { upload } = world;
  expect(upload.record.chunks.map(({ sha256 }) => sha256)).toEqual(
    Array.from({ length: world.captured }, (_, index) => `digest-${index}`),
  );
  const view = viewRecording(upload, null);
  if (!('upload' in view)) return;
  if (view.upload.safety === 'entry-ready') expect(world.wholeOnServer).toBe(true);
  if (view.upload.safety === 'on-this-device-only') expect(view.upload.acknowledgedBytes).toBe(0);
}

describe('an upload', () => {
  it(`ends whole on the server or whole on the device, whatever happens (${RUNS} runs)`, () => {
    const ends = { ready: 0, kept: 0 };
    fc.assert(
      fc.property(anyRun, ({ strategy, mergeFails, moves }) => {
        const world = new World(strategy, mergeFails);
        for (const move of moves) {
          world.play(move);
          expectTruth(world);
        }
        if (world.captured === 0) world.capture();
        world.stop(false);
        world.heal();
        const { record } = world.upload;
        if (record.entryReady) {
          expect(world.wholeOnServer).toBe(true);
          ends.ready++;
        } else {
          // Kept: whole on the device, with a reason, and nothing claims otherwise.
          expect(record.refusal).not.toBeNull();
          expect(record.chunks).toHaveLength(world.captured);
          expect(viewRecording(world.upload, null).phase).toBe('kept');
          ends.kept++;
        }
      }),
      { numRuns: RUNS },
    );
    // Both ends are reached, and the good one is the rule.
    expect(ends.ready).toBeGreaterThan(ends.kept * 5);
    expect(ends.kept).toBeGreaterThan(0);
  }, 120_000);

  it('that was kept is whole on the server after a person tries again on a good day (1000 runs)', () => {
    fc.assert(
      fc.property(anyRun, ({ strategy, mergeFails, moves }) => {
        const world = new World(strategy, mergeFails);
        for (const move of moves) world.play(move);
        if (world.captured === 0) world.capture();
        world.stop(false);
        world.heal();
        for (let tries = 0; tries < 3 && !world.upload.record.entryReady; tries++) {
          world.play({ move: 'retry' });
          world.heal();
        }
        expect(world.upload.record.entryReady).toBe(true);
        expect(world.wholeOnServer).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  }, 120_000);

  it('leaves nothing on the server when it is thrown away (1000 runs)', () => {
    fc.assert(
      fc.property(anyRun, ({ strategy, mergeFails, moves }) => {
        const world = new World(strategy, mergeFails);
        for (const move of moves) world.play(move);
        if (world.upload.record.entryReady) return;
        world.tell({ type: 'discarded' });
        world.heal();
        const { session, abandoned } = world.upload.record;
        expect({ session, abandoned }).toEqual({ session: null, abandoned: [] });
      }),
      { numRuns: 1_000 },
    );
  }, 120_000);
});
