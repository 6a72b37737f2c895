import type { AccountStatus } from '../../accounts/accountStatus';

/** The accounts in their order, but for the one of this id, which comes first. */
export function moveToFront(
  accounts: readonly AccountStatus[],
  id: string | undefined,
): readonly AccountStatus[] {
  const isFirst = ({ account }: AccountStatus) => Number(account.id === id);
  return [...accounts].sort((a, b) => isFirst(b) - isFirst(a));
}
