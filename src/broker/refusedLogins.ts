import type { Minting } from './minting';

/** How long Looker is not asked again. */
const REFUSED_MS = 60_000;

/** What Looker answers where it refuses the login itself, and not just now. */
const REFUSED = [400, 401, 403, 404];

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
        const { status } = error as { status?: unknown };
        if (REFUSED.includes(Number(status))) refused = { error, until: steady() + REFUSED_MS };
        throw error;
      }
    },
  };
}
