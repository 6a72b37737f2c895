import { randomAlphanumerics } from './randomAlphanumerics';

export type Workspace = 'production' | 'dev';

/** One access token and the API session that lives exactly as long. User ids are written as API 4.0 writes them. */
export interface IssuedToken {
  readonly value: string;
  readonly userId: string;
  /** The admin behind a sudo token. */
  readonly sudoBy?: string;
  /** Whose activity it is, where the API version still asks: true = the admin's, false = the user's. */
  readonly associative?: boolean;
  /** The browser login it comes from. */
  readonly loginId?: string;
  readonly workspace: Workspace;
  /** Epoch milliseconds. */
  readonly issuedAt: number;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/** How a sudo token differs from one's own. */
export type Sudo = Pick<IssuedToken, 'associative'> & { readonly sudoBy: string };

/** How one of a browser login differs from one of an API key. */
export type OfLogin = Required<Pick<IssuedToken, 'loginId'>>;

/** Every token handed out; a live one is neither revoked nor expired. */
export class Tokens {
  private readonly issued = new Map<string, IssuedToken>();

  /** @param life of tokens to come, in seconds */
  constructor(
    public life: number,
    private readonly now: () => number,
  ) {}

  /** Each login makes a new token, and the earlier ones stay good. */
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
