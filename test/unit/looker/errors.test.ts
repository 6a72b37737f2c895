import assert from 'node:assert/strict';
import * as errors from '../../../src/looker/errors';

describe('the errors of Looker and the network', () => {
  it('have each a name of their own, so that a log tells them apart', () => {
    const classes = Object.entries(errors).filter(
      ([, value]) => value.prototype instanceof Error && value !== errors.LookerError,
    );
    assert.ok(classes.length > 20);
    for (const [name, value] of classes) {
      const url = 'https://acme.example';
      const error = Reflect.construct(value, [url, url, url, url]) as Error;
      assert.equal(error.name, name);
    }
  });
});
