import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../support/buildExtension';
import lock from '../../../package-lock.json';
import manifest from '../../../package.json';

describe('the changelog', () => {
  const text = readFileSync(path.join(ROOT, 'CHANGELOG.md'), 'utf8');

  it('begins with what is not released yet, and then has the version of the manifest, with its day', () => {
    const [unreleased, latest = '', ...older] = [...text.matchAll(/^## (.+)$/gm)].map(
      ([, heading]) => heading,
    );
    assert.equal(unreleased, 'Unreleased');
    assert.ok(latest.startsWith(`${manifest.version} - `), latest);
    for (const heading of [latest, ...older]) {
      assert.match(heading ?? '', /^\d+\.\d+\.\d+ - \d{4}-\d\d-\d\d$/);
    }
  });

  it('and the lock file are of the same version', () => {
    assert.equal(lock.version, manifest.version);
    assert.equal(lock.packages[''].version, manifest.version);
  });
});
