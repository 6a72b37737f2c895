import { accountId } from '../../src/accounts/account';
import { abortable } from '../../src/looker/cancellation';
import type { Fetch } from '../../src/looker/network/http';
import type { ApiKey } from '../../src/looker/api/lookerApi';
import type { Workspace } from '../../src/looker/workspace';
import type { Waits } from './waits';

/** Part of every secret and every token, so that one search finds them all. */
export const SECRET_MARK = 'SECRET';

/** The failure of one request. */
export type LookerFault =
  /** Responds with 404, as to an invalid key. */
  | 'refused'
  | 'serverError'
  | 'busy'
  | 'webPage'
  /** The connection is reset before Looker has received anything. */
  | 'requestLost'
  /** The connection is reset after Looker has done its work. */
  | 'responseLost'
  /** Nothing arrives for very long, until the connection times out. */
  | 'hangs';

export const LOOKER_FAULTS: readonly LookerFault[] = [
  'refused',
  'serverError',
  'busy',
  'webPage',
  'requestLost',
  'responseLost',
  'hangs',
];

/** A token with Looker's knowledge about it, and what the network did to it. */
export interface IssuedToken {
  readonly value: string;
  /** In order of issue, from 1. */
  readonly number: number;
  readonly accountId: string;
  /** The window that requested it. */
  readonly window: string;
  readonly userId: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** Ms until the window received it: its expiry can't be known more precisely than that. */
  took: number;
  /** Whether the window received it. */
  isDelivered: boolean;
  /** Whether it was stored while its account was logged out. */
  isKnown: boolean;
  /** Whether a request to revoke it failed. */
  isEndStruck: boolean;
  /** Its workspace. */
  workspace: Workspace;
  /** Who revoked it early. */
  endedBy: 'product' | 'looker' | undefined;
}

/** A request for a token, as Looker sees it. */
export interface LoginRequest {
  readonly window: string;
  readonly accountId: string;
  /** The API secret it was sent with; undefined if it used an admin's token. */
  readonly secret: string | undefined;
}

interface LookerResponse {
  readonly status: number;
  readonly body: string;
  readonly retryAfter?: string;
  readonly issued?: IssuedToken;
}

/** Number of waits until a hanging request times out. */
const HANGS_FOR = 20;

/**
 * Looker's login API without sockets, behind the `Fetch` port. Users are numbered from 1, and the first ones are
 * admins. It counts pending logins per window and account.
 */
export class MemoryLooker {
  readonly baseUrl = 'https://looker.test';
  /** Lifetime of new tokens, in seconds. */
  tokenLife = 3600;
  /** Returns the fault for the next request, if any. */
  nextFault: () => LookerFault | undefined = () => undefined;
  /** Number of logins that got a token. */
  logins = 0;
  /** Called when a login starts, with the number of the window's pending logins for the account, including this one. */
  onLogin: (request: LoginRequest, underWay: number) => void = () => undefined;
  /** Called when a window receives a refusal. */
  onRefusal: (request: LoginRequest) => void = () => undefined;

  /** Called when a window receives a response, and with it the server's time. */
  onHeard: (window: string) => void = () => undefined;

  private readonly disabled = new Set<string>();
  /** How often each user's API key has changed. */
  private readonly keyChanges = new Map<string, number>();
  private readonly tokens = new Map<string, IssuedToken>();
  private requests = 0;
  private readonly underWay = new Map<string, number>();

  /** @param now the server's clock, in epoch ms */
  constructor(
    private readonly now: () => number,
    private readonly waits: Waits,
    private readonly admins: number,
  ) {}

  /** Whether any request is pending. */
  get isAsked(): boolean {
    return this.requests > 0;
  }

  apiKeyOf(userId: string): ApiKey {
    const changes = this.keyChanges.get(userId) ?? 0;
    return { clientId: `client-${userId}`, clientSecret: `${SECRET_MARK}-${changes}-of-${userId}` };
  }

