import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { draw, PAGE, withPicture } from '../../../scripts/architecture';
import { ROOT } from '../../support/buildExtension';

/** More files in a folder, or lines in a file, are a sign that something of its own has not got its own place. */
const MOST_FILES = 15;
const MOST_LINES = 300;

const src = path.join(ROOT, 'src');
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
);

describe('the page on the architecture', () => {
  const page = readFileSync(PAGE, 'utf8');

  it('shows the imports as the code has them: `npm run architecture` draws them anew', async function () {
    this.timeout(60_000); // it reads all of src
    assert.equal(page, withPicture(page, await draw()));
  });

  it('says of every room what it is for', () => {
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

/** How many files lie in each folder, those of its folders not counted. */
function countByFolder(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const file of files) {
    const folder = path.dirname(file);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return counts;
}
