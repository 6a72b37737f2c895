import * as v from 'valibot';
import { otherApiUrl } from '../instance/apiUrl';
import { VersionsResponse, type ToldRelease } from './apiVersion';
import { LookerError } from '../errors/lookerError';
import { RedirectedError } from '../errors/notLooker';
import {
  ApiKeyRefusedError,
  DevModeRefusedError,
  RefusedError,
  SudoRefusedError,
  TokenRejectedError,
  UnknownUserError,
} from '../errors/refusal';
import { RateLimitedError } from '../errors/response';
import { pause } from '../cancellation';
import { interceptorOf, isBlocked } from './interception';
import { send, type HttpResponse, type Request } from '../network/http';
import { endLogin } from '../oauth/revocation';
import { redeemCode, refresh, type LoginClient, type OAuthTokens } from '../oauth/tokenEndpoint';
import type { LookerApiOptions } from './lookerApiOptions';
import { SessionResponse, type ApiSession } from './session';
import { AccessTokenResponse, toToken, type Token } from './token';
import {
  isLookersError,
  notLookerError,
  parseResponse,
  passingFailure,
  serverFailure,
  tryJson,
} from './responses';
import { USER_FIELDS, UserResponse, type LookerUser } from './user';
import { searchTerms, USERS_PER_PAGE, UsersResponse, type UserPage } from './searchUsers';

/** `client_id` and `client_secret` of one Looker user. */
export interface ApiKey {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** How many times, and how long at most, to wait as `Retry-After` asks before the request fails. */
const PATIENCE = { times: 2, ms: 10_000 };

/** Looker's login API on one instance, with one method per endpoint. It knows no accounts and keeps no state. */
export class LookerApi {
  constructor(readonly options: LookerApiOptions) {}

  /**
   * `POST /login`.
   * @throws ApiKeyRefusedError on any client error from Looker: real servers respond to an invalid key with 404
   */
  async login({ clientId, clientSecret }: ApiKey, signal?: AbortSignal): Promise<Token> {
    const key = { client_id: clientId, client_secret: clientSecret };
    return this.newToken(
      this.options.credentialsInQuery
        ? { method: 'POST', path: `/login?${new URLSearchParams(key).toString()}`, signal }
        : { method: 'POST', path: '/login', form: key, signal },
      (status) => new ApiKeyRefusedError(this.options.baseUrl, status),
    );
  }

  /**
   * `POST /login/{user_id}`: a token that acts as that user.
   * @param adminToken value of the admin's own token
   * @param associative whether Looker attributes the activity to the admin (its default) or to the user; omit it if the
   *   instance no longer accepts it
   * @throws TokenRejectedError (the admin's), SudoRefusedError, UnknownUserError
   */
  async loginAs(
    userId: string,
    adminToken: string,
    associative?: boolean,
    signal?: AbortSignal,
  ): Promise<Token> {
    const { baseUrl, apiVersion } = this.options;
    if (apiVersion !== '4.0' && !/^\d+$/.test(userId)) throw new UnknownUserError(baseUrl, userId);
    const query = associative === undefined ? '' : `?associative=${String(associative)}`;
    const path = `/login/${encodeURIComponent(userId)}${query}`;
    return this.newToken({ method: 'POST', path, token: adminToken, signal }, (status) => {
      if (status === 401) return new TokenRejectedError(baseUrl, status);
      if (status === 403) return new SudoRefusedError(baseUrl, status, userId);
      return new UnknownUserError(baseUrl, userId, status);
    });
  }

  /** `DELETE /logout`: revokes the token. Succeeds if the token was already invalid. */
  async logout(token: string, signal?: AbortSignal): Promise<void> {
    const { baseUrl } = this.options;
    try {
      const response = await this.call(
        { method: 'DELETE', path: '/logout', token, signal },
        (status) =>
          status === 404 ? new TokenRejectedError(baseUrl, status) : this.tokenRefusal(status),
      );
      // Looker sends an empty response. Any other response isn't Looker's, so the token wasn't revoked.
      if (response.status !== 204) throw notLookerError(baseUrl, response);
    } catch (error) {
      if (!(error instanceof TokenRejectedError)) throw error;
    }
  }

