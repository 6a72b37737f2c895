/** What is run, and so needs nobody to import it. */
const RUN = [
  '^src/extension\\.ts$',
  '^scripts/',
  '\\.test\\.ts$',
  '^test/host/run\\.ts$',
  '^test/host/desktop\\.ts$',
  '^test/host/suite/.*index\\.ts$',
];

/** Import cycles, types included: ESLint holds the layers, this holds the direction inside them. */
module.exports = {
  forbidden: [
    {
      name: 'no-cycle',
      comment: 'Calls go down, events come up: nothing imports what imports it.',
      severity: 'error',
      from: { path: '^(src|test|scripts)/' },
      to: { circular: true },
    },
    {
      name: 'no-dead-file',
      comment: 'What nothing that is run leads to is dead.',
      severity: 'error',
      from: { path: RUN },
      to: { path: ['^src/', '^test/.*\\.ts$'], pathNot: RUN, reachable: false },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
