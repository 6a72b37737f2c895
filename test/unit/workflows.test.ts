import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import manifest from '../../package.json';
import { ROOT } from '../support/buildExtension';

const FOLDER = path.join(ROOT, '.github', 'workflows');

// actionlint checks syntax and expressions, in `npm run lint`.
describe('the GitHub workflow', () => {
  for (const name of readdirSync(FOLDER)) {
    describe(name, () => {
      const text = readFileSync(path.join(FOLDER, name), 'utf8');

      it('pins actions to a commit, with the version in a comment', () => {
        for (const [use] of text.matchAll(/\buses:.*/g)) {
          assert.match(use, /^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
        }
      });

      it('has only read permission, unless a job says otherwise', () => {
        assert.match(text, /^permissions:\n {2}contents: read\n\n/m);
      });

      it('has a timeout for every job', () => {
        const jobs = text.match(/^ {4}runs-on:/gm) ?? [];
        assert.equal(text.match(/^ {4}timeout-minutes:/gm)?.length, jobs.length);
      });

      it('runs only existing scripts', () => {
        for (const [, script = ''] of text.matchAll(/\bnpm run ([\w:]+)/g)) {
          assert.ok(script in manifest.scripts, script);
        }
      });
    });
  }

  it('uses the same commit of an action everywhere', () => {
    const uses = readdirSync(FOLDER).flatMap(
      (name) => readFileSync(path.join(FOLDER, name), 'utf8').match(/(?<=uses: ).*/g) ?? [],
    );
    const actions = new Set(uses.map((use) => use.replace(/@.*/, '')));
    assert.equal(new Set(uses).size, actions.size);
  });
});
