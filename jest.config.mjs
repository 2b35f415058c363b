import { availableParallelism } from 'node:os';

/** One runner for every test; ESM, types stripped by swc. Run through `npm test` (scripts/test.mjs). */
const swc = ({ tsx }) => [
  '@swc/jest',
  {
    jsc: {
      parser: { syntax: 'typescript', tsx },
      target: 'es2024',
      transform: { react: { runtime: 'automatic' } },
    },
    module: { type: 'es6' },
  },
];

export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: { '^.+\\.ts$': swc({ tsx: false }), '^.+\\.tsx$': swc({ tsx: true }) },
  // The phone's primitives, as the web shows them; our own packages from their sources.
  moduleNameMapper: { '^react-native$': 'react-native-web' },
  testEnvironmentOptions: { customExportConditions: ['@thankly/source', 'node', 'node-addons'] },
  testMatch: [
    '<rootDir>/{src,projections,flags,client,console,bench,grafana,simulate,gameday,fuzz,soak,capacity,acceptance,test}/**/*.test.{ts,tsx}',
  ],
  // test/long runs in real time for an hour: `npm run test:long`.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/long/'],
  modulePathIgnorePatterns: ['<rootDir>/.data', '<rootDir>/mutation/.sandbox'],
  // Most of the long tests wait (for a recording's length, a server's start): two cores carry two of them well.
  maxWorkers: Math.min(4, Math.max(2, availableParallelism() - 1)),
  // Modules of a finished file stay in memory, and a program that is started copies the page tables of who starts it: from a
  // gigabyte that takes ten times as long.
  workerIdleMemoryLimit: '500MB',
  testSequencer: '<rootDir>/test/support/longest-first.mjs',
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  testTimeout: 60_000,
};
