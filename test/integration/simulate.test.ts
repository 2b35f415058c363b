/** `npm run simulate` as a process of its own, against the real application. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setFaults, startApplication, type TestApplication } from '../support/application.ts';
import { freePort } from '../support/free-port.ts';
import { runProgram } from '../support/process.ts';

const JWT_SECRET = 'a secret of thirty-two characters, to sign the virtual users';
const NO_WAIT = ['--single-wait', '0', '--chunked-wait', '0'];

let application: TestApplication;
let withRollout: TestApplication;
const applications: TestApplication[] = [];

beforeAll(async () => {
  application = await startApplication({ JWT_SECRET });
  applications.push(application);
  withRollout = await startApplication({ JWT_SECRET }, { unleash: true });
  applications.push(withRollout);
}, 300_000);
afterAll(async () => {
  for (const each of applications) await each.stop();
}, 300_000);

function start(url: string, args: readonly string[], secret: string = JWT_SECRET) {
  return runProgram('simulate/main.ts', ['--url', url, '--seed', '11', ...args], { JWT_SECRET: secret });
}
const simulate = (url: string, args: readonly string[], secret?: string) => start(url, args, secret).ended;

describe('npm run simulate', () => {
  it('makes real sessions that really fail, in either arm, and the server counts what was sent', async () => {
    const failures = ['--chunked-failure', '0.3', '--single-failure', '0.1', '--sessions-per-user', '1.5'];
    const { code, stdout, stderr } = await simulate(withRollout.url, [
      ...['--users', '60', '--percent', '50', '--json'],
      ...failures,
      ...NO_WAIT,
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('to 50 %') });
    const { stages, unexpected, differences, reassigned, experiment, rollout } = JSON.parse(stdout);
    expect({ unexpected, differences, reassigned }).toEqual({
      unexpected: {},
      differences: [],
      reassigned: [],
    });
    expect(rollout).toMatchObject({ state: 'running', percent: 50 });
    const { chunked, single } = stages[0].arms;
    expect(chunked.failed).toBeGreaterThan(0);
    expect(single.completed).toBeGreaterThan(0);
    const { sessions, completed, failed } = experiment.total.arms.chunked;
    expect({ sessions, completed, failed }).toEqual({
      sessions: chunked.sessions,
      completed: chunked.completed,
      failed: chunked.failed,
    });
  }, 90_000);

  it('has waits that the server believes', async () => {
    const waits = ['--single-wait', '3', '--chunked-wait', '0.5', '--wait-sigma', '0'];
    const { code, stdout } = await simulate(withRollout.url, ['--users', '40', ...waits, '--json']);
    const { chunked, single } = JSON.parse(stdout).stages[0].arms;
    expect(code).toBe(0);
    expect(chunked.uploadWaitMs).toBeGreaterThanOrEqual(500);
    expect(chunked.uploadWaitMs).toBeLessThan(1_500);
    expect(single.uploadWaitMs).toBeGreaterThanOrEqual(3_000);
    expect(single.uploadWaitMs).toBeLessThan(4_000);
  }, 90_000);

  it('shows the autopilot rolling a bad arm back', async () => {
    const story = ['--autopilot', '--until-rolled-back', '--chunked-failure', '0.9', '--single-failure', '0'];
    const { code, stdout, stderr } = await simulate(withRollout.url, [
      ...['--users', '3000', '--percent', '50', '--rate', '20'],
      ...story,
      ...NO_WAIT,
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/the autopilot: .*back/i) });
    expect(stdout).toMatch(/The autopilot rolled it back after \d+ chunked sessions, \d+ of which failed/);
    expect(stdout).toContain('The rollout is rolled-back at 0 %, its flag in-force.');
  }, 120_000);

  it('sends traffic also where there is no rollout', async () => {
    const { code, stdout } = await simulate(application.url, ['--users', '10', '--words', '0', ...NO_WAIT]);
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/10 users, 10 sessions.*\n.*\n.*\nas it stood +chunked +10 /),
    });
  }, 60_000);
});

describe('its exit code', () => {
  it('is 0 for --help, on stdout', async () => {
    const { code, stdout, stderr } = await simulate(application.url, ['--help']);
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^Usage: npm run simulate/),
      stderr: '',
    });
  });

  it('is 1, with one line, for wrong usage', async () => {
    expect(await simulate(application.url, ['--users', 'many'])).toEqual({
      code: 1,
      stdout: '',
      stderr: '--users: a whole number from 1 to 100000\n',
    });
  });

  it('is 2 when sessions end otherwise than they were to', async () => {
    await setFaults({ url: application.sandboxUrl }, { mode: 'status', status: 400, path: 'transcriptions' });
    const { code, stdout } = await simulate(application.url, [
      ...['--users', '3', '--chunked-failure', '0'],
      ...NO_WAIT,
    ]);
    await setFaults({ url: application.sandboxUrl }, { mode: 'none' });
    expect({ code, stdout }).toEqual({
      code: 2,
      stdout: expect.stringContaining('Ended otherwise than they were to: 3 (failed: provider_rejected)'),
    });
  }, 60_000);

  it('is 3 when the server is not reached, and says what to do', async () => {
    const { code, stderr } = await simulate(`http://127.0.0.1:${await freePort()}`, ['--users', '1']);
    expect({ code, stderr }).toEqual({
      code: 3,
      stderr: expect.stringContaining('Is it running (npm start)'),
    });
  }, 30_000);

  it('is 3 when the secret is another one, which is in no message', async () => {
    const other = 'another secret of thirty-two characters';
    const { code, stderr } = await simulate(application.url, ['--users', '1'], other);
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining('token_invalid') });
    expect(stderr).not.toContain(other);
  }, 30_000);

  it('is 3 when the server gives no development tokens', async () => {
    const { code, stderr } = await simulate(application.url, ['--users', '1'], '');
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining('--token-secret') });
  }, 30_000);

  it('is 4 when it waited for a rollback that did not come', async () => {
    const { code } = await simulate(withRollout.url, ['--users', '2', '--until-rolled-back', ...NO_WAIT]);
    expect(code).toBe(4);
  }, 60_000);

  it('is 130 when it is interrupted, with the table so far', async () => {
    const program = start(application.url, ['--users', '20', '--single-wait', '60']);
    await program.printed(/20 under way/);
    program.child.kill('SIGINT');
    const { code, stdout } = await program.ended;
    expect({ code, stdout }).toEqual({
      code: 130,
      stdout: expect.stringMatching(/chunked +20 +0 +0 +0 +20 /),
    });
  }, 60_000);
});
