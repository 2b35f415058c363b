import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from '@jest/globals';
import { killUnlessGone } from './kill-unless-gone.ts';

it('kills a process that is there, lets one that is gone be, and nobody else', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  const pid = child.pid ?? 0;
  killUnlessGone(pid);
  expect(await ended).toEqual([null, 'SIGKILL']);
  killUnlessGone(pid);
  killUnlessGone(0);
});
