// Bundles the extension into dist/, or into the `--outdir` folder. `--production` minifies, and `--watch` rebuilds on
// change.
const fs = require('node:fs');
const path = require('node:path');
const { parseArgs } = require('node:util');
const esbuild = require('esbuild');

const { production, watch, outdir } = parseArgs({
  options: {
    production: { type: 'boolean', default: false },
    watch: { type: 'boolean', default: false },
    outdir: { type: 'string', default: 'dist' },
  },
}).values;

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

/** Leaves out node-fetch's polyfills for older Nodes, and its parser for forms, which we don't use: 14 kB. */
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

/** Gives node-fetch our https, which always verifies certificates. */
const httpsVerifies = {
  name: 'https-verifies',
  setup(build) {
    const isNodeFetch = (file) => /[\\/]node_modules[\\/]node-fetch[\\/]/.test(file);
    const verified = path.resolve('src', 'looker', 'tls', 'verifiedHttps.ts');
    build.onResolve({ filter: /^(node:)?https$/ }, ({ importer }) =>
      isNodeFetch(importer) ? { path: verified } : undefined,
    );
  },
};

/**
 * Puts everything that VS Code loads at the start into one file, since each file takes time to load. esbuild would split
 * it into one file for each set of lazy files that share a part of it. So every lazy file imports the whole start, which
 * is loaded by then.
 */
const startsAsOneFile = {
  name: 'starts-as-one-file',
  setup(build) {
    const [start] = build.initialOptions.entryPoints;
    const resolveDir = path.resolve();
    const asImport = (file) => JSON.stringify(`./${file.replaceAll('\\', '/')}`);
    build.onResolve({ filter: /^\./ }, async ({ kind, path: name, ...from }) => {
      if (kind !== 'dynamic-import') return undefined;
      const { path: file } = await build.resolve(name, { ...from, kind: 'import-statement' });
      return { path: path.relative(resolveDir, file), namespace: 'lazy' };
    });
    build.onLoad({ filter: /.*/, namespace: 'lazy' }, ({ path: file }) => ({
      contents: `import ${asImport(start)}; export * from ${asImport(file)};`,
      resolveDir,
    }));
  },
};

/** Writes meta.json, for scripts that measure the bundle or list its licenses, and removes files of earlier builds. */
const keepsFolder = {
  name: 'keeps-folder',
  setup(build) {
    const { outdir } = build.initialOptions;
    build.onEnd(({ metafile }) => {
      if (!metafile) return;
      fs.writeFileSync(path.join(outdir, 'meta.json'), JSON.stringify(metafile));
      const written = [
        'meta.json',
        ...Object.keys(metafile.outputs).map((file) => path.basename(file)),
      ];
      for (const name of fs.readdirSync(outdir)) {
        if (!written.includes(name)) fs.rmSync(path.join(outdir, name));
      }
    });
  },
};

/** @type {import('esbuild').BuildOptions} */
const options = {
  entryPoints: ['src/extension.ts'],
  outdir,
  bundle: true,
  // esbuild splits only ES modules: code imported with `import()` becomes a separate file. VS Code recognizes ES modules
  // by their extension.
  format: 'esm',
  splitting: true,
  outExtension: { '.js': '.mjs' },
  platform: 'node',
  target: 'node22',
  external: ['vscode'],
  // The build for browsers doesn't read files, since VS Code has already loaded our translations.
  alias: { '@vscode/l10n': '@vscode/l10n/dist/browser.js' },
  minify: production,
  charset: 'utf8',
  sourcemap: !production,
  sourcesContent: false,
  metafile: true,
  logLevel: watch ? 'silent' : 'info',
  plugins: [
    nodeHasThem,
    httpsVerifies,
    startsAsOneFile,
    keepsFolder,
    ...(watch ? [problemMatcher] : []),
  ],
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
