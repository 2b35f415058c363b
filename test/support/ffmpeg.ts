/** Debian's ffmpeg: makes of a WAV what phones and browsers record. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const TIMEOUT_MS = 60_000;

/** Why ffmpeg cannot be used here; null when it can. For `describeIf`. */
export function ffmpegMissing(): string | null {
  try {
    execFileSync('ffmpeg', ['-version'], { stdio: 'ignore', timeout: TIMEOUT_MS });
    return null;
  } catch {
    return 'ffmpeg is not installed (Debian: ffmpeg)';
  }
}

/** WebM with Opus, as Chromium's and Firefox's MediaRecorder write it. */
export function webmOpus(wav: Uint8Array, kilobits = 32): Buffer {
  return convert(
    wav,
    ['-c:a', 'libopus', '-b:a', `${kilobits}k`, '-application', 'voip', '-f', 'webm'],
    'webm',
  );
}

/** mp4 with AAC, as iOS and Android write it (the index at the end). */
export function mp4Aac(wav: Uint8Array, kilobits = 64): Buffer {
  return convert(wav, ['-c:a', 'aac', '-b:a', `${kilobits}k`, '-f', 'mp4'], 'm4a');
}

/** Fragmented mp4 with AAC, as Safari's MediaRecorder writes it. */
export function fragmentedMp4Aac(wav: Uint8Array, kilobits = 64): Buffer {
  const flags = ['-movflags', 'frag_keyframe+empty_moov+default_base_moof', '-frag_duration', '500000'];
  return convert(wav, ['-c:a', 'aac', '-b:a', `${kilobits}k`, ...flags, '-f', 'mp4'], 'mp4');
}

/** Fragmented mp4 with Opus, as Debian's Chromium writes it. */
export function fragmentedMp4Opus(wav: Uint8Array, kilobits = 32): Buffer {
  const flags = ['-movflags', 'frag_keyframe+empty_moov+default_base_moof', '-frag_duration', '500000'];
  return convert(wav, ['-c:a', 'libopus', '-b:a', `${kilobits}k`, ...flags, '-f', 'mp4'], 'mp4');
}

export function oggOpus(wav: Uint8Array, kilobits = 32): Buffer {
  return convert(wav, ['-c:a', 'libopus', '-b:a', `${kilobits}k`, '-f', 'ogg'], 'ogg');
}

/** Any other: ffmpeg's options for the output. */
export function convert(wav: Uint8Array, args: readonly string[], extension: string): Buffer {
  // mp4 needs an output that can be written backwards: a file, not a pipe.
  const folder = mkdtempSync(join(tmpdir(), 'thankly-ffmpeg-'));
  try {
    const input = join(folder, 'in.wav');
    const output = join(folder, `out.${extension}`);
    writeFileSync(input, wav);
    execFileSync('ffmpeg', ['-loglevel', 'error', '-y', '-i', input, ...args, output], {
      timeout: TIMEOUT_MS,
    });
    return readFileSync(output);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
