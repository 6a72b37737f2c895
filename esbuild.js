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

/** The https that node-fetch gets is ours, which always verifies certificates. */
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
 * Imports as they would be written by hand. What esbuild makes of them names the file again wherever something of it
 * is used, and copies all of VS Code's API into each file, one property after the other: 3 ms a file.
 */
function asRequires(esm) {
  return esm
    .replace(/import ?\* ?as ([\w$]+) from ?"vscode"/g, 'const $1 = require("vscode")')
    .replace(
      /import ?\{([^}]*)\} ?from ?("[^"]+")/g,
      (_, names, file) => `const {${names.replaceAll(' as ', ':')}} = require(${file})`,
    );
}

/**
 * Writes the files as CommonJS, which VS Code loads in one go, and removes those of an earlier build. esbuild itself
 * splits nothing but ESM.
 */
const writtenAsCommonJs = {
  name: 'written-as-commonjs',
  setup(build) {
    const { outdir, minify, sourcemap } = build.initialOptions;
    build.onEnd(async ({ outputFiles = [], metafile }) => {
      if (outputFiles.length === 0) return;
      // What is in the bundle, for those who measure it and list its licenses.
      const files = { 'meta.json': JSON.stringify(metafile) };
      for (const { path: file, text } of outputFiles) {
        const name = path.basename(file);
        const { code, map } = await esbuild.transform(asRequires(text), {
          format: 'cjs',
          platform: 'node',
          target: 'node22',
          supported: { 'dynamic-import': false },
          minify,
          sourcemap: sourcemap && 'external',
          sourcesContent: false,
        });
        files[name] = map ? `${code}//# sourceMappingURL=${name}.map\n` : code;
        if (map) files[`${name}.map`] = map;
      }
      fs.mkdirSync(outdir, { recursive: true });
      for (const [name, text] of Object.entries(files)) fs.writeFileSync(`${outdir}/${name}`, text);
      for (const name of fs.readdirSync(outdir)) {
        if (!(name in files)) fs.rmSync(path.join(outdir, name));
      }
    });
  },
};

/** @type {import('esbuild').BuildOptions} */
const options = {
  entryPoints: ['src/extension.ts'],
  outdir: 'dist',
  bundle: true,
  // What is imported with `import()` becomes a file of its own.
  format: 'esm',
  splitting: true,
  write: false,
  platform: 'node',
  target: 'node22',
  external: ['vscode'],
  // The one for browsers reads no files; VS Code has read ours.
  alias: { '@vscode/l10n': '@vscode/l10n/dist/browser.js' },
  minify: production,
  sourcemap: production ? false : 'inline', // for the second pass, which makes files of them
  metafile: true,
  logLevel: watch ? 'silent' : 'info',
  plugins: [nodeHasThem, httpsVerifies, writtenAsCommonJs, ...(watch ? [problemMatcher] : [])],
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
