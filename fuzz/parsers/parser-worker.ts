/** A thread that runs one parser on one file at a time; its limits, and its end, are its owner's (parser-thread.ts). */
import { parentPort } from 'node:worker_threads';
import { Insane, TARGETS } from './targets.ts';

export type ParserTask = { readonly target: string; readonly bytes: Uint8Array; readonly whole: Uint8Array };
/** `fault`: what is wrong; null: a sane result, or a refusal. `out`: bytes that came out. */
export type ParserAnswer = { readonly fault: string | null; readonly out: number; readonly refused: boolean };

async function answerOf({ target, bytes, whole }: ParserTask): Promise<ParserAnswer> {
  const parser = TARGETS[target];
  if (parser === undefined) throw new Error(`there is no parser ${target}`);
  try {
    return { fault: null, out: await parser.run(bytes, whole), refused: false };
  } catch (error) {
    if (error instanceof Insane)
      return { fault: `an insane result: ${error.message}`, out: 0, refused: false };
    if (parser.refusals.some((each) => error instanceof each)) return { fault: null, out: 0, refused: true };
    const { name, message, stack = '' } = error instanceof Error ? error : new Error(String(error));
    const where = /\n\s+at .*\/((?:src|client|node_modules)\/[^)]*)/.exec(stack)?.[1] ?? 'somewhere';
    return {
      fault: `an untyped error: ${name}: ${message.slice(0, 120)} (${where})`,
      out: 0,
      refused: false,
    };
  }
}

parentPort?.on('message', async (task: ParserTask) => {
  parentPort?.postMessage(await answerOf(task));
});
