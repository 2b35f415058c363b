import type { RecorderTrouble } from '../upload/ports.ts';

/**
 * Tells each change of what is wrong with the microphone. A call on a phone mutes the track too: it is told from a mute
 * by the page being hidden, or by the audio being `interrupted` (iOS).
 * @returns how to end it
 */
export function watchMicrophone(
  track: MediaStreamTrack,
  context: AudioContext,
  onTrouble: (trouble: RecorderTrouble | null) => void,
): () => void {
  let told: RecorderTrouble | null = null;

  function look(): void {
    const trouble = troubleOf(track, context);
    if (trouble === told || told === 'microphone-lost') return;
    told = trouble;
    onTrouble(trouble);
  }
  function unmuted(): void {
    // iOS leaves the context standing after a call.
    if (context.state !== 'closed') context.resume().catch(() => undefined);
    look();
  }

  track.addEventListener('ended', look);
  track.addEventListener('mute', look);
  track.addEventListener('unmute', unmuted);
  context.addEventListener('statechange', look);
  look();
  return () => {
    track.removeEventListener('ended', look);
    track.removeEventListener('mute', look);
    track.removeEventListener('unmute', unmuted);
    context.removeEventListener('statechange', look);
  };
}

function troubleOf(track: MediaStreamTrack, context: AudioContext): RecorderTrouble | null {
  if (track.readyState === 'ended') return 'microphone-lost';
  const interrupted = (context.state as string) === 'interrupted';
  if (interrupted || (track.muted && globalThis.document?.hidden === true)) return 'interrupted';
  return track.muted ? 'muted' : null;
}
