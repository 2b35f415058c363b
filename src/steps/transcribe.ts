/**
 * From the recording to its transcript. The recording goes to the provider as one file, or in as few windows as the
 * provider's size limit allows; when it could not be joined, its segments go one by one and a segment that cannot be
 * heard becomes a gap.
 */
import { AiError, type Transcription, type Word } from '../ai/ai.ts';
import type { MediaWindow } from '../media/media.ts';
import { MediaError } from '../media/media-error.ts';
import type { Gap, TranscriptAssembled } from '../recording/events.ts';
import { baseType } from './merge.ts';
import { needed, type Step, type StepContext } from './step.ts';
import { chunksOf, readChunk } from './stored-chunks.ts';

type Heard = Transcription & { readonly provider: string; readonly model: string };
type HeardWindow = { readonly startMs: number; readonly endMs: number; readonly heard: Heard | null };

export const transcribe: Step = async (context) => {
  const windows =
    context.session.merged === undefined ? await hearSegments(context) : await hearRecording(context);
  return [await assemble(context, windows)];
};

async function hearRecording(context: StepContext): Promise<HeardWindow[]> {
  const { session, objects, media, limits } = context;
  const merged = needed(session.merged, 'merged recording');
  const bytes = await objects.read(merged.key, limits.maxRecordingBytes);
  const heard: HeardWindow[] = [];
  for (const window of await media.cutForProvider(bytes, merged.mimeType)) {
    heard.push({ startMs: window.startMs, endMs: window.endMs, heard: await hear(context, window) });
  }
  return heard;
}

/** What is left when joining failed: every segment is a file of its own. */
async function hearSegments(context: StepContext): Promise<HeardWindow[]> {
  const { session, objects, media } = context;
  const mimeType = baseType(session.mimeType);
  const heard: HeardWindow[] = [];
  let startMs = 0;
  for (const chunk of chunksOf(session)) {
    const expectedMs = (chunk.endMs ?? 0) - (chunk.startMs ?? 0) || session.segmenting.seconds * 1000;
    try {
      const bytes = await readChunk(objects, chunk);
      const { durationMs } = await media.probe(bytes, mimeType);
      for (const window of await media.cutForProvider(bytes, mimeType)) {
        const at = { startMs: startMs + window.startMs, endMs: startMs + window.endMs };
        heard.push({ ...at, heard: await hear(context, window) });
      }
      startMs += durationMs;
    } catch (error) {
      const unreadable =
        error instanceof MediaError || (error instanceof AiError && error.code === 'rejected');
      if (!unreadable) throw error;
      heard.push({ startMs, endMs: startMs + expectedMs, heard: null });
      startMs += expectedMs;
    }
  }
  if (heard.every((window) => window.heard === null)) {
    throw new MediaError('unreadable', 'no segment of the recording can be read');
  }
  return heard;
}

function hear({ ai, signal }: StepContext, { bytes, mimeType }: MediaWindow): Promise<Heard> {
  return ai.transcribe({ bytes, mimeType }, { signal });
}

async function assemble(context: StepContext, windows: readonly HeardWindow[]): Promise<TranscriptAssembled> {
  const { session, generation, texts, now } = context;
  const heard = windows.flatMap((window) =>
    window.heard === null ? [] : [{ ...window, heard: window.heard }],
  );
  const first = needed(heard[0], 'transcribed window').heard;
  const text = heard
    .map((window) => window.heard.text.trim())
    .filter((part) => part !== '')
    .join(' ');
  const words = heard.every((window) => window.heard.words !== undefined)
    ? {
        words: heard.flatMap((window) =>
          (window.heard.words ?? []).map((word) => shifted(word, window.startMs)),
        ),
      }
    : {};
  const language = first.language === undefined ? {} : { language: first.language };
  const { provider, model } = first;
  const reference = await texts.write(session.sessionId, 'transcript', {
    text,
    ...words,
    ...language,
    provider,
    model,
  });
  const gaps: Gap[] = windows
    .filter((window) => window.heard === null)
    .map(({ startMs, endMs }) => ({ startMs, endMs, reason: 'unreadable' }));
  const heardMs = heard.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  const storedMs = session.merged?.durationMs ?? windows.at(-1)?.endMs ?? heardMs;
  const coverage = {
    capturedMs: session.upload?.durationMs ?? storedMs,
    storedMs,
    transcribedMs: heardMs,
    gaps,
  };
  return {
    type: 'TranscriptAssembled',
    data: { at: now(), generation, provider, model, ...reference, characters: text.length, coverage },
  };
}

function shifted({ word, startMs, endMs }: Word, offsetMs: number): Word {
  return { word, startMs: startMs + offsetMs, endMs: endMs + offsetMs };
}
