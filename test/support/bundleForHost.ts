import { build } from 'esbuild';

/** Bundles one file into one that VS Code's extension host loads. Both are absolute paths. */
export async function bundleForHost(entryPoint: string, outfile: string): Promise<void> {
  await build({
    entryPoints: [entryPoint],
    outfile,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node22',
    external: ['vscode'],
    logLevel: 'warning',
  });
}
