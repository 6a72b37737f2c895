import { createHash } from 'node:crypto';
import { randomAlphanumerics } from './randomAlphanumerics';
import type { IssuedToken, Tokens } from './tokens';

/** Undocumented behavior of Looker's OAuth, as switches. The defaults are what most clients assume. */
export interface OAuthBehavior {
  /**
   * What a refresh returns besides its access token. `newAndReuseKills`: reusing an old refresh token ends the login.
   */
  rotation: 'none' | 'new' | 'newAndReuseKills' | 'null';
  /** Whether a code returns a refresh token at all. */
  givesRefreshTokens: boolean;
  /** What each logout endpoint revokes; `unknown` means that there is no such endpoint. */
  logout: { current: 'access' | 'both'; versionless: 'access' | 'both' | 'unknown' };
  /** The format in which `/api/token` refuses. */
  errors: 'oauth' | 'looker' | 'html';
  /** How `/auth` refuses a login for a known client: by redirect, or on a page. */
  authorizeErrors: 'redirect' | 'page';
  /** Whether a client has several redirect URIs. */
  hasSeveralRedirectUris: boolean;
  /** The metadata document; undefined if there is none. */
  metadata: ((origin: string) => unknown) | undefined;
  /** Seconds. */
  codeLife: number;
  /** Seconds; a month. */
  refreshTokenLife: number;
  /** Whether an admin with a browser login may act as another user. */
  allowsSudo: boolean;
  /** Whether the instance has OAuth; registering a client turns it on. */
  isThere: boolean;
}

const DEFAULTS: OAuthBehavior = {
  rotation: 'none',
  givesRefreshTokens: true,
  logout: { current: 'access', versionless: 'both' },
  errors: 'oauth',
  authorizeErrors: 'redirect',
  hasSeveralRedirectUris: false,
  metadata: (origin) => ({
    issuer: origin,
    authorization_endpoint: `${origin}/auth`,
    token_endpoint: `${origin}/api/token`,
    response_types_supported: ['code'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'none'],
    scopes_supported: ['cors_api', 'api'],
    code_challenge_methods_supported: ['S256'],
  }),
  codeLife: 60,
  refreshTokenLife: 30 * 86_400,
  allowsSudo: true,
  isThere: false,
};

/** A client as registered by an admin. */
export interface RegisteredClient {
  readonly clientId: string;
  readonly redirectUris: readonly string[];
  readonly displayName: string;
  readonly description: string;
  readonly isEnabled: boolean;
  readonly groupId: string | null;
}

/** The data behind a code, until it is redeemed. */
interface IssuedCode {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly challenge: string;
  readonly userId: string;
  readonly expiresAt: number;
}

/** One login of one user with one client: it lasts as long as its latest refresh token. */
interface Login {
  readonly id: string;
  readonly clientId: string;
  readonly userId: string;
  refreshToken: string | undefined;
  readonly earlier: Set<string>;
  expiresAt: number;
}

/** Why `/api/token` refuses, as OAuth's error code (RFC 6749, 5.2). */
export class TokenRefusal extends Error {
  constructor(
    readonly error: string,
    message: string,
  ) {
    super(message);
  }
}

/** What Looker issues for a code or a refresh token. */
export interface Granted {
  readonly token: IssuedToken;
  /** undefined omits the field. */
  readonly refreshToken: string | null | undefined;
}

/** The OAuth server of one instance: clients, codes, refresh tokens, and consents. */
export class OAuth {
  readonly behavior: OAuthBehavior;
  readonly clients = new Map<string, RegisteredClient>();
  /** Members of groups, by group ID. */
  readonly groups = new Map<string, ReadonlySet<string>>();
  /** Users logged in to the pages, by the value of the cookie. */
  readonly browsers = new Map<string, string>();
  private readonly codes = new Map<string, IssuedCode>();
  private readonly logins = new Map<string, Login>();
  private readonly consents = new Set<string>();

  constructor(
    behavior: Partial<OAuthBehavior>,
    private readonly tokens: Tokens,
    private readonly now: () => number,
  ) {
    this.behavior = { ...DEFAULTS, ...behavior };
  }

  hasConsent(clientId: string, userId: string): boolean {
    return this.consents.has(`${clientId} ${userId}`);
  }

