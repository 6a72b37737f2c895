import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { draw, PAGE, withPicture } from '../../../scripts/architecture';
import { ROOT } from '../../support/buildExtension';

const src = path.join(ROOT, 'src');
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
