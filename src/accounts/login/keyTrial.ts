import type { Api } from '../../looker/api/lazyLookerApi';
import type { Token } from '../../looker/api/token';
import type { AccountRecord } from '../store/accountRecord';
import type { Revocations } from './revocations';

/** A token that was got to try an API key, and belongs to no account. */
export interface KeyTrial {
  readonly token: Token;
  /** Ends it at Looker. @returns whether Looker could be told */
  readonly end: () => Promise<boolean>;
}

/**
 * Logs in with an account's API key, for no account. Whoever tries it ends it.
 * @returns undefined where the account has no key
 * @throws LookerError; CanceledError
 */
export async function tryKey(
  { credential }: AccountRecord,
  api: Api,
  revocations: Revocations,
  signal?: AbortSignal,
): Promise<KeyTrial | undefined> {
  if (credential.kind !== 'apiKey') return undefined;
  const token = await api.login(credential, signal);
  return {
    token,
    end: async () => {
      const [{ status }] = await Promise.allSettled([revocations.note(api.logout(token.value))]);
      return status === 'fulfilled';
    },
  };
}
