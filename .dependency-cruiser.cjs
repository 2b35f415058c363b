/** The import rules of the house (docs/architecture.md). `npm run check` enforces them. */
const pureRooms =
  '^src/(recording|rollout)/|^src/nodes/(judge|settings)\\.ts$|^projections/[^/]+\\.(evolve|view)\\.ts$';
/** Adapter rooms: only compose.ts with compose-adapters.ts (and a room's own files, tests and command lines) may import them. */
const adapters =
  '^src/(eventlog/(postgres|kurrentdb)|objects/(disk|s3)|ai/(openai|sandbox)|queue|database)/|^flags/unleash/';

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'pure-rooms-are-pure',
      comment:
        'recording/, rollout/, what judges nodes, and the evolve and view of projections import nothing with a side effect: time, ids and randomness come in. simple-statistics is arithmetic.',
      severity: 'error',
      from: { path: pureRooms, pathNot: '\\.test\\.ts$' },
      to: {
        pathNot:
          '^src/(recording|rollout)/|^src/nodes/settings\\.ts$|^projections/[^/]+\\.(evolve|view)\\.ts$|^node_modules/simple-statistics/',
      },
    },
    {
      name: 'http-and-steps-know-ports-only',
      severity: 'error',
      from: { path: '^src/(http|steps)/', pathNot: '\\.test\\.ts$' },
      to: { path: adapters },
    },
    {
      name: 'only-compose-picks-adapters',
      severity: 'error',
      from: {
        path: '^(src|projections|flags)/',
        pathNot:
          '^src/(compose|compose-(?:adapters|admission|stores|audit|copy|nodes)|main)\\.ts$|\\.test\\.ts$|-cli\\.ts$|^src/(eventlog/(postgres|kurrentdb)|objects/(disk|s3)|ai/(openai|sandbox)|queue|database)/|^flags/unleash/',
      },
      to: { path: adapters },
    },
    {
      name: 'adapters-do-not-know-each-other',
      severity: 'error',
      from: { path: '^src/(objects|ai|eventlog)/([^/]+)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^src/$1/[^/]+/', pathNot: '^src/$1/$2/' },
    },
    {
      name: 'client-stands-alone',
      severity: 'error',
      from: { path: '^client/' },
      to: { path: '^(src|projections|flags|bench|simulate|gameday|fuzz|soak|capacity|acceptance|test)/' },
    },
    {
      name: 'client-core-knows-no-platform',
      comment:
        'The platforms stand behind the ports of client/src/upload/ports.ts; only React and the CLI may name one.',
      severity: 'error',
      from: { path: '^client/src/', pathNot: '^client/src/(web|expo|react|cli|testing)/|\\.test\\.tsx?$' },
      to: {
        path: '^client/src/(web|expo|react|cli)/|^node_modules/(react|react-native|react-dom|expo[^/]*|idb)/',
      },
    },
    {
      name: 'client-platforms-do-not-know-each-other',
      severity: 'error',
      from: { path: '^client/src/(web|expo)/', pathNot: '\\.test\\.tsx?$' },
      to: { path: '^client/src/(web|expo|react|cli)/', pathNot: '^client/src/$1/' },
    },
    {
      name: 'hook-and-modal-know-no-platform',
      severity: 'error',
      from: { path: '^client/src/react/', pathNot: '\\.test\\.tsx?$' },
      to: { path: '^client/src/(web|expo|cli)/' },
    },
    {
      name: 'console-uses-the-published-client',
      comment: 'The pages use what any app can use, and nothing of the server.',
      severity: 'error',
      from: { path: '^console/' },
      to: { path: '^(src|projections|flags|bench|simulate|gameday|fuzz|soak|capacity|test)/' },
    },
    {
      name: 'acceptance-stands-outside',
      comment:
        'It knows of a deployment what any app can: the published client. Of the server only what makes a sound for the sandbox provider.',
      severity: 'error',
      from: { path: '^acceptance/', pathNot: '\\.test\\.ts$' },
      to: {
        path: '^(src|projections|flags|bench|grafana|simulate|gameday|fuzz|soak|capacity|test|console)/|^client/src/(?!index\\.ts$)',
        pathNot: '^src/ai/sandbox/(dtmf/encode|wav-file)\\.ts$',
      },
    },
    {
      name: 'capacity-model-is-pure',
      comment:
        'What is measured comes in: the model and the simulation know no process, clock or file. Of others they take draws from a seed, the latency model, retention periods, and the shape of tables.',
      severity: 'error',
      from: {
        path: '^capacity/(load|model|simulation|report)/|^capacity/(study|assumptions|prices)\\.ts$',
        pathNot: '\\.test\\.ts$',
      },
      to: {
        pathNot:
          '^capacity/(load|model|simulation|report)/|^capacity/(study|assumptions|prices)\\.ts$|^simulate/random\\.ts$|^bench/table\\.ts$|^src/ai/sandbox/latency\\.ts$|^src/recording/|^node_modules/(simple-statistics|zod)/',
      },
    },
    {
      name: 'no-dev-dependencies-in-production-code',
      comment:
        'The sandbox provider (GPL AAC decoder) is a development process and never ships; nor does the Unleash of embedded mode, which its process alone imports.',
      severity: 'error',
      from: {
        path: '^(src|projections|flags|client/src)/',
        pathNot:
          '\\.test\\.tsx?$|^src/ai/sandbox/|^flags/unleash/unleash-process\\.ts$|conformance\\.ts$|^client/src/(react|expo|cli)/',
      },
      to: { dependencyTypes: ['npm-dev'] },
    },
    {
      name: 'not-to-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@thankly/source', 'import', 'node', 'types', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.d.ts', '.json'],
    },
  },
};
