import type { Api } from '../../looker/api/api';
import type { ApiKey } from '../../looker/api/lookerApi';
import type { Token } from '../../looker/api/token';
import type { Revocations } from './revocations';

/** A token from testing an API key. It belongs to no account. */
export interface KeyTrial {
  readonly token: Token;
  /** Revokes it. @returns whether Looker could be reached for that */
  readonly end: () => Promise<boolean>;
}

/**
 * Logs in with an API key to test it. Nothing is saved, and the caller must end the trial.
 * @throws LookerError; CanceledError
 */
export async function tryKey(
  key: ApiKey,
  api: Api,
  revocations: Revocations,
  signal?: AbortSignal,
): Promise<KeyTrial> {
  const token = await api.login(key, signal);
  return {
    token,
    end: async () => {
      const [{ status }] = await Promise.allSettled([revocations.track(api.logout(token.value))]);
      return status === 'fulfilled';
    },
  };
}
