/**
 * Events that are in a stream twice and may be there once only. A repetition that somebody asked for is none: after a
 * fallback, a requeue, or a client that came back to a sealed session, the same may be found anew.
 */
export type LoggedEvent = { readonly type: string; readonly data: Readonly<Record<string, unknown>> };

/** What each of these is known by, besides its type; other events may come as often as they like. */
const KNOWN_BY: Readonly<Record<string, readonly string[]>> = {
  SessionCreated: [],
  ChunkReceived: ['index', 'key', 'sha256'],
  UploadFellBack: ['reason'],
  UploadCompleted: ['by', 'chunks'],
  WindowTranscribed: ['generation', 'window'],
  ParagraphPolished: ['generation', 'paragraph'],
  RecordingMerged: ['generation'],
  MergeFailed: ['generation'],
  TranscriptAssembled: ['generation'],
  ImagesDescribed: ['generation'],
  EntryPolished: ['generation'],
  EmotionAnalysed: ['generation'],
  FeedbackWritten: ['generation'],
  StepAttemptFailed: ['step', 'generation', 'part', 'attempt'],
  SessionCompleted: [],
  SessionFailed: [],
  SessionExpired: [],
  SessionErased: [],
};

/** These begin something anew. */
const BEGINS_ANEW: ReadonlySet<string> = new Set(['UploadFellBack', 'StepRequeued', 'UploadCompleted']);
/** An outage costs no try: the same attempt fails as often as the provider is away. */
const isCounted = ({ type, data }: LoggedEvent) => type !== 'StepAttemptFailed' || data.outage !== true;

/** One line each. @param stream its events in order */
export function doubledEvents(stream: readonly LoggedEvent[]): string[] {
  const seen = new Set<string>();
  const doubled: string[] = [];
  let round = 0;
  for (const event of stream.filter(isCounted)) {
    const fields = KNOWN_BY[event.type];
    if (fields === undefined) continue;
    const parts = fields.map((field) => `${field} ${String(event.data[field])}`);
    const name = [event.type, ...parts].join(', ');
    // What was received stays received; the rest belongs to its round.
    const key = event.type === 'ChunkReceived' || event.type === 'SessionCreated' ? name : `${round}/${name}`;
    if (seen.has(key)) doubled.push(name);
    seen.add(key);
    if (BEGINS_ANEW.has(event.type)) {
      round++;
      seen.add(`${round}/${name}`); // the same again, with nothing in between, is no new beginning
    }
  }
  return doubled;
}
