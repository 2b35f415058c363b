/**
 * What the log holds was written by every version of this service that ever ran, and is read for ever. The events in
 * test/fixtures/events (a file a type and version) and the whole streams in test/fixtures/streams are as they were
 * recorded; `shapes.json` is what the types of `events.ts` said then. A type whose shape has changed fails here, and what
 * is to be done is told.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '../../src/eventlog/event-log.ts';
import type { RecordingEvent } from '../../src/recording/events.ts';
import { evolve, fold } from '../../src/recording/evolve.ts';
import { statusView } from '../../src/recording/status.ts';
import { spans } from '../../src/recording/timeline.ts';
import type { RolloutEvent } from '../../src/rollout/events.ts';
import { historyItem } from '../../src/rollout/history.ts';
import { foldRollout } from '../../src/rollout/rollout.ts';
import { upcast } from '../../src/sessions/upcast.ts';
import { eventShapes } from '../support/event-shapes.ts';

const EVENTS = join(import.meta.dirname, '../fixtures/events');
const STREAMS = join(import.meta.dirname, '../fixtures/streams');
const SHAPES = join(EVENTS, 'shapes.json');
const NOW = '2026-12-01T00:00:00.000Z';

type Example = Pick<RecordedEvent, 'data' | 'metadata' | 'recordedAt'>;
type Fixture = { readonly type: string; readonly version: number; readonly examples: readonly Example[] };

const json = (file: string) => JSON.parse(readFileSync(file, 'utf8'));
const fixtures: readonly Fixture[] = readdirSync(EVENTS)
  .filter((name) => /\.v\d+\.json$/.test(name))
  .map((name) => json(join(EVENTS, name)));
const asRecorded = (type: string, example: Example) =>
  ({ stream: 'recording-x', version: 0, position: '1:1', type, ...example }) as unknown as RecordedEvent;
const exampleOf = (type: string) => {
  const fixture = fixtures.find((each) => each.type === type);
  const example = fixture?.examples.at(-1);
  if (fixture === undefined || example === undefined) throw new Error(`no example of ${type}`);
  return upcast(asRecorded(type, example));
};

const recording = eventShapes('src/recording/events.ts');
const rollout = eventShapes('src/rollout/events.ts', 'src/rollout/plan.ts');
const shapes = { ...recording, ...rollout };

const WHAT_TO_DO = `Logs hold events of the old shape for ever.
Is it only an optional property more? Then what was recorded is still read rightly: write the new shape down with
  UPDATE_EVENT_SHAPES=1 npm test -- test/integration/recorded-events.test.ts
and add an example that has it to the type's newest file.
Anything else is a new version: say its number in the event's data, turn the older one into it in
src/sessions/upcast.ts, and add a file <Type>.v<number>.json; the older files stay.`;

describe('the events that were ever written', () => {
  it('have a recorded example of every type', () => {
    expect(fixtures.map(({ type }) => type).sort()).toEqual(Object.keys(shapes).sort());
  });

  it('have the shapes that were written down', () => {
    if (process.env.UPDATE_EVENT_SHAPES !== undefined)
      writeFileSync(SHAPES, `${JSON.stringify(shapes, null, 2)}\n`);
    const known: Record<string, unknown> = json(SHAPES);
    const changed = Object.keys(shapes).filter(
      (type) => JSON.stringify(shapes[type]) !== JSON.stringify(known[type]),
    );
    if (changed.length > 0) {
      const [type = ''] = changed;
      throw new Error(
        `${changed.join(', ')} changed since the shape was written down. ${WHAT_TO_DO}\n\nwas ${JSON.stringify(known[type], null, 2)}\nis ${JSON.stringify(shapes[type], null, 2)}`,
      );
    }
  });

  it.each(
    fixtures.filter(({ type }) => type in recording).map((each) => [each.type, each.version, each] as const),
  )(
    '%s of version %d is folded into a session in which everything can be told',
    (type, _version, { examples }) => {
      const before: RecordingEvent[] =
        type === 'SessionCreated'
          ? []
          : ['SessionCreated', 'UploadAuthorized', 'ChunkReceived', 'UploadCompleted'].map(exampleOf);
      for (const example of examples) {
        const event = upcast(asRecorded(type, example));
        const session = evolve(fold(before), event);
        if (session === null) throw new Error('no session');
        expect(session.sessionId).toMatch(/^[0-9a-f-]{36}$/);
        const view = statusView(session, NOW);
        expect(view.progress).toBeGreaterThanOrEqual(0);
        expect(view.progress).toBeLessThanOrEqual(100);
        expect(Array.isArray(spans([...before, event]))).toBe(true);
      }
    },
  );

  it.each(
    fixtures.filter(({ type }) => type in rollout).map((each) => [each.type, each.version, each] as const),
  )('%s of version %d is folded into a rollout, and told in its history', (type, _version, { examples }) => {
    const planned = exampleOf('RolloutPlanned') as unknown as RolloutEvent;
    for (const { data } of examples) {
      const event = { type, data } as unknown as RolloutEvent;
      const folded = foldRollout(type === 'RolloutPlanned' ? [event] : [planned, event]);
      expect(folded).toMatchObject({ flag: 'chunked-upload', percent: expect.any(Number) });
      expect(historyItem(event)).toMatchObject({ at: expect.any(String) });
    }
  });
});

describe('a stream as it was recorded', () => {
  const END = {
    state: 'completed',
    progress: 100,
    steps: { transcribe: { state: 'done' }, polish: { state: 'done' } },
  };
  it.each([
    ['spoken-in-paragraphs', { ...END, steps: { ...END.steps, merge: { state: 'done' } } }],
    ['failed-and-tried-again', END],
    ['fell-back', { ...END, received: [0] }],
    ['with-images', { ...END, steps: { ...END.steps, 'describe-images': { state: 'done' } } }],
    ['could-not-be-merged', END],
    ['sealed-and-opened-again', { ...END, sealedBy: 'client' }],
    ['erased', { state: 'erased' }],
  ])('%s ends as it did', (name, end) => {
    const stream: (Example & { readonly type: string })[] = json(join(STREAMS, `${name}.json`));
    const session = fold(stream.map(({ type, ...example }) => upcast(asRecorded(type, example))));
    if (session === null) throw new Error('no session');
    expect(statusView(session, NOW)).toMatchObject(end);
  });
});
