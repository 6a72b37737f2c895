// Makes a fresh clone runnable: checks Node, and installs the packages in package-lock.json if node_modules doesn't
// have them. It runs before node_modules exists, so it uses only Node.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = [20, 19];
const root = new URL('../', import.meta.url);
const stamp = new URL('node_modules/.package-lock.sha256', root);

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
  fail(`You need Node ${OLDEST_NODE.join('.')} or newer; this is ${process.versions.node}.`);
}

const wanted = createHash('sha256')
  .update(readFileSync(new URL('package-lock.json', root)))
  .digest('hex');
if (installed() !== wanted) {
  console.log('Installing the packages in package-lock.json…');
  // No package here needs install scripts, and npm is starting to block them.
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: fileURLToPath(root),
    stdio: 'inherit',
    shell: process.platform === 'win32', // npm is a .cmd file there
  });
  if (status !== 0) fail('`npm ci` failed. See above.');
  writeFileSync(stamp, wanted);
}

/** The hash of the lock file that node_modules was installed from, if it was installed at all. */
function installed() {
  try {
    return readFileSync(stamp, 'utf8');
  } catch {
    return undefined;
  }
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
