// Bundles the extension into dist/. `--production` minifies, `--watch` rebuilds on change.
const esbuild = require('esbuild');

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');

/** Prints what the `$esbuild-watch` problem matcher of VS Code's task system expects. */
const problemMatcher = {
  name: 'problem-matcher',
  setup(build) {
    build.onStart(() => console.log('[watch] build started'));
    build.onEnd(({ errors }) => {
      for (const { text, location } of errors) {
        console.error(`✘ [ERROR] ${text}`);
        if (location) console.error(`    ${location.file}:${location.line}:${location.column}:`);
      }
      console.log('[watch] build finished');
    });
  },
};

/** @type {import('esbuild').BuildOptions} */
const options = {
  entryPoints: ['src/extension.ts'],
  outfile: 'dist/extension.js',
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node22',
  // node-fetch needs the polyfill only where Node has no streams of its own, before version 18.
  external: ['vscode', 'web-streams-polyfill'],
  minify: production,
  sourcemap: !production,
  sourcesContent: false,
  metafile: production,
  logLevel: watch ? 'silent' : 'info',
  plugins: watch ? [problemMatcher] : [],
};

async function main() {
  if (watch) {
    const context = await esbuild.context(options);
    await context.watch();
    return;
  }
  await esbuild.build(options);
}

main().catch(() => process.exit(1));
