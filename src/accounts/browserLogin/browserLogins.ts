import type { Api } from '../../looker/api/api';
import type { ReceivedCode } from '../../looker/oauth/browserLogin';
import type { Token } from '../../looker/api/token';
import type { LookerUser } from '../../looker/api/user';
import type { Account } from '../account';
import type { Grant } from '../credentials/credential';
import type { StoredCredential } from '../credentials/storedCredential';
import type { Session } from '../session';
import type { AccountRecord } from '../store/accountRecord';
import type { RenewalTurns } from './renewalTurns';

/** Options for saving a login with the browser. */
export interface BrowserLoginTerms {
  /** False to save only the token, until it expires. */
  readonly keepsLogin?: boolean;
  /** Called before anything is saved, since another user may be logged in to Looker in the browser. */
  readonly agree?: (user: LookerUser) => Promise<void>;
}

/** A login that Looker has confirmed. */
export interface VerifiedLogin {
  readonly user: LookerUser;
  readonly credential: StoredCredential;
  readonly token: Token;
}

/** One renewal, with the parts that are the same for all accounts. */
export interface AccountRenewal {
  /** Reads the account again. @returns the session if another window has renewed it; undefined if it is due */
  read(): Promise<Session | undefined>;
  /** The account as last read. */
  readonly record: AccountRecord;
  /** Gets the next token from Looker. */
  requestGrant(): Promise<Grant<StoredCredential>>;
  /** Set if the token needs more requests before it can be saved. */
  readonly preparation:
    | {
        /** Saves the credential alone. */
        save(credential: StoredCredential): Promise<void>;
        finish(grant: Grant<StoredCredential>): Promise<void>;
      }
    | undefined;
  /** Stores the result. */
  save(grant: Grant<StoredCredential>): Promise<Session>;
}

/** Everything that only browser logins need. Its code is loaded with the first of them. */
export class BrowserLogins {
  constructor(private readonly turns: Pick<RenewalTurns, 'renewInTurn' | 'forget'>) {}

  /**
   * Redeems a code, and saves the login once the user is verified and `agree` resolves.
   * @param drop revokes tokens that aren't saved
   * @throws LookerError; CanceledError; what `agree` and `keep` throw
   */
  async logIn(
    api: Api,
    { loginClient: { clientId, redirectUri }, code, verifier }: ReceivedCode,
    { keepsLogin = true, agree }: BrowserLoginTerms,
    keep: (login: VerifiedLogin) => Promise<Account>,
    drop: (token: Token, credential: StoredCredential) => void,
    signal: AbortSignal | undefined,
  ): Promise<Account> {
    const loginClient = { clientId, redirectUri };
    const { token, refreshToken } = await api.redeemCode(loginClient, code, verifier, signal);
    const none: StoredCredential = { kind: 'none', of: 'browser' };
    const whole: StoredCredential =
      refreshToken === undefined
        ? none
        : { kind: 'browser', ...loginClient, refreshToken, turn: 0 };
    try {
      const user = await api.me(token.value, signal);
      await agree?.(user);
      return await keep({ user, token, credential: keepsLogin ? whole : none });
    } catch (error) {
      drop(token, whole);
      throw error;
    }
  }

  /** Renews in one window at a time, since a refresh token may work only once: see {@link RenewalTurns}. */
  renewInTurn(renewal: AccountRenewal): Promise<Session> {
    return this.turns.renewInTurn<Session>(renewal.record.login, {
      read: async () => {
        const stored = await renewal.read();
        if (stored) return { result: stored };
        const { account, credential, tokens } = renewal.record;
        if (credential.kind === 'browser') return { due: credential };
        // The account was logged in again in the meantime, and has no refresh token anymore.
        return { result: { account, token: tokens.production.token } };
      },
      refresh: async (refreshToken) => {
        const grant = await renewal.requestGrant();
        const { token, credential } = grant;
        const { preparation } = renewal;
        const next = credential?.kind === 'browser' ? credential : undefined;
        return {
          refreshToken: next?.refreshToken ?? refreshToken,
          ...(preparation && {
            preparation: {
              save: async (turn) => {
                if (next) await preparation.save({ ...next, turn });
              },
              finish: () => preparation.finish(grant),
            },
          }),
          store: (turn) => renewal.save({ token, ...(next && { credential: { ...next, turn } }) }),
        };
      },
    });
  }

  /** See {@link RenewalTurns.forget}. */
  forget(login: string): Promise<void> {
    return this.turns.forget(login);
  }
}
