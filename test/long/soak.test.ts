/** The soak, short: everything is killed and a tenth of the requests fail, and every word is there once. */
import { describe, expect, it } from '@jest/globals';
import { endProgram, runProgram } from '../support/process.ts';

const seed = Number(process.env.TEST_SEED ?? Date.now() % 1_000_000);
const LONGEST_MS = 20 * 60_000;

describe(`500 recordings under faults (TEST_SEED=${seed})`, () => {
  it(
    'lose and double no word, and all become entries',
    async () => {
      const soak = runProgram('soak/main.ts', [
        '--sessions=500',
        '--concurrency=60',
        '--clients=3',
        '--kill-every=5',
        // How soon the service recovers is for a machine that has nothing else to do; what is lost is for any.
        '--untimed',
        `--seed=${seed}`,
      ]);
      const tooLate = setTimeout(() => void endProgram(soak), LONGEST_MS);
      const { code, stdout, stderr } = await soak.ended;
      clearTimeout(tooLate);
      process.stdout.write(`${stdout}\n`);
      expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    },
    LONGEST_MS + 60_000,
  );
});
