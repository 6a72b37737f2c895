/** The key of a consent to open terminals as an account, before the account's ID. */
export const TERMINAL_CONSENT = 'lookerAuth.terminal:';
