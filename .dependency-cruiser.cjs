/** Files that are run directly, so nothing has to import them. */
const RUN = [
  '^src/extension\\.ts$',
  '^scripts/',
  '\\.test\\.ts$',
  '^bench/host/(probe|filler)\\.ts$',
  '^test/host/run\\.ts$',
  '^test/host/snippets/extension\\.ts$',
  '^test/host/stranger/extension\\.ts$',
  '^test/support/stackTraceLimit\\.ts$',
  '^test/host/desktop\\.ts$',
  '^test/host/suite/.*index\\.ts$',
  '^packages/looker-auth-api/client\\.ts$',
  '^examples/[^/]+/src/extension\\.ts$',
];

/** Finds import cycles, types included, and dead files. ESLint enforces the layers. */
module.exports = {
  forbidden: [
    {
      name: 'no-cycle',
      comment:
        'Calls go down, events come up: files may not import each other, directly or through others.',
      severity: 'error',
      from: { path: '^(src|test|bench|scripts|packages|examples)/' },
      to: { circular: true },
    },
    {
      name: 'no-dead-file',
      comment: 'Nothing that is run imports this file: delete it, or import it.',
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
      comment: 'Authors use this code without the rest of the repository, so it may not import it.',
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