  /** From now on, the previous key is refused. */
  changeKey(userId: string): void {
    this.keyChanges.set(userId, (this.keyChanges.get(userId) ?? 0) + 1);
  }

  isAdmin(userId: string): boolean {
    return Number(userId) <= this.admins;
  }

  isDisabled(userId: string): boolean {
    return this.disabled.has(userId);
  }

  setDisabled(userId: string, isDisabled: boolean): void {
    if (isDisabled) this.disabled.add(userId);
    else this.disabled.delete(userId);
  }

  /** Revokes all tokens early, as a restart of the server does. */
  revokeTokens(): void {
    for (const token of this.tokens.values()) token.endedBy ??= 'looker';
  }

  token(value: string): IssuedToken | undefined {
    return this.tokens.get(value);
  }

  /** Tokens that still work, except those that must be treated as expired. */
  aliveTokens(): readonly IssuedToken[] {
    return [...this.tokens.values()].filter((token) => {
      const { took, expiresAt } = token;
      // Looker sends its time in whole seconds.
      return this.isAlive(token) && this.now() < expiresAt - took - 1000;
    });
  }

  /** Whether a token handed out now is valid long enough: a minute, or a third of a shorter lifetime. */
  hasEnoughLife({ issuedAt, expiresAt, took }: IssuedToken): boolean {
    return expiresAt + took - this.now() >= Math.min(60_000, (expiresAt - issuedAt) / 3);
  }

  /** The network as one window sees it. */
  fetchFrom(window: string): Fetch {
    return async (url, { method, headers, body, signal }) => {
      const path = url.slice(this.baseUrl.length).replace(/^\/api\/[\d.]+|\?.*$/g, '');
      const token = this.tokens.get(headers['Authorization']?.slice('token '.length) ?? '');
      const form = new URLSearchParams(body);
      const ask = () => this.answer(window, `${method} ${path}`, form, token);
      const login = this.loginRequest(window, path, form, token);
      const leave = login && this.enter(login);
      const requestedAt = this.now();
      this.requests++;
      try {
        const fault = this.nextFault();
        if (fault && method === 'DELETE' && token) token.isEndStruck = true;
        for (let waits = fault === 'hangs' ? HANGS_FOR : 1; waits > 0; waits--) {
          await abortable(this.waits.wait(window), signal);
        }
        const { status, body, retryAfter, issued } = answerWith(fault, ask);
        const date = new Date(this.now()).toUTCString();
        await abortable(this.waits.wait(window), signal);
        if (fault === undefined && status === 200) this.onHeard(window);
        if (issued) {
          Object.assign(issued, { isDelivered: true, took: this.now() - requestedAt });
        }
        if (login && [403, 404].includes(status)) this.onRefusal(login);
        return {
          status,
          headers: {
            get: (name) =>
              name === 'retry-after' ? (retryAfter ?? null) : name === 'date' ? date : null,
          },
          text: () => Promise.resolve(body),
        };
      } finally {
        leave?.();
        this.requests--;
      }
    };
  }

  private loginRequest(
    window: string,
    path: string,
    form: URLSearchParams,
    token: IssuedToken | undefined,
  ): LoginRequest | undefined {
    if (path === '/login') {
      const secret = form.get('client_secret') ?? undefined;
      return { window, accountId: accountId(this.baseUrl, userOf(form)), secret };
    }
    const userId = /^\/login\/(.+)$/.exec(path)?.[1];
    if (userId === undefined) return undefined;
    return {
      window,
      accountId: accountId(this.baseUrl, userId, token?.userId),
      secret: undefined,
    };
  }

  private enter(request: LoginRequest): () => void {
    const key = `${request.window} ${request.accountId}`;
    const count = (by: number) => {
      const underWay = (this.underWay.get(key) ?? 0) + by;
      this.underWay.set(key, underWay);
      return underWay;
    };
    this.onLogin(request, count(1));
    return () => void count(-1);
  }

