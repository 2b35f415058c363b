import type { VoiceApi } from '../voice-api.ts';

/**
 * React Native's AbortSignal (`abort-controller` 3) has no `throwIfAborted`, which following a session asks of it. It is
 * added to the signal that is handed on, not to everybody's.
 */
export function withWholeSignal(api: VoiceApi): VoiceApi {
  return {
    ...api,
    events: (sessionId, options = {}) => {
      const { signal } = options;
      return api.events(sessionId, signal === undefined ? options : { ...options, signal: whole(signal) });
    },
  };
}

function whole(signal: AbortSignal): AbortSignal {
  if (typeof signal.throwIfAborted === 'function') return signal;
  return Object.assign(signal, {
    throwIfAborted() {
      if (signal.aborted) throw signal.reason ?? new Error('aborted');
    },
  });
}
