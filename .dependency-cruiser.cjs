/** What is run, and so needs nobody to import it. */
const RUN = [
  '^src/extension\\.ts$',
  '^scripts/',
  '\\.test\\.ts$',
  '^bench/host/(probe|filler)\\.ts$',
  '^test/host/run\\.ts$',
  '^test/host/snippets/extension\\.ts$',
  '^test/host/stranger/extension\\.ts$',
  '^test/host/desktop\\.ts$',
  '^test/host/suite/.*index\\.ts$',
  '^packages/looker-auth-api/client\\.ts$',
  '^examples/[^/]+/src/extension\\.ts$',
];

/** Import cycles, types included: ESLint holds the layers, this holds the direction inside them. */
module.exports = {
  forbidden: [
    {
      name: 'no-cycle',
      comment: 'Calls go down, events come up: nothing imports what imports it.',
      severity: 'error',
      from: { path: '^(src|test|bench|scripts|packages|examples)/' },
      to: { circular: true },
    },
    {
      name: 'no-dead-file',
      comment: 'What nothing that is run leads to is dead.',
      severity: 'error',
      from: { path: RUN },
      to: {
        path: ['^src/', '^(test|bench)/.*\\.ts$', '^examples/.*\\.ts$'],
        pathNot: RUN,
        reachable: false,
      },
    },
    {
      name: 'authors-see-no-inside',
      comment: 'What authors get and copy works without this repository.',
      severity: 'error',
      from: { path: '^(packages|examples)/' },
      to: { path: '^(src|test|bench|scripts)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
