/** The answer of `GET status`: the view of the fold, with the texts that it names. */
import type { Session } from '../recording/session.ts';
import { type StatusView, statusView } from '../recording/status.ts';
import { partialTranscript } from './partial-transcript.ts';
import type { TextKinds, Texts } from './texts.ts';

export type StatusDocument = { readonly sessionId: string } & Omit<StatusView, 'failure' | 'steps'> & {
    readonly steps: StatusView['steps'];
    readonly failure?: NonNullable<StatusView['failure']>;
    readonly transcript?: { readonly text: string; readonly language?: string };
    /** Until the transcript is there: what was understood so far and will not change any more, and up to where. */
    readonly partialTranscript?: { readonly text: string; readonly throughMs: number };
    readonly entry?: {
      readonly title: string;
      readonly text: string;
      readonly emotion: TextKinds['emotion']['emotion'] | null;
      readonly feedback: string | null;
    };
    /** Which provider answered (`sandbox` is not the real thing); absent before any did. */
    readonly provider?: string;
    /** Version of the stream that this was folded from. */
    readonly version: number;
  };

export async function statusDocument(
  session: Session,
  version: number,
  now: string,
  texts: Texts,
): Promise<StatusDocument> {
  const view = statusView(session, now);
  const base = { sessionId: session.sessionId, ...view, version };
  // An erased or expired session has no texts left to read.
  if (session.phase === 'erased' || session.phase === 'expired') return base;
  const [partial, transcript, entry, emotion, feedback] = await Promise.all([
    partialTranscript(session, texts),
    texts.find('transcript', session.transcript),
    texts.find('entry', session.entry),
    texts.find('emotion', session.emotion),
    texts.find('feedback', session.feedback),
  ]);
  const provider = transcript?.provider ?? entry?.provider;
  return {
    ...base,
    ...(partial === null ? {} : { partialTranscript: partial }),
    ...(transcript === null
      ? {}
      : {
          transcript: {
            text: transcript.text,
            ...(transcript.language === undefined ? {} : { language: transcript.language }),
          },
        }),
    ...(entry === null
      ? {}
      : {
          entry: {
            title: entry.title,
            text: entry.text,
            emotion: emotion?.emotion ?? null,
            feedback: feedback?.feedback ?? null,
          },
        }),
    ...(provider === undefined ? {} : { provider }),
  };
}
