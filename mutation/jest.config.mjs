/** The project's runner for the pure rooms alone: no server is started, and each property is asked a few times. */
import project from '../jest.config.mjs';

const { globalSetup, globalTeardown, testSequencer, maxWorkers, workerIdleMemoryLimit, ...pure } = project;

export default {
  ...pure,
  // Stryker runs in a copy of the project.
  rootDir: process.cwd(),
  testMatch: ['<rootDir>/src/{recording,rollout}/**/*.test.ts'],
  moduleNameMapper: { ...pure.moduleNameMapper, '^fast-check$': '<rootDir>/mutation/few-runs.ts' },
};
