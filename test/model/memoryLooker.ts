import { accountId } from '../../src/accounts/account';
import { orCancelled } from '../../src/looker/cancellation';
import type { Fetch } from '../../src/looker/http';
import type { ApiKey } from '../../src/looker/lookerApi';
import type { Waits } from './waits';

/** Stands in every secret and every token, so that one search finds them all. */
export const SECRET_MARK = 'SECRET';

/** What goes wrong with one request. */
export type LookerFault =
  /** Answers 404, as to a wrong key. */
  | 'refused'
  | 'serverError'
  | 'busy'
  | 'webPage'
  /** The connection breaks off before Looker has heard anything. */
  | 'requestLost'
  /** The connection breaks off after Looker has done what it was asked to. */
  | 'replyLost'
  /** Nothing comes for very long, until the connection times out. */
  | 'hangs';

export const LOOKER_FAULTS: readonly LookerFault[] = [
  'refused',
  'serverError',
  'busy',
  'webPage',
  'requestLost',
  'replyLost',
  'hangs',
];

interface IssuedToken {
  readonly userId: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
  isRevoked: boolean;
}

interface LookerReply {
  readonly status: number;
  readonly body: string;
  readonly retryAfter?: string;
}

/** Waits of a request that hangs. */
const HANGS_FOR = 20;

/**
 * Looker's login API without sockets, at the far end of the `Fetch` port. Users are numbers from 1 on,
 * and the first of them are admins. It counts, per window and account, the log-ins under way.
 */
export class MemoryLooker {
  readonly baseUrl = 'https://looker.test';
  /** Life of the tokens it hands out, in seconds. */
  tokenLife = 3600;
  /** Takes a fault, or none, for the next request. */
  nextFault: () => LookerFault | undefined = () => undefined;
  /** Log-ins answered with a token. */
  logins = 0;
  /** Called when a log-in starts, with how many the window has under way for the account, this one included. */
  onLogin: (window: string, accountId: string, underWay: number) => void = () => undefined;

  /** Called when a window gets a reply, and with it the server's time. */
  onHeard: (window: string) => void = () => undefined;

  private readonly disabled = new Set<string>();
  private readonly tokens = new Map<string, IssuedToken>();
  private readonly underWay = new Map<string, number>();

  /** @param now the server's clock, in epoch ms */
  constructor(
    private readonly now: () => number,
    private readonly waits: Waits,
    private readonly admins: number,
  ) {}

  apiKeyOf(userId: string): ApiKey {
    return { clientId: `client-${userId}`, clientSecret: `${SECRET_MARK}-of-${userId}` };
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

  /** Ends all tokens before their time, as a restart of the server does. */
  revokeTokens(): void {
    for (const token of this.tokens.values()) token.isRevoked = true;
  }

  /** By the server's own clock; revoked or not. */
  hasExpired(value: string): boolean {
    const token = this.tokens.get(value);
    return !token || token.expiresAt <= this.now();
  }

  /** Epoch ms, by the server's own clock. */
  issuedAt(value: string): number {
    return this.tokens.get(value)?.issuedAt ?? 0;
  }

  /** The network as one window sees it. */
  fetchFrom(window: string): Fetch {
    return async (url, { method, headers, body, signal }) => {
      const path = url.slice(this.baseUrl.length).replace(/^\/api\/[\d.]+|\?.*$/g, '');
      const token = this.tokens.get(headers['Authorization']?.slice('token '.length) ?? '');
      const ask = () => this.answer(`${method} ${path}`, new URLSearchParams(body), token);
      const subject = this.accountLoggingIn(path, new URLSearchParams(body), token);
      const leave = subject === undefined ? undefined : this.enter(window, subject);
      try {
        const fault = this.nextFault();
        for (let waits = fault === 'hangs' ? HANGS_FOR : 1; waits > 0; waits--) {
          await orCancelled(this.waits.wait(window), signal);
        }
        const { status, body, retryAfter } = answerWith(fault, ask);
        const date = new Date(this.now()).toUTCString();
        await orCancelled(this.waits.wait(window), signal);
        if (fault === undefined && status === 200) this.onHeard(window);
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
      }
    };
  }

  private accountLoggingIn(
    path: string,
    form: URLSearchParams,
    token: IssuedToken | undefined,
  ): string | undefined {
    if (path === '/login') return accountId(this.baseUrl, userOf(form));
    const userId = /^\/login\/(.+)$/.exec(path)?.[1];
    return userId && accountId(this.baseUrl, userId, token?.userId);
  }

  private enter(window: string, accountId: string): () => void {
    const key = `${window} ${accountId}`;
    const count = (by: number) => {
      const underWay = (this.underWay.get(key) ?? 0) + by;
      this.underWay.set(key, underWay);
      return underWay;
    };
    this.onLogin(window, accountId, count(1));
    return () => void count(-1);
  }

  private answer(
    request: string,
    form: URLSearchParams,
    token: IssuedToken | undefined,
  ): LookerReply {
    if (request === 'GET /versions') return ok({ supported_versions: [{ version: '4.0' }] });
    if (request === 'POST /login') {
      const userId = userOf(form);
      const isRight = form.get('client_secret') === this.apiKeyOf(userId).clientSecret;
      return isRight && !this.isDisabled(userId) ? this.issue(userId) : refuse(404);
    }
    if (!token || token.isRevoked || token.expiresAt <= this.now()) return refuse(401);
    if (request === 'DELETE /logout') {
      token.isRevoked = true;
      return { status: 204, body: '' };
    }
    if (request === 'GET /user') return ok(user(token.userId));
    if (request === 'GET /users/search') return ok([user('1'), user('2')]);
    const userId = /^POST \/login\/(.+)$/.exec(request)?.[1];
    if (userId === undefined) return refuse(404);
    if (!this.isAdmin(token.userId)) return refuse(403);
    return this.isDisabled(userId) ? refuse(404) : this.issue(userId);
  }

  private issue(userId: string): LookerReply {
    const value = `${SECRET_MARK}-token-${++this.logins}`;
    const issuedAt = this.now();
    const expiresAt = issuedAt + this.tokenLife * 1000;
    this.tokens.set(value, { userId, issuedAt, expiresAt, isRevoked: false });
    return ok({ access_token: value, token_type: 'Bearer', expires_in: this.tokenLife });
  }
}

function answerWith(fault: LookerFault | undefined, ask: () => LookerReply): LookerReply {
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
    case 'replyLost':
      ask();
      throw networkError('ECONNRESET');
  }
}

function userOf(form: URLSearchParams): string {
  return form.get('client_id')?.slice('client-'.length) ?? '';
}

function user(id: string): object {
  return { id, display_name: `Person ${id}`, email: `${id}@looker.test`, is_disabled: false };
}

function ok(body: object): LookerReply {
  return { status: 200, body: JSON.stringify(body) };
}

function refuse(status: number): LookerReply {
  return { status, body: JSON.stringify({ message: 'Not found' }) };
}

/** As node-fetch throws them, with a message that tells too much. */
function networkError(code: string): Error {
  return Object.assign(new Error(`request failed: ${SECRET_MARK}`), { code });
}
