import type { Api } from '../../looker/api/api';
import type { ApiKey } from '../../looker/api/lookerApi';
import type { Token } from '../../looker/api/token';
import type { Revocations } from './revocations';

/** A token that was got to try an API key, and belongs to no account. */
export interface KeyTrial {
  readonly token: Token;
  /** Ends it at Looker. @returns whether Looker could be told */
  readonly end: () => Promise<boolean>;
}

/** Logs in with an API key for no account: whoever tries it ends it. @throws LookerError; CancelledError */
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
      const [{ status }] = await Promise.allSettled([revocations.note(api.logout(token.value))]);
      return status === 'fulfilled';
    },
  };
}
