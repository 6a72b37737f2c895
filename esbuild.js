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

/** What node-fetch brings for older Nodes, and for forms, which nobody sends to Looker or asks it for: 14 kB. */
const nodeHasThem = {
  name: 'node-has-them',
  setup(build) {
    const polyfill = /^(fetch-blob|formdata-polyfill)\b/;
    build.onResolve({ filter: polyfill }, ({ path }) => ({ path, namespace: 'node-has-them' }));
    build.onLoad({ filter: polyfill, namespace: 'node-has-them' }, () => ({
      contents: `
        export const { Blob, File, FormData } = globalThis;
        export default Blob;
        export let blobFrom, blobFromSync, fileFrom, fileFromSync, formDataToBlob;`,
    }));
    build.onResolve({ filter: /\/multipart-parser\.js$/ }, () => ({ external: true }));
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
  external: ['vscode'],
  // The one for browsers reads no files; VS Code has read ours.
  alias: { '@vscode/l10n': '@vscode/l10n/dist/browser.js' },
  minify: production,
  sourcemap: !production,
  sourcesContent: false,
  metafile: !watch,
  logLevel: watch ? 'silent' : 'info',
  plugins: [nodeHasThem, watch ? problemMatcher : onlyThisBuild],
};

async function main() {
  if (watch) {
    const context = await esbuild.context(options);
    await context.watch();
    return;
  }
  const { metafile } = await esbuild.build(options);
  // What is in the bundle, for those who list its licences.
  if (production) fs.writeFileSync('dist/meta.json', JSON.stringify(metafile));
}

main().catch(() => process.exit(1));
