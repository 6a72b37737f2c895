import { spawn } from 'node:child_process';

const STILL_AT_IT_MS = 10_000;

/** Logs what is being done, does it, and logs every ten seconds that it is still running. */
export async function withProgress(what: string, work: () => Promise<void>): Promise<void> {
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  console.log(`${what} …`);
  const ticks = setInterval(() => {
    console.log(`  … ${seconds()} s`);
  }, STILL_AT_IT_MS);
  try {
    await work();
  } finally {
    clearInterval(ticks);
  }
  console.log(`  done in ${seconds()} s`);
}

/** Runs a command quietly, and returns its output. If it fails, the error contains the output. */
export async function run(
  command: string,
  args: readonly string[],
  { cwd, env = process.env }: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  const child = spawn(command, args, {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32' && command === 'npm', // npm is a .cmd file there
  });
  let output = '';
  const keep = (chunk: Buffer) => (output += chunk.toString());
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} failed (${code}):\n${output}`);
  return output;
}
