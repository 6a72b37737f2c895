import type { AccountRecord } from '../../src/accounts/store/accountRecord';

/** Ada's stored record, with an API key and a token with the value `a`. */
export const ADAS_RECORD: AccountRecord = {
  account: {
    id: 'https://acme.looker.com#7',
    label: 'Ada (acme.looker.com)',
    baseUrl: 'https://acme.looker.com',
    apiVersion: '4.0',
    user: { id: '7', name: 'Ada' },
  },
  login: 'first',
  credential: { kind: 'apiKey', clientId: 'client', clientSecret: 'old' },
  credentialChanges: 0,
  tokens: {
    production: { token: { value: 'a', issuedAt: 0, expiresAt: 1, clockAhead: 0 }, replaced: [] },
  },
};
