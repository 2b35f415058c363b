/** The microphone by getUserMedia, and why it could not be had. */
import { RecorderError, type RecorderErrorCode } from '../upload/ports.ts';

/**
 * What browsers do to speech: echo cancelled, noise reduced, quiet speakers made louder. All of it is made for speech,
 * and alters anything else: turn it off to record tones or music.
 */
export const SPEECH: MediaTrackConstraints = {
  channelCount: 1,
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
};

export const UNPROCESSED: MediaTrackConstraints = {
  channelCount: 1,
  echoCancellation: false,
  noiseSuppression: false,
  autoGainControl: false,
};

/** @throws RecorderError */
export async function openMicrophone(constraints: MediaTrackConstraints): Promise<MediaStream> {
  // Not there on a page without a secure context.
  if (globalThis.navigator?.mediaDevices?.getUserMedia === undefined) {
    throw new RecorderError('not-supported', 'this page cannot use a microphone: it needs https');
  }
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: constraints });
  } catch (error) {
    throw recorderErrorOf(error);
  }
}

/** By the names of Media Capture and Streams (10.2) and MediaStream Recording. */
const CODES: Readonly<Record<string, RecorderErrorCode>> = {
  NotAllowedError: 'permission-denied',
  SecurityError: 'permission-denied',
  NotFoundError: 'no-microphone',
  OverconstrainedError: 'no-microphone',
  NotReadableError: 'microphone-busy',
  AbortError: 'microphone-busy',
  InvalidStateError: 'microphone-busy',
  NotSupportedError: 'not-supported',
};

export function recorderErrorOf(error: unknown): RecorderError {
  if (error instanceof RecorderError) return error;
  const { name = '', message = '' } = (error ?? {}) as { name?: string; message?: string };
  const code = CODES[name] ?? 'not-supported';
  return new RecorderError(code, message || `the microphone cannot be used (${name || String(error)})`, {
    cause: error,
  });
}
