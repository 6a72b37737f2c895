import type { Disposable } from '../../base/emitter';
import type { Accounts } from '../accounts';
import type { AgreedExceptions } from './agreedExceptions';

/**
 * Forgets what the user has agreed to for instances that have no accounts anymore.
 * @param agreed loads the agreements
 */
export function forgetUnused(
  accounts: Accounts,
  agreed: () => Promise<Pick<AgreedExceptions, 'forget'>>,
): Disposable {
  const isUnused = async (baseUrl: string) => {
    await accounts.allRevoked();
    return !accounts.isInUse(baseUrl);
  };
  return accounts.onDidChange(({ removed }) => {
    for (const baseUrl of new Set(removed.map((account) => account.baseUrl))) {
      if (accounts.isInUse(baseUrl)) continue;
      // If loading fails, the agreement stays stored.
      agreed().then(
        (agreements) => agreements.forget(baseUrl, isUnused(baseUrl)),
        () => undefined,
      );
    }
  });
}
