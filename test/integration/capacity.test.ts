/** `npm run capacity` as a process of its own: measures the real service in seconds, and holds its model against it. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { CheckFile } from '../../capacity/model/check.ts';
import { costsByArm, MeasuredFile } from '../../capacity/model/measured.ts';
import { describeIf } from '../support/optional.ts';
import { runProgram } from '../support/process.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'capacity-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const capacity = (...args: string[]) => runProgram('capacity/main.ts', args).ended;
const read = async (name: string) => JSON.parse(await readFile(join(folder, name), 'utf8'));
const notLinux = process.platform === 'linux' ? null : 'CPU of processes is read from /proc';

describeIf(notLinux, 'npm run capacity', () => {
  it('measures what recordings cost, runs some, and says what a load needs', async () => {
    const { code, stdout, stderr } = await capacity(
      ...['--measure', '--check', '--quick', '--folder', folder, '--recordings', '1000', '--seed', '3'],
    );
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringContaining('a day of 1,000 recordings'),
    });
    const costs = costsByArm(MeasuredFile.parse(await read('unit-costs.json')));
    // Twelve seconds: three chunks, and all the events that a recording has anyway.
    const blocks = MeasuredFile.parse(await read('unit-costs.json')).blocks;
    const each = (strategy: string, item: 'uploads' | 'events' | 'transcriptions' | 'apiCpu') => {
      const block = blocks.find((one) => one.strategy === strategy);
      return (block?.amounts[item] ?? Number.NaN) / (block?.recordings ?? 1);
    };
    expect([each('chunked', 'uploads'), each('single', 'uploads')]).toEqual([3, 1]);
    expect(each('chunked', 'events')).toBeGreaterThan(each('single', 'events'));
    expect(each('single', 'transcriptions')).toBe(1);
    expect(costs.chunked.uploadBytes.perMinute).toBeGreaterThan(400_000);
    // Of CPU only that it was counted: how it grows with the length is a timing, and too small to see in seconds.
    const { fixed, perMinute } = costs.chunked.workerCpu;
    expect(fixed + perMinute).toBeGreaterThan(0);

    const { runs } = CheckFile.parse(await read('check.json'));
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({ lost: 0 });
    expect(runs[0]?.measured.entriesPerSecond).toBeGreaterThan(0);
    for (const title of [
      'What a recording costs',
      'What the model said, and what it was',
      'What a load needs',
    ])
      expect(stdout).toContain(`### ${title}`);
    expect(stdout).toContain('### A day of 1 k recordings');
  }, 300_000);

  it('says what is wrong with how it is called, and what is missing', async () => {
    expect(await capacity('--minutes', '100')).toMatchObject({
      code: 1,
      stderr: '--minutes: a number from 0.05 to 30\n',
    });
    expect(await capacity('--folder', join(folder, 'nothing'))).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('--measure'),
    });
  }, 60_000);
});
