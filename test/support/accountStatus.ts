import type { AccountStatus } from '../../src/accounts/accountStatus';

const MINUTE = 60_000;
const baseUrl = 'https://acme.cloud.looker.com';

/** Ada's account, in its initial state. */
export const ADA: AccountStatus = {
  account: {
    id: `${baseUrl}#7`,
    label: 'Ada Lovelace (acme.cloud.looker.com)',
    baseUrl,
    apiVersion: '4.0',
    user: { id: '7', name: 'Ada Lovelace', email: 'ada@acme.com' },
  },
  timeLeft: 52 * MINUTE + 10_000,
  isExpiring: false,
  renewsItself: true,
  renewsOnUse: true,
  canRenew: true,
  isRenewing: false,
  how: 'apiKey',
  failure: undefined,
  isAcknowledged: false,
};

/** Ada acting as Grace. */
export const GRACE_BY_ADA: AccountStatus = {
  ...ADA,
  how: undefined,
  account: {
    ...ADA.account,
    id: `${baseUrl}#7>12`,
    label: 'Grace Hopper, sudo by Ada Lovelace (acme.cloud.looker.com)',
    user: { id: '12', name: 'Grace Hopper', email: 'grace@acme.com' },
    sudo: { adminAccountId: ADA.account.id, admin: ADA.account.user },
  },
};
