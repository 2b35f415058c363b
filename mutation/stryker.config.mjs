/** What Stryker changes, and how the change is looked at; `main.mjs` fills in which file, and what the command line says. */
export default {
  plugins: [`${import.meta.dirname}/node_modules/@stryker-mutator/vitest-runner/dist/src/index.js`],
  testRunner: 'vitest',
  vitest: { configFile: 'mutation/vitest.config.mjs', related: false },
  // TypeScript 7 has no API that Stryker could rewrite a tsconfig with; Vite strips the types.
  tsconfigFile: 'mutation/none.json',
  coverageAnalysis: 'perTest',
  // What runs once, when a module is read, would be asked of every test: as long again as all the rest.
  ignoreStatic: true,
  ignorePatterns: [
    '.data',
    '.ci-data',
    'client',
    'console',
    'docs',
    'expo',
    'grafana',
    'bench',
    'soak',
    'fuzz',
    'gameday',
    'mutation/.sandbox',
    'mutation/report',
  ],
  incremental: true,
  incrementalFile: 'mutation/report/incremental.json',
  tempDirName: 'mutation/.sandbox',
  reporters: ['json', 'progress-append-only'],
  jsonReporter: { fileName: 'mutation/report/report.json' },
  allowConsoleColors: false,
};
