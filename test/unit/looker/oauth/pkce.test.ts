import assert from 'node:assert/strict';
import { challengeOf, newProofKey, newState } from '../../../../src/looker/oauth/pkce';
import { isSameSecret } from '../../../../src/base/sha256';

describe('a proof key for code exchange', () => {
  it('has the challenge of RFC 7636, Appendix B', () => {
    const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
    assert.equal(challengeOf(verifier), 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM');
  });

  it('has a new verifier each time, of 43 characters that survive in any URL', () => {
    const made = Array.from({ length: 50 }, newProofKey);
    assert.equal(new Set(made.map(({ verifier }) => verifier)).size, 50);
    for (const { verifier, challenge } of made) {
      assert.match(verifier, /^[\w-]{43}$/);
      assert.equal(challenge, challengeOf(verifier));
    }
  });

  it('comes with states that survive in any URL, and are compared as a whole', () => {
    const state = newState();
    assert.equal(encodeURIComponent(state), state);
    assert.ok(isSameSecret(state, state));
    for (const other of ['', state.slice(1), `${state}x`, newState(), state.toLowerCase()]) {
      assert.ok(!isSameSecret(state, other));
    }
  });
});
