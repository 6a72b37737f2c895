import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { draw, PAGE, withPicture } from '../../../scripts/architecture';
import { ROOT } from '../../support/buildExtension';

/** Limits for files in a folder and lines in a file. Beyond them, split off what belongs together. */
const MOST_FILES = 15;
const MOST_LINES = 300;

const src = path.join(ROOT, 'src');
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
);

describe('the page about the architecture', () => {
  const page = readFileSync(PAGE, 'utf8');

  it('shows the imports in the code: `npm run architecture` updates them', async function () {
    this.timeout(60_000); // it reads all of src
    assert.equal(page, withPicture(page, await draw()));
  });

  it('describes every folder of src/vscode', () => {
    const rooms = readdirSync(path.join(src, 'vscode'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    const listed = [...page.matchAll(/^\| `src\/vscode\/(\w+)\/` +\|/gm)].map(([, name]) => name);
    assert.deepEqual(listed.sort(), rooms.sort());
  });
});

describe('the files of src', () => {
  it(`have at most ${MOST_LINES} lines each`, () => {
    const long = files.filter(
      (file) => readFileSync(path.join(src, file), 'utf8').split('\n').length > MOST_LINES + 1,
    );
    assert.deepEqual(long, []);
  });

  it(`are at most ${MOST_FILES} in a folder`, () => {
    assert.deepEqual(
      [...countByFolder()].filter(([, count]) => count > MOST_FILES),
      [],
    );
  });
});

/** The number of files in each folder, without those in its subfolders. */
function countByFolder(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const file of files) {
    const folder = path.dirname(file);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return counts;
}
