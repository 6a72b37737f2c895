import { ExpectedError } from '../looker/errors/expectedError';
import type { Minting } from './minting';

/** How long Looker is not asked again. */
const REFUSED_MS = 60_000;

/**
 * The same minting, which does not try again what Looker has refused shortly before: programs repeat requests, and an
 * instance locks out who repeats a login.
 * @param steady ms that only ever go up
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
