import { ExpectedError } from '../looker/errors/expectedError';
import type { Minting } from './minting';

/** How long to wait until a refused login may be retried. */
const REFUSED_MS = 60_000;

/**
 * Wraps a minting so that a refused login isn't repeated right away: programs retry requests, and an instance locks out
 * clients that repeat a failed login.
 * @param steady a clock in ms that never goes back
 */
export function rememberRefusals(minting: Minting, steady: () => number): Minting {
  let refused: { readonly error: unknown; readonly until: number } | undefined;
  return {
    ...minting,
    mint: async (workspace) => {
      if (refused && steady() < refused.until) throw refused.error;
      try {
        return await minting.mint(workspace);
      } catch (error) {
        const isRefused = error instanceof ExpectedError && error.category === 'refused';
        if (isRefused) refused = { error, until: steady() + REFUSED_MS };
        throw error;
      }
    },
  };
}
