import type { ChildProcess } from 'node:child_process';

/** The first group of `pattern` in what it writes to stdout. */
export function printedBy(child: ChildProcess, pattern: RegExp, milliseconds: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const timer = setTimeout(() => reject(new Error('it is not ready in time')), milliseconds);
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      reject(new Error(`it ended while it started (${signal ?? `code ${code}`})`));
    });
    child.once('error', reject);
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4_000);
      const found = pattern.exec(said)?.[1];
      if (found === undefined) return;
      clearTimeout(timer);
      resolve(found);
    });
  });
}
