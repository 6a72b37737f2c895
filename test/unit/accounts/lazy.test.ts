import assert from 'node:assert/strict';
import { CodeMissingError } from '../../../src/accounts/errors';
import { Lazy } from '../../../src/accounts/lazy';

describe('what is loaded when it is needed', () => {
  it('is loaded once, however many need it at once', async () => {
    let loads = 0;
    const lazy = new Lazy(() => Promise.resolve(++loads));
    assert.equal(lazy.inUse, undefined);
    assert.deepEqual(await Promise.all([lazy.get(), lazy.get()]), [1, 1]);
    assert.equal(await lazy.get(), 1);
    assert.notEqual(lazy.inUse, undefined);
  });

  for (const code of ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND']) {
    it(`is said to be missing where Node finds no file (${code}), and is looked for again`, async () => {
      let isThere = false;
      const lazy = new Lazy(() =>
        isThere
          ? Promise.resolve('code')
          : Promise.reject(Object.assign(new Error('Cannot find module'), { code })),
      );
      await assert.rejects(lazy.get(), CodeMissingError);
      assert.equal(lazy.inUse, undefined);
      isThere = true;
      assert.equal(await lazy.get(), 'code');
    });
  }

  it('fails with what its own start fails with', async () => {
    const lazy = new Lazy(() => Promise.reject(new RangeError('no folder')));
    await assert.rejects(lazy.get(), RangeError);
  });
});
