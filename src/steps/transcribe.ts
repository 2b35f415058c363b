/**
 * From the recording to its transcript. In windows, where it arrived in chunks while it was spoken: one window a run, and
 * then all of them put together. Else as one file, or in as few as the provider's size limit allows.
 */
import { defined } from '../recording/defined.ts';
import { capturedMs } from '../recording/ledger.ts';
import { isWindowed } from '../recording/session-windows.ts';
import { coverage } from '../recording/windows/cover.ts';
import { assembleTranscript } from './assemble-transcript.ts';
import { type Heard, hear } from './hear.ts';
import { needed } from './needed.ts';
import type { Step } from './step.ts';
import { transcribeWindow } from './transcribe-window.ts';

export const transcribe: Step = (context) => {
  if (context.part !== undefined) return transcribeWindow(context);
  return isWindowed(context.session) ? assembleTranscript(context) : transcribeFile(context);
};

const transcribeFile: Step = async (context) => {
  const { session, generation, objects, media, limits, texts, now } = context;
  const merged = needed(session.merged, 'merged recording');
  const bytes = await objects.read(merged.key, limits.maxRecordingBytes);
  const heard: (Heard & { readonly startMs: number; readonly endMs: number })[] = [];
  for (const window of await media.cutForProvider(bytes, merged.mimeType)) {
    const { startMs, endMs } = window;
    heard.push({ ...(await hear(context, window)), startMs, endMs });
  }
  const { provider, model, language } = needed(heard[0], 'transcribed file');
  const text = heard
    .map((each) => each.text.trim())
    .filter((each) => each !== '')
    .join(' ');
  const words = heard.every((each) => each.words !== undefined)
    ? heard.flatMap((each) => each.words ?? [])
    : undefined;
  const made = { provider, model };
  const document = { text, ...defined({ words, language }), ...made };
  const reference = await texts.write(session.sessionId, 'transcript', document);
  const facts = {
    characters: text.length,
    coverage: coverage(capturedMs(session, merged.durationMs), merged.durationMs, heard),
  };
  return [{ type: 'TranscriptAssembled', data: { at: now(), generation, ...made, ...reference, ...facts } }];
};
