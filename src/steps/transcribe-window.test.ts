import { expect, it } from '@jest/globals';
import type { TimeSpan } from '../media/media.ts';
import type { StepContext } from './step.ts';
import { transcribeWindow } from './transcribe-window.ts';

/** Segments of which the recorder has told no times: 5 s each by what it was asked for, 7 s by what they hold. */
function windowOf(part: number): { readonly context: StepContext; readonly asked: TimeSpan[] } {
  const indexes = Array.from({ length: 16 }, (_, index) => index);
  const segments = indexes.map((index) => ({
    bytes: new Uint8Array(),
    startMs: index * 7_000,
    durationMs: 7_000,
    isReadable: true,
  }));
  const asked: TimeSpan[] = [];
  const context = {
    session: {
      sessionId: 'one',
      strategy: 'chunked',
      mimeType: 'audio/webm',
      segmenting: { mode: 'segments', seconds: 5 },
      chunks: new Map(indexes.map((index) => [index, { index, bytes: 40_000, sha256: String(index) }])),
      windows: new Map(),
    },
    generation: 0,
    part,
    audio: { of: async () => ({ mode: 'segments', segments }) },
    media: {
      cutWindow: async (_arrived: unknown, _mimeType: string, span: TimeSpan) => {
        asked.push(span);
        return { window: null, availableMs: 112_000 };
      },
    },
    texts: { find: async () => undefined, write: async () => ({}) },
    now: () => '2026-11-24T19:00:00.000Z',
  } as unknown as StepContext;
  return { context, asked };
}

it('A window hears no more of its neighbours than a seam is looked for in, whatever the recorder’s clock says', async () => {
  const { context, asked } = windowOf(1);
  const [heard] = await transcribeWindow(context);
  // By the recorder 15 to 30 s, heard from 14 to 31: chunks 3 to 5, and a fifth of the ones beside, which are longer.
  expect(heard).toMatchObject({ data: { window: 1, startMs: 21_000, endMs: 42_000 } });
  expect(asked).toEqual([{ startMs: 19_800, endMs: 43_000 }]);
});
