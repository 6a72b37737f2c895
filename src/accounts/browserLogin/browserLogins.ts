import type { Api } from '../../looker/api/lazyLookerApi';
import type { ReceivedCode } from '../../looker/oauth/browserLogin';
import type { Token } from '../../looker/api/token';
import type { LookerUser } from '../../looker/api/user';
import type { Account } from '../account';
import type { Grant } from '../credentials/credential';
import type { StoredCredential } from '../credentials/storedCredential';
import type { Session } from '../session';
import type { AccountRecord } from '../store/accountRecord';
import type { RenewalTurns } from './renewalTurns';

/** How a login with the browser is to be kept. */
export interface BrowserLoginTerms {
  /** False to keep the token only, until it expires. */
  readonly keepsLogin?: boolean;
  /** Asked before anything is kept: whoever is logged in to Looker in the browser may be somebody else. */
  readonly agree?: (user: LookerUser) => Promise<void>;
}

/** A login that Looker has agreed to. */
export interface VerifiedLogin {
  readonly user: LookerUser;
  readonly credential: StoredCredential;
  readonly token: Token;
}

/** One renewal, as far as it is the same for all accounts. */
export interface AccountRenewal {
  /** Reads the account again. @returns what another window has renewed meanwhile; undefined where it is due */
  readonly read: () => Promise<Session | undefined>;
  /** As it was read last. */
  readonly record: () => AccountRecord;
  /** Gets the next token from Looker. */
  readonly ask: () => Promise<Grant<StoredCredential>>;
  /** Stores what that has brought. */
  readonly keep: (grant: Grant<StoredCredential>) => Promise<Session>;
}

/** What only accounts that are logged in with the browser need. Its code is loaded with the first of them. */
export class BrowserLogins {
  constructor(private readonly turns: Pick<RenewalTurns, 'renew' | 'forget'>) {}

  /**
   * Redeems a code, and keeps the login once it is verified and agreed to.
   * @param drop ends at Looker what is not kept
   * @throws LookerError; CanceledError; what `agree` and `keep` throw
   */
  async logIn(
    api: Api,
    { asker: { clientId, redirectUri }, code, verifier }: ReceivedCode,
    { keepsLogin = true, agree }: BrowserLoginTerms,
    keep: (login: VerifiedLogin) => Promise<Account>,
    drop: (token: Token, credential: StoredCredential) => void,
    signal: AbortSignal | undefined,
  ): Promise<Account> {
    const asker = { clientId, redirectUri };
    const { token, refreshToken } = await api.redeemCode(asker, code, verifier, signal);
    const none: StoredCredential = { kind: 'none', of: 'browser' };
    const whole: StoredCredential =
      refreshToken === undefined ? none : { kind: 'browser', ...asker, refreshToken, turn: 0 };
    try {
      const user = await api.me(token.value, signal);
      await agree?.(user);
      return await keep({ user, token, credential: keepsLogin ? whole : none });
    } catch (error) {
      drop(token, whole);
      throw error;
    }
  }

  /** One window at a time, since a refresh token may be worth nothing once it is used: see {@link RenewalTurns}. */
  renew({ read, record, ask, keep }: AccountRenewal): Promise<Session> {
    return this.turns.renew<Session>(record().login, {
      read: async () => {
        const stored = await read();
        if (stored) return { result: stored };
        const { account, credential, tokens } = record();
        if (credential.kind === 'browser') return { due: credential };
        // Somebody has logged in anew meanwhile, in another way.
        return { result: { account, token: tokens.production.token } };
      },
      refresh: async (refreshToken) => {
        const { token, credential } = await ask();
        const next = credential?.kind === 'browser' ? credential : undefined;
        return {
          refreshToken: next?.refreshToken ?? refreshToken,
          store: (turn) => keep({ token, ...(next && { credential: { ...next, turn } }) }),
        };
      },
    });
  }

  /** See {@link RenewalTurns.forget}. */
  forget(login: string): Promise<void> {
    return this.turns.forget(login);
  }
}
