/* global process */
// `node --require`d before esbuild.js: writes down what went into the bundle, as esbuild tells.
const esbuild = require('esbuild');
const { writeFileSync } = require('node:fs');

const build = async (options) => {
  const result = await esbuild.build({ ...options, metafile: true });
  writeFileSync(process.env.METAFILE, JSON.stringify(result.metafile));
  return result;
};
require.cache[require.resolve('esbuild')].exports = { ...esbuild, build };
