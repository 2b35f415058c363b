/** What one session went through, as spans of time: pure, for the waterfall of those who look for the cause. */
import type { RecordingEvent, StepName } from './events.ts';

export type Span = {
  /** `recording`, or a step. */
  readonly name: 'recording' | StepName;
  readonly startedAt: string;
  /** Null while it goes on. */
  readonly endedAt: string | null;
  readonly outcome: 'open' | 'done' | 'failed';
  readonly failedAttempts: number;
};

const RESULTS: Partial<Record<RecordingEvent['type'], StepName>> = {
  RecordingMerged: 'merge',
  MergeFailed: 'merge',
  TranscriptAssembled: 'transcribe',
  ImagesDescribed: 'describe-images',
  EntryPolished: 'polish',
  EmotionAnalysed: 'emotion',
  FeedbackWritten: 'feedback',
};
/** What each step waits for: it is measured from there, so waiting in the queue is in it. */
const WAITS_FOR: Readonly<Record<StepName, 'recording' | StepName>> = {
  merge: 'recording',
  'describe-images': 'recording',
  transcribe: 'merge',
  polish: 'transcribe',
  emotion: 'transcribe',
  feedback: 'transcribe',
};

/** In the order in which they began. A fallback or a retry begins a step anew: it then has a second span. */
export function spans(events: readonly RecordingEvent[]): Span[] {
  const closed: Span[] = [];
  let open: Span[] = [];
  const begin = (name: Span['name'], at: string) => {
    if (open.some((span) => span.name === name)) return;
    open.push({ name, startedAt: at, endedAt: null, outcome: 'open', failedAttempts: 0 });
  };
  const end = (name: Span['name'], at: string, outcome: 'done' | 'failed') => {
    const span = open.find((each) => each.name === name);
    if (span === undefined) return;
    open = open.filter((each) => each !== span);
    closed.push({ ...span, endedAt: at, outcome });
    if (outcome === 'failed') return;
    for (const [step, waited] of Object.entries(WAITS_FOR)) {
      const needsImages = step === 'describe-images' && !withImages(events);
      if (waited === name && !needsImages) begin(step as StepName, at);
    }
  };
  for (const event of events) {
    const { at } = event.data;
    const step = RESULTS[event.type];
    if (step !== undefined) end(step, at, event.type === 'MergeFailed' ? 'failed' : 'done');
    switch (event.type) {
      case 'SessionCreated':
        begin('recording', at);
        break;
      case 'UploadCompleted':
        end('recording', at, 'done');
        break;
      case 'UploadFellBack':
        open = [];
        begin('recording', at);
        break;
      case 'StepAttemptFailed':
        open = open.map((span) =>
          span.name === event.data.step ? { ...span, failedAttempts: span.failedAttempts + 1 } : span,
        );
        break;
      case 'StepFailed':
        end(event.data.step, at, 'failed');
        break;
      case 'StepRequeued':
        begin(event.data.step, at);
        break;
      case 'SessionExpired':
        end('recording', at, 'failed');
        break;
      case 'SessionCompleted':
      case 'SessionErased':
        open = [];
        break;
      default:
        break;
    }
  }
  return [...closed, ...open].sort((a, b) => a.startedAt.localeCompare(b.startedAt));
}

function withImages(events: readonly RecordingEvent[]): boolean {
  const [first] = events;
  return first?.type === 'SessionCreated' && first.data.images.length > 0;
}
