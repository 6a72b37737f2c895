import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { draw, PAGE, readImports, withPicture, type Imports } from '../../../scripts/architecture';

describe('the picture of the architecture', () => {
  let imports: Imports;

  before(async function () {
    this.timeout(60_000); // it reads all of src
    imports = await readImports();
  });

  it('is what the code says: `npm run architecture` draws it anew', () => {
    const page = readFileSync(PAGE, 'utf8');
    assert.equal(page, withPicture(page, draw(imports)));
  });

  it('shows an import that was not there, by way of files it does not draw, too', () => {
    const store = 'src/accounts/accountStore.ts';
    const upward = new Map([
      ...imports,
      [store, ['src/new.ts']],
      ['src/new.ts', ['src/vscode/statusBar.ts']],
    ]);
    assert.match(draw(upward), /^ {2}src_accounts_accountStore_ts --> src_vscode_statusBar_ts$/m);
    assert.doesNotMatch(draw(imports), /accountStore_ts --> src_vscode/);
  });

  it('has no box for what is not there any more', () => {
    const without = new Map(imports);
    without.delete('src/looker/network/http.ts');
    assert.throws(() => draw(without), /There is no src\/looker\/network\/http\.ts/);
  });
});