  /** See {@link redeemCode}. */
  redeemCode(
    client: LoginClient,
    code: string,
    verifier: string,
    signal?: AbortSignal,
  ): Promise<OAuthTokens> {
    return redeemCode(this.options, client, code, verifier, signal);
  }

  /** See {@link refresh}. */
  refresh(client: LoginClient, refreshToken: string, signal?: AbortSignal): Promise<OAuthTokens> {
    return refresh(this.options, client, refreshToken, signal);
  }

  /** See {@link endLogin}. */
  endLogin(client: LoginClient, refreshToken: string, signal?: AbortSignal): Promise<void> {
    return endLogin(this.options, client, refreshToken, signal);
  }

  /**
   * `GET /user`: the user the token belongs to.
   * @throws TokenRejectedError
   */
  async me(token: string, signal?: AbortSignal): Promise<LookerUser> {
    return this.parse(UserResponse, await this.get(`/user?fields=${USER_FIELDS}`, token, signal));
  }

  /**
   * `GET /session`: who is really acting if the token is a sudo token, and its workspace.
   * @throws TokenRejectedError
   */
  async session(token: string, signal?: AbortSignal): Promise<ApiSession> {
    return this.parse(SessionResponse, await this.get('/session', token, signal));
  }

  /**
   * `PATCH /session`: Development Mode for this token until it expires; other tokens stay as they are. `GET /session`
   * then confirms it, since someone who works in production without knowing it can harm others.
   * @throws DevModeRefusedError on any client error from Looker, or if the token is in another workspace afterwards
   */
  async enterDevMode(token: string, signal?: AbortSignal): Promise<void> {
    const refused = (status?: number) => new DevModeRefusedError(this.options.baseUrl, status);
    const request = async (method: Pick<Request, 'method' | 'json'>) => {
      const response = await this.call({ ...method, path: '/session', token, signal }, refused);
      const { workspace } = this.parse(SessionResponse, response);
      if (workspace !== 'dev') throw refused();
    };
    await request({ method: 'PATCH', json: { workspace_id: 'dev' } });
    await request({ method: 'GET' });
  }

  /**
   * `GET /users/{user_id}`, for users who may see other users.
   * @throws TokenRejectedError; RefusedError if there is no such user or this user may not see them
   */
  async user(userId: string, token: string, signal?: AbortSignal): Promise<LookerUser> {
    const path = `/users/${encodeURIComponent(userId)}?fields=${USER_FIELDS}`;
    return this.parse(UserResponse, await this.get(path, token, signal));
  }

  /**
   * `GET /users/search`: matches parts of first name, last name or e-mail. Several words are a first and a last name in
   * either order (`Grace Hopper`, `hopper grace`, `Hopper, Grace`); a number also matches an ID.
   * @param page from 1, of {@link USERS_PER_PAGE} users for each order of the names
   * @throws TokenRejectedError
   */
  async searchUsers(
    words: string,
    token: string,
    page = 1,
    signal?: AbortSignal,
  ): Promise<UserPage> {
    const pages = await Promise.all(
      searchTerms(words).map(async (terms) => {
        const query = new URLSearchParams({
          ...terms,
          fields: USER_FIELDS,
          // Sorting by ID as well keeps the order stable between pages.
          sorts: 'first_name,last_name,id',
          // 3.x pages by number only, 4.0 also by offset; all three versions accept these two parameters.
          page: String(page),
          per_page: String(USERS_PER_PAGE),
        });
        const response = await this.get(`/users/search?${query.toString()}`, token, signal);
        return this.parse(UsersResponse, response);
      }),
    );
    const users = new Map(pages.flatMap((page) => page.users).map((user) => [user.id, user]));
    return {
      users: [...users.values()],
      hasMore: pages.some(({ length }) => length === USERS_PER_PAGE),
    };
  }