  private isAlive({ endedBy, expiresAt }: IssuedToken): boolean {
    return endedBy === undefined && expiresAt > this.now();
  }

  private answer(
    window: string,
    request: string,
    form: URLSearchParams,
    token: IssuedToken | undefined,
  ): LookerResponse {
    if (request === 'GET /versions') return ok({ supported_versions: [{ version: '4.0' }] });
    if (request === 'POST /login') {
      const userId = userOf(form);
      const isRight = form.get('client_secret') === this.apiKeyOf(userId).clientSecret;
      return isRight && !this.isDisabled(userId) ? this.issue(window, userId) : refuse(404);
    }
    if (!token || !this.isAlive(token)) return refuse(401);
    if (request === 'DELETE /logout') {
      token.endedBy = 'product';
      return { status: 204, body: '' };
    }
    if (request === 'GET /user') return ok(user(token.userId));
    if (request === 'PATCH /session') token.workspace = 'dev';
    if (request.endsWith(' /session')) {
      return ok({ sudo_user_id: adminOf(token), workspace_id: token.workspace });
    }
    if (request === 'GET /users/search') return ok([user('1'), user('2')]);
    const userId = /^POST \/login\/(.+)$/.exec(request)?.[1];
    if (userId === undefined) return refuse(404);
    if (!this.isAdmin(token.userId)) return refuse(403);
    return this.isDisabled(userId) ? refuse(404) : this.issue(window, userId, token.userId);
  }

  private issue(window: string, userId: string, adminId?: string): LookerResponse {
    const value = `${SECRET_MARK}-token-${++this.logins}`;
    const issuedAt = this.now();
    const expiresAt = issuedAt + this.tokenLife * 1000;
    const issued: IssuedToken = {
      value,
      number: this.logins,
      accountId: accountId(this.baseUrl, userId, adminId),
      ...{ window, userId, issuedAt, expiresAt, took: 0 },
      ...{
        isDelivered: false,
        isKnown: false,
        isEndStruck: false,
        endedBy: undefined,
        workspace: 'production',
      },
    };
    this.tokens.set(value, issued);
    const reply = { access_token: value, token_type: 'Bearer', expires_in: this.tokenLife };
    return { ...ok(reply), issued };
  }
}

function answerWith(fault: LookerFault | undefined, ask: () => LookerResponse): LookerResponse {
  switch (fault) {
    case undefined:
      return ask();
    case 'refused':
      return refuse(404);
    case 'serverError':
      return refuse(500);
    case 'busy':
      return { ...refuse(429), retryAfter: '60' };
    case 'webPage':
      return { status: 200, body: '<html>Sign in</html>' };
    case 'requestLost':
      throw networkError('ECONNRESET');
    case 'hangs':
      throw networkError('ETIMEDOUT');
    case 'responseLost':
      ask();
      throw networkError('ECONNRESET');
  }
}

function userOf(form: URLSearchParams): string {
  return form.get('client_id')?.slice('client-'.length) ?? '';
}

/** The admin of a sudo token, from its account's ID. */
function adminOf({ accountId }: IssuedToken): string | null {
  return /#(.+)>/.exec(accountId)?.[1] ?? null;
}

function user(id: string): object {
  return { id, display_name: `Person ${id}`, email: `${id}@looker.test`, is_disabled: false };
}

function ok(body: object): LookerResponse {
  return { status: 200, body: JSON.stringify(body) };
}

function refuse(status: number): LookerResponse {
  const body = { message: 'Not found', documentation_url: 'https://looker.test/docs' };
  return { status, body: JSON.stringify(body) };
}

/** An error like node-fetch's, with a message that reveals too much. */
function networkError(code: string): Error {
  return Object.assign(new Error(`request failed: ${SECRET_MARK}`), { code });
}
