/** A file that somebody has: whether it is a recording we can send, of what kind, and how long. */
import { AudioFileError, type AudioFileErrorCode, describeAudioFile } from '@thankly/voice-client/web';

export type RecordingFile = { readonly mimeType: string; readonly durationMs: number };

export type FileProblem = AudioFileErrorCode | 'too-large';

/** What the server takes at most (`recording_too_large`). */
export const MAX_FILE_BYTES = 200 * 1024 * 1024;

/** For the file dialog; what is chosen is looked at all the same. */
export const ACCEPTED = 'audio/*,.wav,.webm,.mp4,.m4a,.ogg,.oga,.opus,.mp3';

export async function lookAtFile(file: Blob): Promise<RecordingFile | FileProblem> {
  if (file.size === 0) return 'silent';
  if (file.size > MAX_FILE_BYTES) return 'too-large';
  try {
    return await describeAudioFile(file);
  } catch (error) {
    return error instanceof AudioFileError ? error.code : 'unreadable';
  }
}
