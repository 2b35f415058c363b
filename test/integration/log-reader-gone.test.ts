/** A process whose log nobody reads any more goes on, and ends when it is told to. */
import { expect, it } from '@jest/globals';
import { endProgram, runProgram } from '../support/process.ts';

it('ends in good order when who read its log is gone', async () => {
  const program = runProgram('test/support/log-child.ts', []);
  await program.printed(/^ready/m);
  program.child.stdout?.destroy();
  program.child.stderr?.destroy();
  expect((await endProgram(program)).code).toBe(0); // null after a kill: SIGTERM was not enough
});

it('writes what is left when it ends', async () => {
  const program = runProgram('test/support/log-child.ts', []);
  await program.printed(/^ready/m);
  const { code, stderr } = await endProgram(program);
  expect(code).toBe(0);
  expect(stderr).toContain('the last line');
});
