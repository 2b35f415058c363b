/** What a person sees while it goes on: a bar on a terminal, a line every few seconds elsewhere. */
import cliProgress from 'cli-progress';
import type { HistoryItem } from './rollout-documents.ts';
import { countByArm, type SessionRecord } from './session-record.ts';

const BAR_EVERY_MS = 250;
const LINE_EVERY_MS = 5_000;

export type Show = {
  note(line: string): void;
  history(item: HistoryItem): void;
  /** Gives the terminal back as it was. */
  stop(): void;
};

export function showProgress(
  stream: NodeJS.WriteStream,
  records: readonly SessionRecord[],
  expected: number,
): Show {
  const bar = stream.isTTY
    ? new cliProgress.SingleBar(
        { stream, format: '{bar} {what}', hideCursor: true, clearOnComplete: true, barsize: 20 },
        cliProgress.Presets.shades_classic,
      )
    : null;
  let told = '';
  const line = (text: string) => {
    bar?.stop();
    stream.write(`${printable(text)}\n`);
  };
  const update = () => {
    const { what, ended } = progressOf(records);
    if (bar === null) {
      if (what !== told) line(what);
    } else if (bar.isActive) bar.update(ended, { what });
    else if (records.length > 0) bar.start(expected, ended, { what });
    told = what;
  };
  const timer = setInterval(update, bar === null ? LINE_EVERY_MS : BAR_EVERY_MS);
  return {
    note: (text) => line(`${timeOf(new Date())} ${text}`),
    history: (item) => line(`${timeOf(new Date(item.at))} ${tellHistory(item)}`),
    stop: () => {
      clearInterval(timer);
      bar?.stop();
    },
  };
}

function progressOf(records: readonly SessionRecord[]): { readonly what: string; readonly ended: number } {
  const { chunked, single } = countByArm(records);
  const open = chunked.open + single.open;
  const arm = ({ sessions, failed }: typeof chunked) => `${sessions} (${failed} failed)`;
  return {
    what: `chunked ${arm(chunked)}, single ${arm(single)}, ${open} under way`,
    ended: records.length - open,
  };
}

function tellHistory({ text, by, actor, reason }: HistoryItem): string {
  const who = by === 'autopilot' ? 'the autopilot: ' : by === 'person' ? `${actor}: ` : '';
  return `${who}${text}${reason === null ? '' : ` (${reason})`}`;
}

function timeOf(date: Date): string {
  return Number.isNaN(date.getTime()) ? '--:--:--' : date.toTimeString().slice(0, 8);
}

/** Without control characters, by which a text from elsewhere could drive the terminal. */
export function printable(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, '');
}