  consent(clientId: string, userId: string): void {
    this.consents.add(`${clientId} ${userId}`);
  }

  /** From now on, every user is asked again. */
  forgetConsents(): void {
    this.consents.clear();
  }

  mayUse({ groupId }: RegisteredClient, userId: string): boolean {
    return groupId === null || (this.groups.get(groupId)?.has(userId) ?? false);
  }

  /** Valid refresh tokens and their users, the oldest login first. */
  liveRefreshTokens(): readonly { readonly userId: string; readonly value: string }[] {
    return [...this.logins.values()].flatMap(({ userId, refreshToken, expiresAt }) =>
      refreshToken !== undefined && expiresAt > this.now() ? [{ userId, value: refreshToken }] : [],
    );
  }

  issueCode(code: Omit<IssuedCode, 'expiresAt'>): string {
    const value = randomAlphanumerics(40);
    this.codes.set(value, { ...code, expiresAt: this.now() + this.behavior.codeLife * 1000 });
    return value;
  }

  /** A code works once, for its client, its redirect URI and its verifier. */
  redeem(value: string, clientId: string, redirectUri: string, verifier: string): Granted {
    this.clientOf(clientId);
    const code = this.codes.get(value);
    this.codes.delete(value);
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const isGood =
      code !== undefined &&
      code.expiresAt > this.now() &&
      code.clientId === clientId &&
      code.redirectUri === redirectUri &&
      code.challenge === challenge;
    if (!isGood) throw new TokenRefusal('invalid_grant', 'The code is invalid or has expired.');
    const login: Login = {
      id: randomAlphanumerics(12),
      clientId,
      userId: code.userId,
      refreshToken: this.behavior.givesRefreshTokens ? randomAlphanumerics(60) : undefined,
      earlier: new Set(),
      expiresAt: this.now() + this.behavior.refreshTokenLife * 1000,
    };
    this.logins.set(login.id, login);
    return {
      token: this.tokens.issue(login.userId, { loginId: login.id }),
      refreshToken: login.refreshToken,
    };
  }

  refresh(value: string, clientId: string): Granted {
    this.clientOf(clientId);
    const { rotation } = this.behavior;
    const reused = [...this.logins.values()].find(({ earlier }) => earlier.has(value));
    if (reused && rotation === 'newAndReuseKills') this.endLogin(reused.id);
    const login =
      rotation === 'new'
        ? [...this.logins.values()].find(
            (each) => each.refreshToken === value || each.earlier.has(value),
          )
        : [...this.logins.values()].find(({ refreshToken }) => refreshToken === value);
    if (login?.clientId !== clientId || login.expiresAt <= this.now()) {
      throw new TokenRefusal('invalid_grant', 'The refresh token is invalid or has expired.');
    }
    const token = this.tokens.issue(login.userId, { loginId: login.id });
    if (rotation === 'null') return { token, refreshToken: null };
    if (rotation === 'none') return { token, refreshToken: undefined };
    login.earlier.add(value);
    if (login.refreshToken !== undefined) login.earlier.add(login.refreshToken);
    login.refreshToken = randomAlphanumerics(60);
    login.expiresAt = this.now() + this.behavior.refreshTokenLife * 1000;
    return { token, refreshToken: login.refreshToken };
  }

  /** Revokes all refresh tokens of one login. */
  endLogin(id: string): void {
    this.logins.delete(id);
  }

  /** Ends all logins of a client, or of one of its users, with their access tokens. */
  endLogins(clientId: string, userId?: string): void {
    for (const { id, ...login } of this.logins.values()) {
      if (login.clientId !== clientId || (userId !== undefined && login.userId !== userId))
        continue;
      this.endLogin(id);
      this.tokens.revokeOfLogin(id);
      this.consents.delete(`${clientId} ${login.userId}`);
    }
  }

  /** Revokes all refresh tokens, as after a month; access tokens stay valid. */
  endAll(): void {
    this.logins.clear();
  }

  private clientOf(clientId: string): RegisteredClient {
    const client = this.clients.get(clientId);
    if (!client?.isEnabled) throw new TokenRefusal('invalid_client', 'Unknown client.');
    return client;
  }
}
