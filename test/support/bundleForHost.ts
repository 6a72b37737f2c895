import { build } from 'esbuild';

/** Bundles a file for VS Code's extension host. Both paths are absolute. */
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
