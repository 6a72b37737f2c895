import assert from 'node:assert/strict';
import example from '../../examples/looker-whoami/package.json';
import manifest from '../../package.json';
import { CODE_SERVER } from '../support/vscodeInstall';

/** As `1.105`: of a VS Code, a range that starts there, or the code-server that carries it. */
function minor(version: string): string {
  return version.replace(/^\D*\d+\.(\d+)\..*$/, '1.$1');
}

describe('the oldest VS Code', () => {
  const tested = minor(CODE_SERVER.oldest);

  it('that users may have is the oldest that we test in', () => {
    assert.equal(manifest.engines.vscode, `^${tested}.0`);
    assert.equal(example.engines.vscode, manifest.engines.vscode);
  });

  it('has all of the API that our types let us call', () => {
    assert.equal(manifest.devDependencies['@types/vscode'], `${tested}.0`);
  });

  it('is older than the newest that we test in', () => {
    const [oldest = 0, newest = 0] = [CODE_SERVER.oldest, CODE_SERVER.newest].map((version) =>
      Number(minor(version).slice(2)),
    );
    assert.ok(oldest < newest);
  });
});
