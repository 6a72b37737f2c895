import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../support/buildExtension';
import lock from '../../../package-lock.json';
import manifest from '../../../package.json';

describe('the changelog', () => {
  const text = readFileSync(path.join(ROOT, 'CHANGELOG.md'), 'utf8');

  it("starts with unreleased changes, followed by the manifest's version with its date", () => {
    const [unreleased, latest = '', ...older] = [...text.matchAll(/^## (.+)$/gm)].map(
      ([, heading]) => heading,
    );
    assert.equal(unreleased, 'Unreleased');
    assert.ok(latest.startsWith(`${manifest.version} - `), latest);
    for (const heading of [latest, ...older]) {
      assert.match(heading ?? '', /^\d+\.\d+\.\d+ - \d{4}-\d\d-\d\d$/);
    }
  });

  it('and the lock file have the same version', () => {
    assert.equal(lock.version, manifest.version);
    assert.equal(lock.packages[''].version, manifest.version);
  });
});
