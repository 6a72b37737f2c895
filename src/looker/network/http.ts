import { CanceledError } from '../errors/expectedError';
import { LookerError } from '../errors/lookerError';
import { ProxyError, UnreachableError } from '../errors/network';
import { RedirectedError } from '../errors/notLooker';
import { PlainHttpError } from '../errors/protection';
import { ResponseTooLargeError } from '../errors/response';
import { UntrustedCertificateError } from '../errors/tls';
import type { Clock } from '../clock';
import { isLoopback, isSameHost, namedOrigin } from '../instance/host';
import { isHostedByLooker } from '../instance/otherSites';
import { withinLimits } from './withinLimits';

/** The part of `fetch` that Looker Auth uses; `node-fetch` 3 fits it unchanged. `size` limits the body, in bytes. */
export type Fetch = (
  url: string,
  init: {
    method: string;
    headers: Record<string, string>;
    body?: string;
    signal: AbortSignal;
    redirect: 'manual';
    size: number;
  },
) => Promise<{
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}>;

/** An instance to send requests to, and what the user allowed for it. */
export interface Connection {
  readonly baseUrl: string;
  readonly fetch: Fetch;
  /** Longest time one request may take, body included. */
  readonly timeoutMs: number;
  /** Whether the user marked this instance for plain `http`. Loopback needs no mark. */
  readonly plainHttp: boolean;
  readonly clock: Clock;
}

export interface Request {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Path and query below the base URL. */
  readonly path: string;
  /** Sent as an `application/x-www-form-urlencoded` body. */
  readonly form?: Readonly<Record<string, string>>;
  /** Sent as an `application/json` body, if there is no form. */
  readonly json?: Readonly<Record<string, unknown>>;
  /** Value of the access token to act with. */
  readonly token?: string;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpResponse {
  readonly status: number;
  readonly body: string;
  readonly header: (name: string) => string | null;
  /** The server's time from its `Date` header; null if a cache sent the response. */
  readonly date: string | null;
  /** When the request was sent, by this machine's steady time. */
  readonly sentAt: number;
}

/** Far above any response of the login API: 50 users with all their fields take 100 kB. */
const MAX_RESPONSE_BYTES = 2 * 1024 * 1024;

/**
 * Sends a request. Every request goes through here: it has a timeout, a size limit and cancellation, and follows no
 * redirects, so that credentials only reach the instance itself. Any status except a redirect is a response.
 * @throws LookerError if there is no response; CanceledError if `signal` was aborted
 */
export async function send(connection: Connection, request: Request): Promise<HttpResponse> {
  const { baseUrl, timeoutMs } = connection;
  refusePlainHttp(connection);
  if (request.signal?.aborted) throw new CanceledError();
  const sentAt = connection.clock.steady();
  const limits = { baseUrl, timeoutMs, signal: request.signal };
  return withinLimits(limits, toLookerError, async (signal) => {
    const response = await connection.fetch(baseUrl + request.path, {
      method: request.method,
      headers: headersOf(request),
      ...bodyOf(request),
      signal,
      redirect: 'manual',
      size: MAX_RESPONSE_BYTES,
    });
    const { status, headers } = response;
    const location = headers.get('location');
    if (isRedirect(status, location)) {
      const origin = originOf(baseUrl, location);
      throw new RedirectedError(baseUrl, status, origin, mayBeSameInstance(baseUrl, origin));
    }
    const header = (name: string) => headers.get(name);
    // The date of a cached response is the time at which it was cached (RFC 9111, 5.1); each cache may add its own age.
    const isCached = /[^0,\s]/.test(header('age') ?? '');
    const date = isCached ? null : header('date');
    return { status, header, body: await response.text(), date, sentAt };
  });
}

/**
 * Refuses plain `http` to another machine unless the user has allowed it for the instance.
 * @throws PlainHttpError
 */
export function refusePlainHttp({
  baseUrl,
  plainHttp,
}: Pick<Connection, 'baseUrl' | 'plainHttp'>): void {
  if (baseUrl.startsWith('http:') && !plainHttp && !isLoopback(baseUrl)) {
    throw new PlainHttpError(baseUrl);
  }
}

function bodyOf({ form, json }: Request): { readonly body?: string } {
  if (form) return { body: new URLSearchParams(form).toString() };
  return json ? { body: JSON.stringify(json) } : {};
}

function headersOf({ form, json, token }: Request): Record<string, string> {
  return {
    Accept: 'application/json',
    // Some firewalls block requests without a user agent.
    'User-Agent': 'looker-auth',
    // Names the caller in Looker's own usage reports, as the official SDKs do.
    'x-looker-appid': 'looker-auth',
    // A server may close an idle connection just as it is used again, and a login or a logout would be lost.
    Connection: 'close',
    ...(json && { 'Content-Type': 'application/json' }),
    ...(form && { 'Content-Type': 'application/x-www-form-urlencoded' }),
    ...(token !== undefined && { Authorization: `token ${token}` }),
  };
}

/** Whether a response leads elsewhere (RFC 9110, 15.4). A cache's 304, for example, doesn't. */
function isRedirect(status: number, location: string | null): boolean {
  const leadsOn = [301, 302, 303, 307, 308].includes(status) || location !== null;
  return status >= 300 && status < 400 && status !== 304 && leadsOn;
}

/** The query of a redirect may repeat what was sent, so only the origin is used. */
function originOf(baseUrl: string, location: string | null): string | undefined {
  return location === null ? undefined : namedOrigin(location, baseUrl);
}

/** Whether a redirect may lead to the instance itself: to the same host, or to one that Looker hosts. */
function mayBeSameInstance(baseUrl: string, origin: string | undefined): boolean {
  if (origin === undefined) return false;
  const { hostname } = new URL(origin);
  return isSameHost(origin, baseUrl) || isHostedByLooker(hostname);
}

/**
 * Converts anything `fetch` throws. The original isn't kept as a cause: its message contains the URL, which may contain
 * credentials.
 */
export function toLookerError(baseUrl: string, error: unknown): LookerError {
  const { type, message } = error as { type?: unknown; message?: unknown };
  const code = codeOf(error);
  if (type === 'max-size') return new ResponseTooLargeError(baseUrl, MAX_RESPONSE_BYTES);
  // VS Code's message if none of its proxies works (@vscode/proxy-agent, agent.js).
  if (String(message).includes('Failed to establish a socket connection to proxies')) {
    return new ProxyError(baseUrl);
  }
  return isCertificateCode(code)
    ? new UntrustedCertificateError(baseUrl, code)
    : new UnreachableError(baseUrl, code);
}

/** Node's error code. For TLS, Node often reports only EPROTO and puts OpenSSL's reason into the message. */
export function codeOf(error: unknown): string | undefined {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code !== 'string') return undefined;
  const [, reason] = /:SSL routines:[^:]*:([\w ]{1,100}):/.exec(String(message)) ?? [];
  return code === 'EPROTO' && reason !== undefined
    ? `ERR_SSL_${reason.replaceAll(' ', '_').toUpperCase()}`
    : code;
}

/**
 * Whether an error code of Node's means that the server's certificate isn't trusted, and not that it requires one from
 * us. Node has no code for most problems with keys, signatures and names, and calls them UNSPECIFIED.
 */
export function isCertificateCode(code: unknown): code is string {
  return (
    typeof code === 'string' &&
    /^(?!ERR_SSL_).*(CERT|VERIFY_LEAF|ISSUER)|^(INVALID_(CA|PURPOSE)|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH|UNSPECIFIED)$/.test(
      code,
    )
  );
}
