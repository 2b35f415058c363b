/**
 * Work for a session, given up when nobody waits for it any more: its person erased it, it expired or failed, its upload
 * began anew as one file, or more of it comes. The log tells of that (sessions/changes.ts), whichever node it came from. Telling is only
 * to spare the provider: where it comes too late or gets lost, the result is refused all the same.
 */
import type { RecordingEventType } from '../recording/events.ts';
import type { SessionChanges } from '../sessions/changes.ts';

/** What may end the need for work that is under way. After others it is wanted still: they are not looked into. */
const ENDINGS: readonly RecordingEventType[] = [
  'SessionErased',
  'SessionExpired',
  'SessionFailed',
  'UploadFellBack',
  'UploadReopened',
  'TranscriptAssembled', // of the paragraph that was being written, see pending-steps.ts
];

export class NoLongerWanted extends Error {
  constructor() {
    super('nobody waits for this any more');
    this.name = 'NoLongerWanted';
  }
}

export type Wanted = {
  readonly sessionId: string;
  readonly changes: Pick<SessionChanges, 'listen'>;
  /** Asked again after what may have ended it. */
  readonly isWanted: () => Promise<boolean>;
  readonly signal: AbortSignal;
};

/** @throws NoLongerWanted, and what `work` throws; its signal is aborted by either */
export async function whileWanted<T>(
  { sessionId, changes, isWanted, signal }: Wanted,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const stopListening = changes.listen(sessionId, (types) => {
    if (types !== null && !ENDINGS.some((type) => types.has(type))) return;
    // The log may be away: then nothing is known, and the work goes on.
    void isWanted().then(
      (wanted) => wanted || over.abort(new NoLongerWanted()),
      () => undefined,
    );
  });
  try {
    return await work(AbortSignal.any([signal, over.signal]));
  } catch (error) {
    throw over.signal.aborted ? over.signal.reason : error;
  } finally {
    stopListening();
  }
}
