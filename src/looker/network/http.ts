import { CancelledError } from '../errors/expectedError';
import { LookerError } from '../errors/lookerError';
import { isOldTls, ProxyError, UnreachableError } from '../errors/network';
import { RedirectedError } from '../errors/notLooker';
import { PlainHttpError } from '../errors/protection';
import { ReplyTooLargeError } from '../errors/response';
import { UntrustedCertificateError } from '../errors/tls';
import type { Clock } from '../clock';
import { isLoopback, isSameHost, namedOrigin } from '../instance/host';
import { isOtherSite } from '../instance/otherSites';
import { withinTimeout } from './withinTimeout';

/** The slice of `fetch` we use; `node-fetch` 3 fits it as it is. `size` limits the body, in bytes. */
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

/** Where requests go, and what the user has allowed for it. */
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
  /** Sent as an `application/json` body, where there is no form. */
  readonly json?: Readonly<Record<string, unknown>>;
  /** Value of the access token to act with. */
  readonly token?: string;
  readonly signal?: AbortSignal | undefined;
}

export interface Reply {
  readonly status: number;
  readonly body: string;
  readonly header: (name: string) => string | null;
  /** The server's time, as it says; null where a cache says it. */
  readonly date: string | null;
  /** When it was asked, by this machine's steady time. */
  readonly sentAt: number;
}

/** Far above any answer of the login API: 50 users with all their fields take 100 kB. */
const MAX_REPLY_BYTES = 2 * 1024 * 1024;

/**
 * The one way a request goes: with time-out, size limit and cancellation, and without redirects, so
 * that credentials go nowhere but to the instance. Any status but a redirect is a reply.
 * @throws LookerError when there is no reply; CancelledError when `signal` was aborted
 */
export async function send(connection: Connection, request: Request): Promise<Reply> {
  const { baseUrl, timeoutMs } = connection;
  refusePlainHttp(connection);
  if (request.signal?.aborted) throw new CancelledError();
  const sentAt = connection.clock.steady();
  const limits = { baseUrl, timeoutMs, signal: request.signal };
  return withinTimeout(limits, toLookerError, async (signal) => {
    const response = await connection.fetch(baseUrl + request.path, {
      method: request.method,
      headers: headersOf(request),
      ...bodyOf(request),
      signal,
      redirect: 'manual',
      size: MAX_REPLY_BYTES,
    });
    if (response.status >= 300 && response.status < 400) {
      const origin = originOf(baseUrl, response.headers.get('location'));
      throw new RedirectedError(baseUrl, response.status, origin, isInstance(baseUrl, origin));
    }
    const { status, headers } = response;
    const header = (name: string) => headers.get(name);
    // The date of a stored response is the time at which it was stored (RFC 9111, 5.1).
    const date = Number(header('age') ?? 0) > 0 ? null : header('date');
    return { status, header, body: await response.text(), date, sentAt };
  });
}

/**
 * Nothing goes over plain `http` to another machine, unless the user has marked the instance for it.
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
    // Some firewalls refuse whoever does not say what it is.
    'User-Agent': 'looker-auth',
    // Names the caller in Looker's own usage reports, as the official SDKs do.
    'x-looker-appid': 'looker-auth',
    ...(json && { 'Content-Type': 'application/json' }),
    ...(form && { 'Content-Type': 'application/x-www-form-urlencoded' }),
    ...(json && { 'Content-Type': 'application/json' }),
    ...(token !== undefined && { Authorization: `token ${token}` }),
  };
}

/** A redirect's query may repeat what was sent to it, so only its origin is told. */
function originOf(baseUrl: string, location: string | null): string | undefined {
  return location === null ? undefined : namedOrigin(location, baseUrl);
}

/** Whether a redirect may lead to the instance itself: to its own host, or to one that Looker hosts. */
function isInstance(baseUrl: string, origin: string | undefined): boolean {
  if (origin === undefined) return false;
  const { hostname } = new URL(origin);
  return (
    isSameHost(origin, baseUrl) || (/\.looker\.(com|app)$/.test(hostname) && !isOtherSite(hostname))
  );
}

/** The error itself is not kept as a cause: its message holds the URL, which may hold credentials. */
export function toLookerError(baseUrl: string, error: unknown): LookerError {
  const { type, message } = error as { type?: unknown; message?: unknown };
  const code = codeOf(error);
  if (type === 'max-size') return new ReplyTooLargeError(baseUrl, MAX_REPLY_BYTES);
  // What VS Code says of all proxies alike (@vscode/proxy-agent, agent.js).
  if (String(message).includes('Failed to establish a socket connection to proxies')) {
    return new ProxyError(baseUrl);
  }
  return isCertificateCode(code)
    ? new UntrustedCertificateError(baseUrl, code)
    : new UnreachableError(baseUrl, code);
}

/** What Node says went wrong. Of TLS, it often leaves the reason to the message, and says no more than EPROTO. */
export function codeOf(error: unknown): string | undefined {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code !== 'string') return undefined;
  const [, reason] = /:SSL routines:[^:]*:([\w ]{1,100}):/.exec(String(message)) ?? [];
  const sslCode = `ERR_SSL_${(reason ?? '').replaceAll(' ', '_').toUpperCase()}`;
  const tellsMore = isOldTls(sslCode) || sslCode.endsWith('_HANDSHAKE_FAILURE');
  return code === 'EPROTO' && tellsMore ? sslCode : code;
}

/** Whether an error code of Node's says that a certificate is not trusted: theirs, and not one they want of us. */
export function isCertificateCode(code: unknown): code is string {
  return typeof code === 'string' && /^(?!ERR_SSL_).*(CERT|VERIFY_LEAF|ISSUER)/.test(code);
}
