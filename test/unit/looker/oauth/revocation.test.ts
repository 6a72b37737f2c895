import assert from 'node:assert/strict';
import { RateLimitedError } from '../../../../src/looker/errors/response';
import { UnreachableError } from '../../../../src/looker/errors/network';
import { RefreshTokenSurvivesError } from '../../../../src/looker/oauth/errors';
import { endLogin } from '../../../../src/looker/oauth/revocation';
import { StandInLooker } from '../../../standIn/standInLooker';
import { loginClient, grantFor, optionsFor } from './harness';

const ROTATIONS = ['none', 'new', 'newAndReuseKills', 'null'] as const;

describe('the revocation of a browser login', () => {
  let looker: StandInLooker;
  beforeEach(async () => {
    looker = await StandInLooker.start();
    looker.registerClient(loginClient.clientId, [loginClient.redirectUri]);
  });
  afterEach(() => looker.stop());

  const end = async () => {
    const { refreshToken = '' } = await grantFor(looker, 'katherine@example.com');
    return endLogin(optionsFor(looker), loginClient, refreshToken);
  };

  for (const rotation of ROTATIONS) {
    for (const current of ['access', 'both'] as const) {
      for (const versionless of ['access', 'both', 'unknown'] as const) {
        const dies = current === 'both' || versionless === 'both';
        it(`leaves ${dies ? 'nothing' : 'the refresh token, and reports that'}: rotation ${rotation}, logout ends ${current}, without version ${versionless}`, async () => {
          Object.assign(looker.oauth, { rotation, logout: { current, versionless } });
          if (!dies) return assert.rejects(end(), RefreshTokenSurvivesError);
          await end();
          assert.deepEqual(looker.liveRefreshTokens(), []);
        });
      }
    }
  }

  it('succeeds for tokens that are already invalid', async () => {
    const { refreshToken = '' } = await grantFor(looker, 'katherine@example.com');
    looker.revokeTokens();
    looker.endRefreshTokens();
    await endLogin(optionsFor(looker), loginClient, refreshToken);
  });

  it("reports that Looker couldn't be reached", async () => {
    looker.fault({ method: 'DELETE', kind: { is: 'reset' } });
    await assert.rejects(end(), UnreachableError);
    looker.clearFaults();
    looker.fault({ method: 'DELETE', kind: { is: 'rateLimited', retryAfter: '100' } });
    await assert.rejects(end(), RateLimitedError);
  });
});
