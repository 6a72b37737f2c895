import type { AccountStatus } from '../../accounts/accountStatus';

/** Moves the account with this ID to the front, and keeps the order of the others. */
export function moveToFront(
  accounts: readonly AccountStatus[],
  id: string | undefined,
): readonly AccountStatus[] {
  const isFirst = ({ account }: AccountStatus) => Number(account.id === id);
  return [...accounts].sort((a, b) => isFirst(b) - isFirst(a));
}
