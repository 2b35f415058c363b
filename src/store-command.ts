/** What the commands that look after the stores (`npm run audit`, `npm run retention`) tell, and how they fail. */
import { StoresMissing } from './compose-stores.ts';

/** Between two lines of progress. */
const PROGRESS_MS = 2_000;

export type StoreCommand = {
  /** What is going on, in one line. */
  progress(line: string): void;
  /** The same, of what moves all the time: a line now and then. */
  nowAndThen(line: () => string): void;
  /** Why it could not be done; gives back the exit code. */
  complain(error: unknown, code: number): number;
  /** The exit code; 1 where a store is away, or refuses. What nobody expects is thrown on. */
  done(work: Promise<number>): Promise<number>;
};

export function storeCommand(name: string): StoreCommand {
  let next = Date.now() + PROGRESS_MS;
  const progress = (line: string) => void process.stderr.write(`${name}: ${line} ...\n`);
  const complain = (error: unknown, code: number) => {
    process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`);
    return code;
  };
  return {
    progress,
    nowAndThen(line) {
      if (Date.now() < next) return;
      next = Date.now() + PROGRESS_MS;
      progress(line());
    },
    complain,
    async done(work) {
      try {
        return await work;
      } catch (error) {
        if (error instanceof StoresMissing || (error instanceof Error && 'code' in error))
          return complain(error, 1);
        throw error;
      }
    },
  };
}
