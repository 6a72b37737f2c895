// Bundles the extension into dist/. `--production` minifies, `--watch` rebuilds on change.
const fs = require('node:fs');
const path = require('node:path');
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

/** Files of an earlier build, of the same or of other chunks, are not part of this one. */
const onlyThisBuild = {
  name: 'only-this-build',
  setup(build) {
    build.onEnd(({ metafile }) => {
      if (!metafile) return;
      const { outdir } = build.initialOptions;
      for (const file of fs.readdirSync(outdir)) {
        if (!(`${outdir}/${file}` in metafile.outputs)) fs.rmSync(path.join(outdir, file));
      }
    });
  },
};

/** @type {import('esbuild').BuildOptions} */
const options = {
  entryPoints: ['src/extension.ts'],
  outdir: 'dist',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  // What is imported with `import()` becomes a file of its own, which esbuild does for ESM alone.
  format: 'esm',
  splitting: true,
  platform: 'node',
  target: 'node22',
  // node-fetch needs the polyfill only where Node has no streams of its own, before version 18.
  external: ['vscode', 'web-streams-polyfill'],
  // The one for browsers reads no files; VS Code has read ours.
  alias: { '@vscode/l10n': '@vscode/l10n/dist/browser.js' },
  minify: production,
  sourcemap: !production,
  sourcesContent: false,
  metafile: !watch,
  logLevel: watch ? 'silent' : 'info',
  plugins: [watch ? problemMatcher : onlyThisBuild],
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
