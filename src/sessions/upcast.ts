import type { RecordedEvent } from '../eventlog/event-log.ts';
import type { RecordingEvent } from '../recording/events.ts';

/**
 * A recorded event as today's code knows it. There is one version of every event so far; when a shape changes by more
 * than an optional property, the old one is turned into the new one here, and nowhere else.
 * test/integration/recorded-events.test.ts tells when, and has what was recorded.
 */
export function upcast(event: RecordedEvent): RecordingEvent {
  return { type: event.type, data: event.data } as unknown as RecordingEvent;
}
