/** One opening of the microphone through `expo-audio`: asking for it, its stream, and what its errors mean. */
import { RecorderError } from '../upload/ports.ts';
import type { AudioModules, PcmBuffer, Permission } from './expo-modules.ts';

export interface OpenMicrophone {
  /** Nothing is heard of it afterwards. */
  close(): void;
}

/** @throws RecorderError */
export async function askForMicrophone({ AudioModule }: AudioModules): Promise<void> {
  const answer = await permissionOf(AudioModule).catch((error) => {
    throw recorderErrorOf(error);
  });
  if (answer.granted) return;
  const where = answer.canAskAgain ? '' : '; it can only be allowed in the settings now';
  throw new RecorderError('permission-denied', `the microphone was not allowed${where}`);
}

async function permissionOf(module: AudioModules['AudioModule']): Promise<Permission> {
  const known = await module.getRecordingPermissionsAsync();
  return known.granted || !known.canAskAgain ? known : module.requestRecordingPermissionsAsync();
}

/**
 * Float32 is asked for: an iPhone that cannot convert gives float32 whatever was asked, and doesn't say so.
 * A stream of its own each time: after an interruption iOS's is dead and still calls itself streaming.
 * @throws RecorderError
 */
export async function openMicrophone(
  { AudioModule }: AudioModules,
  sampleRate: number,
  onBuffer: (buffer: PcmBuffer) => void,
): Promise<OpenMicrophone> {
  if (typeof AudioModule?.AudioStream !== 'function') {
    throw new RecorderError('not-supported', 'this expo-audio has no AudioStream: SDK 56 or later is needed');
  }
  const stream = new AudioModule.AudioStream({ sampleRate, channels: 1, encoding: 'float32' });
  const subscription = stream.addListener('audioStreamBuffer', onBuffer);
  const close = () => {
    subscription.remove();
    try {
      stream.stop();
      stream.release();
    } catch {
      // It was taken away already, which is what was wanted.
    }
  };
  try {
    await stream.start();
    return { close };
  } catch (error) {
    close();
    throw recorderErrorOf(error);
  }
}

/** By the codes that Expo makes of its exceptions' names (`AudioStreamUnsupportedConfigException`, …). */
function recorderErrorOf(error: unknown): RecorderError {
  const { code = '', message = String(error) } = (error ?? {}) as { code?: string; message?: string };
  if (/PERMISSION/.test(code)) return new RecorderError('permission-denied', message, { cause: error });
  if (/UNSUPPORTED/.test(code) || /not supported/.test(message)) {
    return new RecorderError('not-supported', message, { cause: error });
  }
  return new RecorderError('microphone-busy', message, { cause: error });
}
