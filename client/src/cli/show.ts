/** What a person sees: a bar on a terminal, lines elsewhere. */
import cliProgress from 'cli-progress';
import type { SessionStatus } from '../contract.ts';

export type Progress = {
  note(line: string): void;
  uploading(sentBytes: number, totalBytes: number): void;
  uploaded(): void;
  processing(status: SessionStatus): void;
  /** Gives the terminal back as it was. */
  stop(): void;
};

export function showProgress(stream: NodeJS.WriteStream): Progress {
  const bar = stream.isTTY
    ? new cliProgress.SingleBar(
        {
          stream,
          format: '{what} {bar} {percentage} %',
          hideCursor: true,
          clearOnComplete: true,
          barsize: 30,
        },
        cliProgress.Presets.shades_classic,
      )
    : null;
  let told = '';
  const tell = (line: string) => {
    if (line !== told) stream.write(`${printable(line)}\n`);
    told = line;
  };
  const show = (what: string, percent: number) => {
    if (bar === null) tell(`${what} ${Math.floor(percent / 25) * 25} %`);
    else if (bar.isActive) bar.update(percent, { what });
    else bar.start(100, percent, { what });
  };
  return {
    note: (line) => {
      bar?.stop();
      tell(line);
    },
    uploading: (sent, total) => show('sending', total === 0 ? 100 : Math.floor((sent / total) * 100)),
    uploaded: () => bar?.stop(),
    processing: ({ stage, progress }) => show(stage, progress),
    stop: () => bar?.stop(),
  };
}

/** The entry, or why there is none. */
export function describe(status: SessionStatus): string {
  const { entry, transcript, timings, failure, provider } = status;
  const lines: string[] = [];
  if (provider === 'sandbox') lines.push('(heard and written by the SANDBOX provider, not a real one)', '');
  if (transcript !== undefined)
    lines.push('Transcript', transcript.text === '' ? '(nothing was said)' : transcript.text, '');
  if (entry !== undefined) {
    lines.push(entry.title, '-'.repeat(Math.min(60, entry.title.length)), entry.text, '');
    if (entry.emotion !== null) lines.push(`Emotion:  ${entry.emotion}`);
    if (entry.feedback !== null) lines.push(`Feedback: ${entry.feedback}`);
  }
  if (failure !== undefined)
    lines.push(`${failure.code}: ${failure.message}${failure.retriable ? ' (may be retried)' : ''}`);
  const seconds = (milliseconds: number | null) =>
    milliseconds === null ? '-' : `${(milliseconds / 1000).toFixed(1)} s`;
  lines.push(
    `Upload wait ${seconds(timings.uploadWaitMs)}, processing ${seconds(timings.processingMs)}, total ${seconds(timings.totalMs)}`,
  );
  return lines.map(printable).join('\n');
}

/** Without control characters, by which a text from elsewhere could drive the terminal. */
export function printable(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, '');
}
