import assert from 'node:assert/strict';
import * as v from 'valibot';
import {
  bestApiVersion,
  hasAssociative,
  VersionsResponse,
  type ApiVersion,
} from '../../../../src/looker/api/apiVersion';

describe('API versions', () => {
  it('prefer the newest one that both sides speak', () => {
    const best = (...apiVersions: ApiVersion[]) =>
      bestApiVersion({ release: undefined, apiVersions, webUrl: undefined });
    assert.equal(best('4.0', '3.1', '3.0'), '4.0');
    assert.equal(best('3.1', '3.0'), '3.1');
    assert.equal(best(), '4.0');
  });

  it('of a server are the supported ones that it lists, best first', () => {
    const supported_versions = ['2.99', '3.0', '4.0', '5.0', '3.0; rm -rf /'].map((version) => ({
      version,
    }));
    assert.deepEqual(v.parse(VersionsResponse, { supported_versions }).apiVersions, ['4.0', '3.0']);
  });

  it('offer `associative` in 3.x, and in 4.0 before release 26.8', () => {
    assert.ok(hasAssociative('3.0', undefined));
    assert.ok(hasAssociative('3.1', '26.12.3'));
    assert.ok(hasAssociative('4.0', '26.6.14'));
    assert.ok(hasAssociative('4.0', '22.20.1'));
    assert.ok(!hasAssociative('4.0', '26.8.0'));
    assert.ok(!hasAssociative('4.0', '27.0'));
    assert.ok(!hasAssociative('4.0', undefined));
  });
});
