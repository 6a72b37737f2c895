// Does for tests what esbuild.js does for the bundle: node-fetch, which is loaded later, gets our https.
import Module from 'node:module';
import verifiedHttps from '../../src/looker/tls/verifiedHttps';

type Load = (name: string, parent?: { readonly filename?: string | null }, ...rest: []) => unknown;

const loader = Module as unknown as { _load: Load };
const load = loader._load;
loader._load = (name, parent, ...rest) => {
  const isNodeFetch = /[\\/]node_modules[\\/]node-fetch[\\/]/.test(parent?.filename ?? '');
  return isNodeFetch && name === 'node:https' ? verifiedHttps : load(name, parent, ...rest);
};