  /**
   * `GET /versions` at the server's root, which needs no login: the versions that the instance speaks.
   * @returns undefined if the instance responds without version information (old or locked-down servers)
   */
  async release(signal?: AbortSignal): Promise<ToldRelease | undefined> {
    const response = await this.askVersions(signal);
    if (!response) return undefined;
    const json = tryJson(response.body);
    const parsed = v.safeParse(VersionsResponse, json);
    if (response.status !== 200 || !parsed.success) return undefined;
    this.options.serverClock.hear(response.date, response.sentAt);
    const apiUrl = otherApiUrl(json, this.options.baseUrl);
    return { ...parsed.output, ...(apiUrl !== undefined && { apiUrl }) };
  }

  /**
   * Whether this is Looker, for instances whose `GET /versions` says nothing: `GET /user` without a token, which Looker
   * refuses with an error of a shape of its own (401, `documentation_url`).
   * @returns false if the server is busy (408, 425, 429, 503) or sends JSON that identifies nothing
   * @throws InterceptedError, RedirectedError if something in front of the instance responds; NotLookerApiError if the
   *   response is a web page; LookerError if there is no response
   */
  async isLooker(signal?: AbortSignal): Promise<boolean> {
    const { baseUrl, apiVersion } = this.options;
    const path = `/api/${apiVersion}/user`;
    const response = await send(this.options, { method: 'GET', path, signal });
    if (isLookersError(response)) return response.status === 401;
    if (isBlocked(response)) throw notLookerError(baseUrl, response);
    if ([408, 425, 429, 503].includes(response.status)) return false;
    const failure = serverFailure(baseUrl, response);
    if (failure) throw failure;
    const isJson = tryJson(response.body) !== undefined;
    if (interceptorOf(response) || !isJson) throw notLookerError(baseUrl, response);
    return false;
  }

  /** @returns undefined if the server redirects to its own sign-in page */
  private async askVersions(signal: AbortSignal | undefined): Promise<HttpResponse | undefined> {
    try {
      return await send(this.options, { method: 'GET', path: '/versions', signal });
    } catch (error) {
      const isOwnPage = error instanceof RedirectedError && error.origin === this.options.baseUrl;
      if (!isOwnPage) throw error;
      return undefined;
    }
  }

  private get(path: string, token: string, signal: AbortSignal | undefined): Promise<HttpResponse> {
    return this.call({ method: 'GET', path, token, signal }, (status) => this.tokenRefusal(status));
  }

  private tokenRefusal(status: number): LookerError {
    const { baseUrl } = this.options;
    return status === 401
      ? new TokenRejectedError(baseUrl, status)
      : new RefusedError(baseUrl, status);
  }

  /**
   * Calls one endpoint of the API. Responses that mean the same for every endpoint become errors here; `refusal` names
   * the error for other refusals by Looker itself.
   */
  private async call(
    request: Request,
    refusal: (status: number) => LookerError,
    patience = PATIENCE.times,
  ): Promise<HttpResponse> {
    const { baseUrl, apiVersion } = this.options;
    const path = `/api/${apiVersion}${request.path}`;
    const response = await send(this.options, { ...request, path });
    if (response.status < 300) return response;
    const passing = passingFailure(this.options, response);
    if (passing instanceof RateLimitedError) {
      const { retryAfterMs: wait } = passing;
      if (wait === undefined || wait > PATIENCE.ms || patience === 0) throw passing;
      await pause(wait, request.signal);
      return this.call(request, refusal, patience - 1);
    }
    if (passing) throw passing;
    // Gateways also refuse in JSON. A refusal by Looker itself is final and not retried.
    throw isLookersError(response) ? refusal(response.status) : notLookerError(baseUrl, response);
  }

  private async newToken(
    request: Request,
    refusal: (status: number) => LookerError,
  ): Promise<Token> {
    const response = await this.call(request, refusal);
    const parsed = this.parse(AccessTokenResponse, response);
    return toToken(parsed, this.options.serverClock, response.sentAt);
  }

  private parse<Schema extends v.GenericSchema>(
    schema: Schema,
    response: HttpResponse,
  ): v.InferOutput<Schema> {
    const { baseUrl, serverClock } = this.options;
    const parsed = parseResponse(schema, response, baseUrl);
    // The clock is set only now: until the body is parsed, the response may be another server's.
    serverClock.hear(response.date, response.sentAt);
    return parsed;
  }
}
