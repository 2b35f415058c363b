/** What one session went through, as spans of time: pure, for the waterfall of those who look for the cause. */
import { type RecordingEvent, STEPS, type StepName } from './events.ts';
import { isWindowed } from './session-windows.ts';

export type Span = {
  /** `recording`, or a step. */
  readonly name: 'recording' | StepName;
  readonly startedAt: string;
  /** Null while it goes on. */
  readonly endedAt: string | null;
  /** `stopped`: the session failed by something else meanwhile. */
  readonly outcome: 'open' | 'done' | 'failed' | 'stopped';
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

/** What is heard in windows is heard from the beginning on; what is waited for is the time after stop. */
function waitsFor(step: StepName, windowed: boolean): 'recording' | StepName {
  return windowed && step === 'transcribe' ? 'recording' : WAITS_FOR[step];
}

/** In the order in which they began. A fallback or a retry begins a step anew: it then has a second span. */
export function spans(events: readonly RecordingEvent[]): Span[] {
  const closed: Span[] = [];
  let open: Span[] = [];
  let failedAt: string | null = null;
  let windowed = isHeardInWindows(events);
  const begin = (name: Span['name'], at: string) => {
    if (open.some((span) => span.name === name)) return;
    open.push({ name, startedAt: at, endedAt: null, outcome: 'open', failedAttempts: 0 });
  };
  const end = (name: Span['name'], at: string, outcome: 'done' | 'failed' | 'stopped') => {
    const span = open.find((each) => each.name === name);
    if (span === undefined) return;
    open = open.filter((each) => each !== span);
    closed.push({ ...span, endedAt: at, outcome });
    if (outcome !== 'done') return;
    for (const step of STEPS) {
      const needsImages = step === 'describe-images' && !withImages(events);
      if (waitsFor(step, windowed) === name && !needsImages) begin(step, at);
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
        windowed = false;
        begin('recording', at);
        break;
      case 'UploadReopened':
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
        // What was stopped with the session goes on with it.
        for (const { name, outcome } of closed.filter(({ endedAt }) => endedAt === failedAt))
          if (outcome === 'stopped') begin(name, at);
        break;
      case 'SessionFailed':
        failedAt = at;
        for (const { name } of open) end(name, at, 'stopped');
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

function isHeardInWindows([first]: readonly RecordingEvent[]): boolean {
  return first?.type === 'SessionCreated' && isWindowed(first.data);
}

function withImages(events: readonly RecordingEvent[]): boolean {
  const [first] = events;
  return first?.type === 'SessionCreated' && first.data.images.length > 0;
}
