import assert from 'node:assert/strict';
import { RateLimitedError } from '../../../../src/looker/errors/response';
import { UnreachableError } from '../../../../src/looker/errors/network';
import { RefreshTokenSurvivesError } from '../../../../src/looker/oauth/errors';
import { endLogin } from '../../../../src/looker/oauth/revocation';
import { StandInLooker } from '../../../standIn/standInLooker';
import { asker, grantFor, optionsFor } from './harness';

const ROTATIONS = ['none', 'new', 'newAndReuseKills', 'null'] as const;

describe('the revocation of a browser login', () => {
  let looker: StandInLooker;
  beforeEach(async () => {
    looker = await StandInLooker.start();
    looker.registerClient(asker.clientId, [asker.redirectUri]);
  });
  afterEach(() => looker.stop());

  const end = async (isAlive = true) => {
    const { token, refreshToken = '' } = await grantFor(looker, 'katherine@example.com');
    const ending = { ...(isAlive && { accessToken: token.value }), refreshToken };
    return endLogin(optionsFor(looker), asker, ending);
  };

  for (const rotation of ROTATIONS) {
    for (const current of ['access', 'both'] as const) {
      for (const versionless of ['access', 'both', 'unknown'] as const) {
        const dies = current === 'both' || versionless === 'both';
        it(`leaves ${dies ? 'nothing' : 'the refresh token, and reports that'}: rotation ${rotation}, logout ends ${current}, without version ${versionless}`, async () => {
          Object.assign(looker.oauth, { rotation, logout: { current, versionless } });
          for (const isAlive of [true, false]) {
            if (dies) await end(isAlive);
            else await assert.rejects(end(isAlive), RefreshTokenSurvivesError);
            if (isAlive) assert.deepEqual(looker.liveTokens(), []);
            if (dies) assert.deepEqual(looker.liveRefreshTokens(), []);
          }
        });
      }
    }
  }

  it('succeeds for tokens that are already invalid', async () => {
    const { token, refreshToken = '' } = await grantFor(looker, 'katherine@example.com');
    looker.revokeTokens();
    looker.endRefreshTokens();
    await endLogin(optionsFor(looker), asker, { accessToken: token.value, refreshToken });
  });

  it("reports that Looker couldn't be reached", async () => {
    looker.fault({ method: 'DELETE', kind: { is: 'reset' } });
    await assert.rejects(end(), UnreachableError);
    looker.clearFaults();
    looker.fault({ method: 'DELETE', kind: { is: 'rateLimited', retryAfter: '100' } });
    await assert.rejects(end(), RateLimitedError);
  });
});
