import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import example from '../../examples/looker-whoami/package.json';
import manifest from '../../package.json';
import { ROOT } from '../support/buildExtension';
import { CODE_SERVER } from '../support/vscodeInstall';

const REGISTRY = 'https://registry.npmjs.org/';

/** `1.105` for a version of VS Code, a version range, or the code-server that contains it. */
function minor(version: string): string {
  return version.replace(/^\D*\d+\.(\d+)\..*$/, '1.$1');
}

interface Lock {
  readonly packages: Readonly<Record<string, LockEntry>>;
}

interface LockEntry {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
}

describe('each VS Code that we test in', () => {
  const entriesOf = (version: string): readonly [string, LockEntry][] => {
    const read = (file: string): unknown =>
      JSON.parse(readFileSync(path.join(ROOT, 'test/support/vscode', version, file), 'utf8'));
    const { packages } = read('package-lock.json') as Lock;
    const additions = read('vscode-lock.json') as Lock['packages'];
    return Object.entries({ ...packages, ...additions });
  };

  for (const version of Object.values(CODE_SERVER)) {
    it(`has a hash for each of its packages, from npm: ${version}`, () => {
      const entries = entriesOf(version);
      const codeServer = entries.find(([name]) => name === 'node_modules/code-server');
      assert.equal(codeServer?.[1].version, version);
      for (const [name, { integrity, resolved = REGISTRY }] of entries) {
        if (name === '') continue;
        assert.match(integrity ?? '', /^sha512-/, name);
        assert.ok(resolved.startsWith(REGISTRY), name);
      }
    });
  }
});

describe('the oldest VS Code', () => {
  const tested = minor(CODE_SERVER.oldest);

  it('that the manifest allows is the oldest that we test in', () => {
    assert.equal(manifest.engines.vscode, `^${tested}.0`);
    assert.equal(example.engines.vscode, manifest.engines.vscode);
  });

  it('has the whole API in our types', () => {
    assert.equal(manifest.devDependencies['@types/vscode'], `${tested}.0`);
  });

  it('is older than the newest that we test in', () => {
    const [oldest = 0, newest = 0] = [CODE_SERVER.oldest, CODE_SERVER.newest].map((version) =>
      Number(minor(version).slice(2)),
    );
    assert.ok(oldest < newest);
  });
});
