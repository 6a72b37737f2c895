import { randomAlphanumerics } from './randomAlphanumerics';

export type Workspace = 'production' | 'dev';

/** One access token, and its API session, which lasts as long. User IDs are in the format of API 4.0. */
export interface IssuedToken {
  readonly value: string;
  readonly userId: string;
  /** The admin behind a sudo token. */
  readonly sudoBy?: string;
  /** Who the activity is attributed to, if the API version supports that: true = the admin, false = the user. */
  readonly associative?: boolean;
  /** The browser login it belongs to. */
  readonly loginId?: string;
  readonly workspace: Workspace;
  /** Epoch milliseconds. */
  readonly issuedAt: number;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** What a sudo token has in addition. */
export type Sudo = Pick<IssuedToken, 'associative'> & { readonly sudoBy: string };

/** What a token of a browser login has in addition. */
export type OfLogin = Required<Pick<IssuedToken, 'loginId'>>;

/** All issued tokens; a live one is neither revoked nor expired. */
export class Tokens {
  private readonly issued = new Map<string, IssuedToken>();

  /** @param life lifetime of new tokens, in seconds */
  constructor(
    public life: number,
    private readonly now: () => number,
  ) {}

  /** Each login issues a new token, and earlier ones stay valid. */
  issue(userId: string, origin?: Sudo | OfLogin): IssuedToken {
    const issuedAt = this.now();
    const token: IssuedToken = {
      value: randomAlphanumerics(40),
      userId,
      ...origin,
      workspace: 'production',
      issuedAt,
      expiresAt: issuedAt + this.life * 1000,
    };
    this.issued.set(token.value, token);
    return token;
  }

  live(): readonly IssuedToken[] {
    return [...this.issued.values()].filter(({ expiresAt }) => expiresAt > this.now());
  }

  find(value: string): IssuedToken | undefined {
    return this.live().find((token) => token.value === value);
  }

  selectWorkspace(token: IssuedToken, workspace: Workspace): IssuedToken {
    const selected = { ...token, workspace };
    this.issued.set(token.value, selected);
    return selected;
  }

  revoke(value: string): void {
    this.issued.delete(value);
  }

  revokeAll(): void {
    this.issued.clear();
  }

  revokeOfLogin(id: string): void {
    for (const token of this.issued.values()) {
      if (token.loginId === id) this.revoke(token.value);
    }
  }

  revokeOf(userId: string): void {
    for (const token of this.issued.values()) {
      if (token.userId === userId) this.revoke(token.value);
    }
  }
}
